using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Kv.SystemProtocol;
using static Eos.Namespace.DirectoryProtocol;
using static Eos.Namespace.NamespaceIndex;

namespace Eos.Namespace;

/// <summary>
/// Which rows of the indexes an event changes: the difference of what the entries that it touches are worth before and after it. A new event that adds, takes
/// away or moves entries or replicas has its line in <see cref="NamesOf"/> or <see cref="FilesOf"/>; a property compares the sum of all changes with
/// <see cref="RowsOf"/>.
/// </summary>
public static class IndexRules
{
    /// <summary>One row; two are the same if index, key and value are.</summary>
    private readonly record struct Row(string Index, byte[] Key, byte[] Value);

    /// <summary>Deletions and settings that turn the rows of one state into those of the next.</summary>
    public static ImmutableArray<IndexOp> Changes(DirectoryState before, IEvent e, DirectoryState after)
    {
        if (e is GhostsDropped ghosts) return GhostRules.Rows(ghosts);
        var names = NamesOf(before, e);
        var files = FilesOf(before, e);
        var moves = MovesOf(before, e);
        var isOwn = e is TotalsProtocol.TotalsDue or TotalsProtocol.TotalsSettled or QuotaProtocol.QuotaLimited or QuotaProtocol.QuotaEnded or Buried;
        if (names.IsEmpty && files.IsEmpty && moves.IsEmpty && !isOwn) return [];
        foreach (var name in names)
        {
            if (before.Entries.Find(name) is FileEntry old) files = files.Add(old.File.Id);
        }
        var (was, now) = (Rows(before, names, files), Rows(after, names, files));
        was.AddRange(MoveRows(before, moves));
        now.AddRange(MoveRows(after, moves));
        if (isOwn)
        {
            was.AddRange(OwnRows(before));
            now.AddRange(OwnRows(after));
        }
        return
        [
            .. was.Where(w => !now.Exists(n => IsOfKey(w, n))).Select(w => new IndexOp(w.Index, w.Key, IndexChange.Delete, default, 0)),
            .. now.Where(n => !was.Exists(w => IsOfKey(w, n) && w.Value.AsSpan().SequenceEqual(n.Value)))
                .Select(n => new IndexOp(n.Index, n.Key, IndexChange.Set, n.Value, 0)),
        ];
    }

    /// <summary>All rows that a directory is worth. O(entries).</summary>
    public static IEnumerable<IndexOp> RowsOf(DirectoryState s) => s.Self is null
        ? []
        : Rows(s, [.. s.Entries.All.Select(e => e.Name)], [.. s.Unlinked.Values.SelectMany(f => f).Distinct()])
            .Concat(MoveRows(s, [.. s.Moves.Keys]))
            .Concat(OwnRows(s))
            .Select(row => new IndexOp(row.Index, row.Key, IndexChange.Set, row.Value, 0));

    /// <summary>All rows that one entry of a directory is worth.</summary>
    public static IEnumerable<(string Index, byte[] Key, byte[] Value)> RowsOf(DirectoryId directory, DirectoryEntry entry)
    {
        switch (entry)
        {
            case FileEntry file:
                yield return (Files, Key(file.File.Id), Value(new Spot(directory, file.Name)));
                foreach (var fs in file.File.Content.Locations) yield return (Replicas, Key(fs, file.File.Id), Key(directory));
                break;
            case ChildEntry child:
                yield return (Directories, Key(child.Id), Value(new Spot(directory, child.Name)));
                break;
        }
    }

