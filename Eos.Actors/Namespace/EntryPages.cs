using System.Collections.Immutable;
using System.Text;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>One name in a directory.</summary>
public abstract record DirectoryEntry(string Name)
{
    /// <summary>About how many bytes it takes in a page.</summary>
    public abstract int Weight { get; }

    protected int NameBytes => Encoding.UTF8.GetByteCount(Name);
}

/// <summary>A file: its record lives here, in its directory.</summary>
public sealed record FileEntry(string Name, FileRecord File) : DirectoryEntry(Name)
{
    public override int Weight =>
        120 + NameBytes + File.Link.Length + File.Content.Locations.Length * 2 + File.Attributes.Sum(a => a.Key.Length + a.Value.Length + 6);
}

/// <summary>A sub-directory: its number, and with what it was born, so that a birth cut short by a crash can be completed.</summary>
public sealed record ChildEntry(string Name, DirectoryRecord Seed) : DirectoryEntry(Name)
{
    public DirectoryId Id => Seed.Id;

    public override int Weight => 60 + NameBytes + Seed.Attributes.Sum(a => a.Key.Length + a.Value.Length + 6);
}

/// <summary>A run of entries in name order; never empty.</summary>
public sealed class EntryPage
{
    internal EntryPage(ImmutableArray<DirectoryEntry> entries, int weight) => (Entries, Weight) = (entries, weight);

    public ImmutableArray<DirectoryEntry> Entries { get; }

    /// <summary>Sum of the entries' weights, in bytes.</summary>
    public int Weight { get; }

    public string First => Entries[0].Name;

    internal static EntryPage Of(ImmutableArray<DirectoryEntry> entries) => new(entries, entries.Sum(e => e.Weight));

    /// <summary>Index of the name, or the complement of where it would stand. O(log n).</summary>
    internal int Find(string name)
    {
        int low = 0, high = Entries.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var order = NameOrder.Instance.Compare(Entries[middle].Name, name);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return ~low;
    }
}

/// <summary>
/// All entries of a directory: immutable pages in name order, the leaves of a tree. A page has at most <see cref="MaxEntries"/> entries and,
/// unless it has a single one, at most <see cref="MaxWeight"/> bytes. Change and look-up cost O(log n) plus one page.
/// </summary>
public sealed class EntryPages
{
    public const int MaxEntries = 256;
    public const int MaxWeight = 64 * 1024;

    public static readonly EntryPages Empty = new([], 0);

    private readonly ImmutableList<EntryPage> _pages;

    private EntryPages(ImmutableList<EntryPage> pages, int count) => (_pages, Count) = (pages, count);

    public int Count { get; }

    /// <summary>The pages, in order: what a snapshot stores.</summary>
    public IReadOnlyList<EntryPage> Pages => _pages;

    public IEnumerable<DirectoryEntry> All => _pages.SelectMany(p => p.Entries);

    /// <summary>From pages as a snapshot stored them.</summary>
    public static EntryPages Of(IEnumerable<ImmutableArray<DirectoryEntry>> pages)
    {
        var list = pages.Where(p => p.Length > 0).Select(EntryPage.Of).ToImmutableList();
        return new EntryPages(list, list.Sum(p => p.Entries.Length));
    }

    public DirectoryEntry? Find(string name)
    {
        if (_pages.Count == 0) return null;
        var page = _pages[PageOf(name)];
        var index = page.Find(name);
        return index >= 0 ? page.Entries[index] : null;
    }

    /// <summary>At most <paramref name="limit"/> entries after the name (empty: from the first), cheap at any place.</summary>
    public IEnumerable<DirectoryEntry> After(string name, int limit)
    {
        if (_pages.Count == 0) yield break;
        var start = name.Length == 0 ? 0 : PageOf(name);
        for (var p = start; p < _pages.Count; p++)
        {
            var page = _pages[p];
            var from = p > start || name.Length == 0 ? 0 : page.Find(name) is var found && found >= 0 ? found + 1 : ~found;
            for (var i = from; i < page.Entries.Length; i++)
            {
                if (limit-- <= 0) yield break;
                yield return page.Entries[i];
            }
        }
    }

    /// <summary>Adds or replaces the entry of that name.</summary>
    public EntryPages Set(DirectoryEntry entry)
    {
        if (_pages.Count == 0) return new EntryPages([EntryPage.Of([entry])], 1);
        var at = PageOf(entry.Name);
        var page = _pages[at];
        var index = page.Find(entry.Name);
        return index >= 0
            ? Put(at, page.Entries.SetItem(index, entry), page.Weight + entry.Weight - page.Entries[index].Weight, Count)
            : Put(at, page.Entries.Insert(~index, entry), page.Weight + entry.Weight, Count + 1);
    }

    /// <summary>Without the entry of that name; itself if there is none.</summary>
    public EntryPages Remove(string name)
    {
        if (_pages.Count == 0) return this;
        var at = PageOf(name);
        var page = _pages[at];
        var index = page.Find(name);
        return index < 0 ? this : Put(at, page.Entries.RemoveAt(index), page.Weight - page.Entries[index].Weight, Count - 1);
    }

    private static bool Fits(int count, int weight) => count <= MaxEntries && (weight <= MaxWeight || count == 1);

    private EntryPages Put(int at, ImmutableArray<DirectoryEntry> entries, int weight, int count)
    {
        if (entries.Length == 0) return new EntryPages(_pages.RemoveAt(at), count);
        if (!Fits(entries.Length, weight)) return new EntryPages(Split(at, entries), count);

        // a page that has become small joins a neighbour if both together stay well below the bounds
        foreach (var neighbour in new[] { at - 1, at + 1 })
        {
            if (entries.Length > MaxEntries / 4 || neighbour < 0 || neighbour >= _pages.Count) continue;
            var other = _pages[neighbour];
            if (other.Entries.Length + entries.Length > MaxEntries / 2 || other.Weight + weight > MaxWeight / 2) continue;
            var joined = neighbour < at ? other.Entries.AddRange(entries) : entries.AddRange(other.Entries);
            var first = Math.Min(at, neighbour);
            return new EntryPages(_pages.RemoveAt(first + 1).SetItem(first, new EntryPage(joined, other.Weight + weight)), count);
        }
        return new EntryPages(_pages.SetItem(at, new EntryPage(entries, weight)), count);
    }

    /// <summary>Halves until each part fits; an entry heavier than a page gets one of its own.</summary>
    private ImmutableList<EntryPage> Split(int at, ImmutableArray<DirectoryEntry> entries)
    {
        var parts = new List<EntryPage>();
        Halve(entries, parts);
        return _pages.SetItem(at, parts[0]).InsertRange(at + 1, parts.Skip(1));
    }

    private static void Halve(ImmutableArray<DirectoryEntry> entries, List<EntryPage> parts)
    {
        var page = EntryPage.Of(entries);
        if (Fits(entries.Length, page.Weight))
        {
            parts.Add(page);
            return;
        }
        var half = entries.Length / 2;
        Halve(entries[..half], parts);
        Halve(entries[half..], parts);
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
