using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <remarks>Entries that are renamed into other directories, and that come from others.</remarks>
public sealed partial record DirectoryState
{
    /// <summary>Names that are held for entries of other directories.</summary>
    public ImmutableSortedDictionary<string, PreparedMove> Prepared { get; init; } = ImmutableSortedDictionary.Create<string, PreparedMove>(NameOrder.Instance);

    /// <summary>Renamings that were decided here and whose targets may not know yet.</summary>
    public ImmutableDictionary<OpId, MoveOutcome> Moves { get; init; } = ImmutableDictionary<OpId, MoveOutcome>.Empty;

    /// <summary>The number of the mover's work that brought this directory to its parent; 0: it was made there.</summary>
    public ulong LastMove { get; init; }

    private DirectoryState MovedOut(EntryMoved x)
    {
        if (Entries.Find(x.Name) is not { } entry) return this; // what made the entry was rejected by the journal
        var left = Shown(entry);
        var next = left is FileEntry file ? file.Unlinked.Aggregate(Departing(file.File.Id, x.Stamp.At), (s, fs) => s.Forgotten(fs, [file.File.Id])) : this; // who has the file orders its deletions
        return next with
        {
            Entries = Entries.Remove(x.Name),
            Counts = Count(Counts, entry, -1),
            Totals = Totals.Without(entry),
            Moves = Moves.SetItem(x.Stamp.Op, new MoveOutcome(x.Stamp.Op, left, x.Target, x.NewName, true, Errno.None, "")),
        };
    }

    private DirectoryState MovedIn(MoveFinished x)
    {
        var entry = x.Entry switch
        {
            FileEntry f => (DirectoryEntry)new FileEntry(x.Name, f.File with { Times = f.File.Times with { Changed = x.Stamp.At } }),
            ChildEntry c => new ChildEntry(x.Name, c.Seed with { Parent = Self!.Id }),
            var other => throw new InvalidOperationException($"no fold for {other.GetType().Name}"),
        };
        var next = (x.Leaves is { } leaves ? Left(x.Name, leaves, x.Stamp.At) : this) with { Prepared = Prepared.Remove(x.Name) };
        foreach (var old in Moves.Values.Where(m => m.HasRows && IsSame(m.Entry, entry))) next = next with { Moves = next.Moves.SetItem(old.Op, old with { HasRows = false }) };
        next = next.SetEntry(entry);
        return x.Entry is FileEntry moved ? next with { Unlinked = Unlink(next.Unlinked, moved.File.Id, moved.Unlinked) } : next;
    }

    /// <summary>The same file or sub-directory, whatever its name.</summary>
    internal static bool IsSame(DirectoryEntry? a, DirectoryEntry b) => (a, b) switch
    {
        (FileEntry x, FileEntry y) => x.File.Id == y.File.Id,
        (ChildEntry x, ChildEntry y) => x.Id == y.Id,
        _ => false,
    };
}
