using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <remarks>Files that leave for other directories, and that come from others.</remarks>
public sealed partial record DirectoryState
{
    /// <summary>Files on their way, by the number of their leaving.</summary>
    public ImmutableSortedDictionary<ulong, Handover> Outbox { get; init; } = ImmutableSortedDictionary<ulong, Handover>.Empty;

    /// <summary>The last number of the outbox.</summary>
    public ulong Handed { get; init; }

    /// <summary>Files that have left lately, the oldest first: a server that repeats its commit must hear that it was stored, else it deletes bytes that live on elsewhere.</summary>
    public ImmutableQueue<(FileId File, Instant At)> Departed { get; init; } = [];

    /// <summary>The same for looking up.</summary>
    public ImmutableHashSet<FileId> Away { get; init; } = [];

    private DirectoryState Left(string name, Handover to, Instant at)
    {
        if (Entries.Find(name) is not FileEntry entry || entry.File.Id != to.File.Id) return this; // what made the entry was rejected by the journal
        var next = Departing(to.File.Id, at) with
        {
            Entries = Entries.Remove(name),
            Counts = Count(Counts, entry, -1),
            Totals = Totals.Without(entry),
            Outbox = Outbox.SetItem(to.Number, to),
            Handed = Math.Max(Handed, to.Number),
        };
        return to.Begins is { } seed ? next.SetEntry(new ChildEntry(HiddenNames.VersionsOf(name), seed)) : next;
    }

    private DirectoryState Departing(FileId file, Instant at)
    {
        var (departed, away) = (Departed, Away);
        while (!departed.IsEmpty && departed.Peek().At + Outcomes.Keep < at)
        {
            departed = departed.Dequeue(out var old);
            away = away.Remove(old.File);
        }
        return this with { Departed = departed.Enqueue((file, at)), Away = away.Add(file) };
    }

    private DirectoryState Adopted(FileAdopted x) => x.Dropped.Aggregate(
        (x.Leaves is { } leaves ? Left(x.Name, leaves, x.Stamp.At) : this).SetEntry(new FileEntry(x.Name, x.File)), (s, name) => s.DropEntry(name)).Touched(x.Stamp.At);

    private DirectoryState Locked(FileLocked x)
    {
        if (Entries.Find(x.Name) is not FileEntry entry) return this; // as above
        var attributes = x.Lock.Length > 0 ? entry.File.Attributes.SetItem(LockRules.Key, x.Lock) : entry.File.Attributes.Remove(LockRules.Key);
        return this with { Entries = Entries.Set(entry with { File = entry.File with { Attributes = attributes, Times = entry.File.Times with { Changed = x.Stamp.At } } }) };
    }

    private DirectoryState Ended(HandoverEnded x)
    {
        if (!Outbox.TryGetValue(x.Number, out var handover)) return this;
        var next = this with { Outbox = Outbox.Remove(x.Number) };
        return x.Lost ? next.Detach(handover.Name, handover.File) : next;
    }
}