    /// <summary>Names whose entries the event changes.</summary>
    private static ImmutableArray<string> NamesOf(DirectoryState before, IEvent e) => e switch
    {
        ChildAdded x => [x.Name],
        ChildRemoved x => [x.Name],
        FileCommitted x when !before.Opens.TryGetValue(x.Open, out _) => [],
        FileCommitted x when x.Leaves is { Begins: not null } => [before.Opens[x.Open].Name, HiddenNames.VersionsOf(before.Opens[x.Open].Name)],
        FileCommitted x => [before.Opens[x.Open].Name],
        FileAdopted { Leaves.Begins: not null } x => [x.Name, HiddenNames.VersionsOf(x.Name), .. x.Dropped],
        FileAdopted x => [x.Name, .. x.Dropped],
        FileRemoved x => [x.Name],
        EntryRenamed { Leaves.Begins: not null } x => [x.From, x.To, HiddenNames.VersionsOf(x.To)],
        EntryRenamed x => [x.From, x.To],
        ReplicaAttached x => [x.Name],
        ReplicaDetached x => [x.Name],
        FileMade x => [x.Name],
        EntryMoved x => [x.Name],
        MoveFinished { Leaves.Begins: not null } x => [x.Name, HiddenNames.VersionsOf(x.Name)],
        MoveFinished x => [x.Name],
        FileTouched { Truncated: true } x => [x.Name],
        PlaceTagged x => [x.Name],
        _ => [],
    };

    /// <summary>Files whose replicas wait to be deleted, and no longer do.</summary>
    private static ImmutableArray<FileId> FilesOf(DirectoryState before, IEvent e) => e switch
    {
        FileAdopted x => [x.File.Id],
        MoveFinished { Entry: FileEntry x } => [x.File.Id],
        HandoverEnded { Lost: true } x when before.Outbox.TryGetValue(x.Number, out var handover) => [handover.File.Id],
        ReplicasForgotten x => [.. x.Files.Distinct()],
        DetachedDropped x => [x.File],
        _ => [],
    };

    private static List<Row> Rows(DirectoryState s, ImmutableArray<string> names, ImmutableArray<FileId> files)
    {
        var rows = new List<Row>();
        var self = s.Self?.Id ?? default;
        foreach (var name in names)
        {
            if (s.Entries.Find(name) is { } entry) rows.AddRange(RowsOf(self, entry).Select(r => new Row(r.Index, r.Key, r.Value)));
        }
        foreach (var file in files)
        {
            if (s.Detached.Find(DirectoryState.DetachedKey(file)) is not null) rows.Add(new Row(Files, Key(file), Value(new Spot(self, ""))));
            foreach (var (fs, waiting) in s.Unlinked)
                if (waiting.Contains(file)) rows.Add(new Row(Unlinked, Key(fs, file), Key(self)));
        }
        return rows;
    }

    /// <summary>Renamings whose rows lead elsewhere, from now on or no longer.</summary>
    private static ImmutableArray<OpId> MovesOf(DirectoryState before, IEvent e) => e switch
    {
        EntryMoved or MoveSettled => [e.Stamp.Op],
        MoveFinished x => [.. before.Moves.Values.Where(m => m.HasRows && DirectoryState.IsSame(m.Entry, x.Entry)).Select(m => m.Op)],
        _ => [],
    };

    /// <summary>What has left for another directory is found there, until that one says so itself.</summary>
    private static IEnumerable<Row> MoveRows(DirectoryState s, ImmutableArray<OpId> moves)
    {
        foreach (var op in moves)
        {
            if (!s.Moves.TryGetValue(op, out var move) || !move.HasRows) continue;
            var spot = Value(new Spot(move.Target, move.NewName));
            if (move.Entry is ChildEntry child) yield return new Row(Directories, Key(child.Id), spot);
            if (move.Entry is not FileEntry { File: var file }) continue;
            yield return new Row(Files, Key(file.Id), spot);
            foreach (var fs in file.Content.Locations) yield return new Row(Replicas, Key(fs, file.Id), Key(move.Target));
        }
    }

    /// <summary>What a directory is listed for itself.</summary>
    private static IEnumerable<Row> OwnRows(DirectoryState s)
    {
        if (s.Totals.IsDue) yield return new Row(Due, Key(s.Self!.Id), []);
        if (s.Self is { IsQuotaNode: true } node && s.Life != Life.Gone) yield return new Row(QuotaNodes, Key(node.Id), []);
    }

    private static bool IsOfKey(Row a, Row b) => a.Index == b.Index && a.Key.AsSpan().SequenceEqual(b.Key);
}
