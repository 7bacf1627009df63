using System.Collections.Immutable;
using System.Text;

namespace Eos.Namespace;

/// <summary>Numbers from <paramref name="First"/> to <paramref name="Last"/>; none if Last is 0. A page says so of the files and directories that it may have.</summary>
public readonly record struct IdRange(ulong First, ulong Last)
{
    public bool Has(ulong id) => Last != 0 && id >= First && id <= Last;

    public IdRange With(ulong id) => Last == 0 ? new IdRange(id, id) : new IdRange(Math.Min(First, id), Math.Max(Last, id));

    public IdRange With(IdRange other) => other.Last == 0 ? this : With(other.First).With(other.Last);
}

/// <summary>What is known of a page without reading it. <paramref name="Weight"/>: bytes of its records.</summary>
public sealed record PageHead(string First, int Count, int Weight, IdRange Files, IdRange Children)
{
    internal PageHead With(DirectoryEntry entry) => entry switch
    {
        FileEntry f => this with { Files = Files.With(f.File.Id.Value) },
        ChildEntry c => this with { Children = Children.With(c.Id.Value) },
        _ => this,
    };
}

/// <summary>
/// A run of entries in name order, never empty, as encoded records. What it says never changes, but its records may not be in memory, as those of a lazy value: one that
/// is stored under a key can be let go and read again. Touching one that is away throws <see cref="PagesAwayException"/>.
/// </summary>
public sealed class EntryPage
{
    private ImmutableArray<byte[]> _records;

    internal EntryPage(PageHead head, ImmutableArray<byte[]> records) => (Head, _records) = (head, records);

    /// <summary>A page that is stored and not in memory.</summary>
    public EntryPage(PageHead head, ulong key) => (Head, Key) = (head, key);

    public PageHead Head { get; }

    public string First => Head.First;

    public int Count => Head.Count;

    public int Weight => Head.Weight;

    /// <summary>Under which it is stored; 0: it is not. Set once.</summary>
    public ulong Key { get; private set; }

    public bool IsHere => !_records.IsDefault;

    /// <summary>Since it was last asked for by <see cref="Rest"/>.</summary>
    internal bool WasTouched { get; private set; } = true;

    internal ImmutableArray<byte[]> Records
    {
        get
        {
            WasTouched = true;
            return IsHere ? _records : throw new PagesAwayException([this], null);
        }
    }

    internal IEnumerable<DirectoryEntry> Entries => Records.Select(EntryRecord.Read);

    internal static EntryPage Of(ImmutableArray<byte[]> records)
    {
        var head = new PageHead(EntryRecord.NameOf(records[0]), records.Length, records.Sum(r => r.Length), default, default);
        foreach (var record in records) head = head.With(EntryRecord.Read(record));
        return new EntryPage(head, records);
    }

    /// <summary>From now on it is stored under that key.</summary>
    public void IsStored(ulong key) => Key = key;

    /// <summary>Its records come into memory.</summary>
    public void Fill(ImmutableArray<byte[]> records)
    {
        if (records.Length != Count) throw new InvalidDataException($"page {Key:x} has {records.Length} entries, not {Count}");
        (_records, WasTouched) = (records, true);
    }

    /// <summary>Its records leave memory; only of what is stored.</summary>
    internal void LetGo() => _records = Key != 0 ? default : _records;

    internal void Rest() => WasTouched = false;

    /// <summary>Its records, if they are in memory; not counted as touching it.</summary>
    public ImmutableArray<byte[]> Held => _records;

    /// <summary>Index of the name, or the complement of where it would stand. O(log n).</summary>
    internal int Find(string name)
    {
        Span<byte> wanted = stackalloc byte[EntryRecord.NameBytes(name)];
        Encoding.UTF8.GetBytes(name, wanted);
        var records = Records;
        int low = 0, high = records.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var order = EntryRecord.Name(records[middle]).SequenceCompareTo(wanted);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return ~low;
    }
}
