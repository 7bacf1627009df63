using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>
/// All entries of a directory: pages in name order, the leaves of a tree. A page has at most <see cref="MaxEntries"/> entries and, unless it has a single one, at most
/// <see cref="MaxWeight"/> bytes. Change and look-up cost O(log n) plus one page; they throw <see cref="PagesAwayException"/> when that is not in memory.
/// </summary>
public sealed partial class EntryPages
{
    public const int MaxEntries = 256;
    public const int MaxWeight = 64 * 1024;

    public static readonly EntryPages Empty = new([], 0, null);

    private readonly ImmutableList<EntryPage> _pages;
    private readonly SearchResult? _found;

    private EntryPages(ImmutableList<EntryPage> pages, int count, SearchResult? found) => (_pages, Count, _found) = (pages, count, found);

    public int Count { get; }

    /// <summary>Bytes of all records.</summary>
    public long Weight => _pages.Sum(p => (long)p.Weight);

    /// <summary>About what a directory takes in memory: itself, its pages, and the records that are here.</summary>
    public long Bytes => 8192 + _pages.Sum(p => 256L + (p.IsHere ? p.Weight + 40L * p.Count : 0));

    /// <summary>The pages, in order: what a snapshot stores.</summary>
    public IReadOnlyList<EntryPage> Pages => _pages;

    /// <summary>Every entry; all pages must be in memory for it, so it is for what is small, or seldom and must look at all.</summary>
    public IEnumerable<DirectoryEntry> All => _pages.Exists(p => !p.IsHere)
        ? throw new PagesAwayException([.. _pages.Where(p => !p.IsHere)], null)
        : _pages.SelectMany(p => p.Entries);

    /// <summary>From pages as a snapshot stored them.</summary>
    public static EntryPages Of(IEnumerable<EntryPage> pages)
    {
        var list = pages.ToImmutableList();
        return new EntryPages(list, list.Sum(p => p.Count), null);
    }

    public DirectoryEntry? Find(string name)
    {
        if (_pages.Count == 0) return null;
        var page = _pages[PageOf(name)];
        var index = page.Find(name);
        return index >= 0 ? EntryRecord.Read(page.Records[index]) : null;
    }

    /// <summary>The page that has the name or would have it; null if there is none.</summary>
    public EntryPage? PageFor(string name) => _pages.Count == 0 ? null : _pages[PageOf(name)];

    /// <summary>At most <paramref name="limit"/> entries after the name (empty: from the first), cheap at any place.</summary>
    public IEnumerable<DirectoryEntry> After(string name, int limit) => RecordsAfter(name, limit).Select(EntryRecord.Read);

    /// <summary>As <see cref="After"/>, at most a page's weight of them; and whether there are more.</summary>
    public (ImmutableArray<DirectoryEntry> Entries, bool More) PageAfter(string name, int limit)
    {
        var entries = ImmutableArray.CreateBuilder<DirectoryEntry>();
        var weight = 0;
        foreach (var record in RecordsAfter(name, limit + 1))
        {
            if (entries.Count == limit || (entries.Count > 0 && weight + record.Length > MaxWeight)) return (entries.ToImmutable(), true);
            entries.Add(EntryRecord.Read(record));
            weight += record.Length;
        }
        return (entries.ToImmutable(), false);
    }

    /// <summary>Adds or replaces the entry of that name.</summary>
    public EntryPages Set(DirectoryEntry entry)
    {
        var record = EntryRecord.Of(entry);
        if (_pages.Count == 0) return new EntryPages([EntryPage.Of([record])], 1, null);
        var at = PageOf(entry.Name);
        var page = _pages[at];
        var index = page.Find(entry.Name);
        var head = page.Head.With(entry);
        if (index >= 0)
            return Put(at, head with { Weight = head.Weight + record.Length - page.Records[index].Length }, page.Records.SetItem(index, record), Count);
        head = head with { First = ~index == 0 ? entry.Name : head.First, Count = head.Count + 1, Weight = head.Weight + record.Length };
        return Fits(head.Count, head.Weight) || at < _pages.Count - 1 || ~index < page.Count
            ? Put(at, head, page.Records.Insert(~index, record), Count + 1)
            : new EntryPages(_pages.Add(EntryPage.Of([record])), Count + 1, null); // names that come in order leave full pages behind
    }

