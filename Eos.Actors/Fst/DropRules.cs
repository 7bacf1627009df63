using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Fst.FilesystemProtocol;

namespace Eos.Fst;

/// <summary>
/// How replicas are deleted: <c>ordered → (stored) → deleting → deleted → told → noted → (stored) forgotten</c>. A crash anywhere begins again at deleting.
/// </summary>
public static class DropRules
{
    /// <summary>Files that one job deletes at most, so that finished uploads do not wait long behind it.</summary>
    public const int FilesPerJob = 100;

    public static FilesystemStep Order(FilesystemState s, FstProtocol.DropReplicas order, FilesystemFacts facts)
    {
        var fresh = order.Files.Where(file => !s.Memory.Drops.ContainsKey(file)).Distinct().ToImmutableArray();
        if (order.Fs != facts.Identity.Id || fresh.IsEmpty) return FilesystemStep.To(s);
        var ordered = new DropsOrdered(order.Directory, fresh);
        var (next, deletions) = s.Booted ? Resume(s.Apply(ordered), facts) : (s.Apply(ordered), []);
        return new FilesystemStep(next, [ordered], deletions);
    }

    /// <summary>Starts the deletion of everything on the list that is not being deleted.</summary>
    public static (FilesystemState State, ImmutableArray<FilesystemEffect> Effects) Resume(FilesystemState s, FilesystemFacts facts)
    {
        var waiting = s.Memory.Drops.Where(drop => !s.Deleting.Contains(drop.Key)).Take(facts.Settings.DropsInFlight - s.Deleting.Count).ToArray();
        if (waiting.Length == 0) return (s, []);
        var jobs = waiting.GroupBy(drop => drop.Value, drop => drop.Key)
            .SelectMany(group => group.Chunk(FilesPerJob).Select(files => new FilesystemEffect.Delete(group.Key, [.. files])));
        return (s with { Deleting = s.Deleting.Union(waiting.Select(drop => drop.Key)) }, [.. jobs]);
    }

    /// <summary>Tells the directory; a disk that would not delete is tried again later.</summary>
    public static FilesystemStep OnDeleted(FilesystemState s, Deleted x, FilesystemFacts facts)
    {
        if (x.Refusal is { } refusal) return FilesystemRules.Trouble(s with { Deleting = s.Deleting.Except(x.Files) }, refusal);
        var message = new FstProtocol.ReplicaDropped(x.Directory, new OpId(facts.Session, s.Begun + 1), facts.Identity.Id, x.Files);
        return FilesystemStep.To(
            s with
            {
                Begun = s.Begun + 1,
                Replicas = s.Replicas - Math.Min(s.Replicas, (ulong)x.Replicas),
                Notices = s.Notices.Add(message.Op, new Notice(message, facts.Now)),
            },
            new FilesystemEffect.ToDirectory(message));
    }

    /// <summary>The end, if it answers a notice; answers to abandoned opens need nothing.</summary>
    public static FilesystemStep OnNoted(FilesystemState s, FstProtocol.Noted x)
    {
        if (!s.Notices.TryGetValue(x.Op, out var notice)) return FilesystemStep.To(s);
        var files = notice.Message.Files;
        return FilesystemStep.Store(s with { Notices = s.Notices.Remove(x.Op), Deleting = s.Deleting.Except(files) }, new DropsEnded(files));
    }

    /// <summary>Sends again every notice that was not answered for a while.</summary>
    public static (FilesystemState State, ImmutableArray<FilesystemEffect> Effects) Repeat(FilesystemState s, FilesystemFacts facts)
    {
        var late = s.Notices.Where(notice => facts.Now - notice.Value.Sent >= facts.Settings.RetryInterval).ToArray();
        return (
            s with { Notices = s.Notices.SetItems(late.Select(notice => KeyValuePair.Create(notice.Key, notice.Value with { Sent = facts.Now }))) },
            [.. late.Select(notice => new FilesystemEffect.ToDirectory(notice.Value.Message))]);
    }
}