    /// <summary>Without the entry of that name; itself if there is none.</summary>
    public EntryPages Remove(string name)
    {
        if (_pages.Count == 0) return this;
        var at = PageOf(name);
        var page = _pages[at];
        var index = page.Find(name);
        if (index < 0) return this;
        if (page.Count == 1) return new EntryPages(_pages.RemoveAt(at), Count - 1, null);
        var records = page.Records.RemoveAt(index);
        var first = index == 0 ? EntryRecord.NameOf(records[0]) : page.First;
        return Put(at, page.Head with { First = first, Count = page.Count - 1, Weight = page.Weight - page.Records[index].Length }, records, Count - 1);
    }

    private static bool Fits(int count, int weight) => count <= MaxEntries && (weight <= MaxWeight || count == 1);

    private IEnumerable<byte[]> RecordsAfter(string name, int limit)
    {
        if (_pages.Count == 0) yield break;
        var start = name.Length == 0 ? 0 : PageOf(name);
        Demand(start, name, limit);
        for (var p = start; p < _pages.Count; p++)
        {
            var page = _pages[p];
            var from = p > start || name.Length == 0 ? 0 : page.Find(name) is var found && found >= 0 ? found + 1 : ~found;
            for (var i = from; i < page.Count; i++)
            {
                if (limit-- <= 0) yield break;
                yield return page.Records[i];
            }
        }
    }

    /// <summary>All pages that so many entries from there on are in must be here: who reads them should not have to come for each.</summary>
    private void Demand(int start, string name, int limit)
    {
        var first = _pages[start];
        if (first.IsHere && name.Length > 0) limit -= first.Count - (first.Find(name) is var found && found >= 0 ? found + 1 : ~found);
        var away = ImmutableArray.CreateBuilder<EntryPage>();
        if (!first.IsHere) away.Add(first);
        for (var p = first.IsHere && name.Length > 0 ? start + 1 : start; p < _pages.Count && limit > 0; limit -= _pages[p++].Count)
            if (!_pages[p].IsHere && p > start) away.Add(_pages[p]);
        if (away.Count > 0) throw new PagesAwayException(away.ToImmutable(), null);
    }

    private EntryPages Put(int at, PageHead head, ImmutableArray<byte[]> records, int count)
    {
        if (!Fits(head.Count, head.Weight)) return new EntryPages(Split(at, records), count, null);

        // a page that has become small joins a neighbour that is in memory, if both together stay well below the bounds
        foreach (var neighbour in new[] { at - 1, at + 1 })
        {
            if (head.Count > MaxEntries / 4 || neighbour < 0 || neighbour >= _pages.Count) continue;
            var other = _pages[neighbour];
            if (!other.IsHere || other.Count + head.Count > MaxEntries / 2 || other.Weight + head.Weight > MaxWeight / 2) continue;
            var first = Math.Min(at, neighbour);
            var joined = new PageHead(
                neighbour < at ? other.First : head.First, other.Count + head.Count, other.Weight + head.Weight, head.Files.With(other.Head.Files), head.Children.With(other.Head.Children));
            var both = neighbour < at ? other.Records.AddRange(records) : records.AddRange(other.Records);
            return new EntryPages(_pages.RemoveAt(first + 1).SetItem(first, new EntryPage(joined, both)), count, null);
        }
        return new EntryPages(_pages.SetItem(at, new EntryPage(head, records)), count, null);
    }

    /// <summary>Halves until each part fits; an entry heavier than a page gets one of its own.</summary>
    private ImmutableList<EntryPage> Split(int at, ImmutableArray<byte[]> records)
    {
        var parts = new List<EntryPage>();
        Halve(records, parts);
        return _pages.SetItem(at, parts[0]).InsertRange(at + 1, parts.Skip(1));
    }

    private static void Halve(ImmutableArray<byte[]> records, List<EntryPage> parts)
    {
        if (Fits(records.Length, records.Sum(r => r.Length)))
        {
            parts.Add(EntryPage.Of(records));
            return;
        }
        var half = records.Length / 2;
        Halve(records[..half], parts);
        Halve(records[half..], parts);
    }

    /// <summary>The page that has the name or would have it: the last one whose first name is not after it.</summary>
    private int PageOf(string name)
    {
        int low = 0, high = _pages.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) >> 1;
            if (NameOrder.Instance.Compare(_pages[middle].First, name) <= 0) low = middle;
            else high = middle - 1;
        }
        return low;
    }
}
