using System.Collections.Immutable;

namespace Akka.Cluster;

/// <summary>What an observer says of a subject; Terminated is final.</summary>
internal enum ReachabilityStatus
{
    Reachable = 0,
    Unreachable = 1,
    Terminated = 2,
}

/// <summary>
/// Who cannot reach whom. Each observer alone writes its row and counts its changes, so rows merge by taking the newer one.
/// A pair that is not in the table is reachable.
/// </summary>
internal sealed class Reachability
{
    public static readonly Reachability Empty = new([], ImmutableDictionary<UniqueAddress, long>.Empty);

    public Reachability(ImmutableHashSet<Record> records, ImmutableDictionary<UniqueAddress, long> versions)
    {
        Records = records;
        Versions = versions;
        AllUnreachable = [.. records.Select(r => r.Subject).Where(s => StatusOf(s) == ReachabilityStatus.Unreachable)];
        AllUnreachableOrTerminated = [.. records.Select(r => r.Subject)];
    }

    /// <summary>One observer's word on one subject, as of its <paramref name="Version"/>.</summary>
    public sealed record Record(UniqueAddress Observer, UniqueAddress Subject, ReachabilityStatus Status, long Version);

    /// <summary>At most one for a pair, none that says Reachable.</summary>
    public ImmutableHashSet<Record> Records { get; }

    /// <summary>How often each observer has changed its row.</summary>
    public ImmutableDictionary<UniqueAddress, long> Versions { get; }

    public ImmutableHashSet<UniqueAddress> AllUnreachable { get; }

    public ImmutableHashSet<UniqueAddress> AllUnreachableOrTerminated { get; }

    public bool IsAllReachable => Records.IsEmpty;

    public IEnumerable<UniqueAddress> Observers => Records.Select(r => r.Observer).Distinct();

    public Reachability Unreachable(UniqueAddress observer, UniqueAddress subject) => Change(observer, subject, ReachabilityStatus.Unreachable);

    public Reachability Reachable(UniqueAddress observer, UniqueAddress subject) => Change(observer, subject, ReachabilityStatus.Reachable);

    public Reachability Terminated(UniqueAddress observer, UniqueAddress subject) => Change(observer, subject, ReachabilityStatus.Terminated);

    /// <summary>What one observer says.</summary>
    public ReachabilityStatus StatusOf(UniqueAddress observer, UniqueAddress subject) =>
        Records.FirstOrDefault(r => r.Observer == observer && r.Subject == subject)?.Status ?? ReachabilityStatus.Reachable;

    /// <summary>The worst that any observer says.</summary>
    public ReachabilityStatus StatusOf(UniqueAddress subject) =>
        Records.Where(r => r.Subject == subject).Select(r => r.Status).DefaultIfEmpty(ReachabilityStatus.Reachable).Max();

    public bool IsReachable(UniqueAddress subject) => StatusOf(subject) == ReachabilityStatus.Reachable;

    public bool IsReachable(UniqueAddress observer, UniqueAddress subject) => StatusOf(observer, subject) == ReachabilityStatus.Reachable;

    /// <summary>Whom the observer calls unreachable.</summary>
    public IEnumerable<UniqueAddress> UnreachableFrom(UniqueAddress observer) =>
        Records.Where(r => r.Observer == observer && r.Status == ReachabilityStatus.Unreachable).Select(r => r.Subject);

    /// <summary>The newer row of each observer that is a member, about subjects that are.</summary>
    public Reachability Merge(IReadOnlySet<UniqueAddress> members, Reachability other)
    {
        var versions = ImmutableDictionary<UniqueAddress, long>.Empty.ToBuilder();
        var records = ImmutableHashSet<Record>.Empty.ToBuilder();
        foreach (var observer in Versions.Keys.Union(other.Versions.Keys).Where(members.Contains))
        {
            var (mine, theirs) = (Versions.GetValueOrDefault(observer), other.Versions.GetValueOrDefault(observer));
            var newer = theirs > mine ? other : this;
            versions[observer] = Math.Max(mine, theirs);
            records.UnionWith(newer.Records.Where(r => r.Observer == observer && members.Contains(r.Subject)));
        }
        return new(records.ToImmutable(), versions.ToImmutable());
    }

    /// <summary>The table without nodes that are gone, neither as observers nor as subjects.</summary>
    public Reachability Remove(IReadOnlySet<UniqueAddress> nodes) =>
        new([.. Records.Where(r => !nodes.Contains(r.Observer) && !nodes.Contains(r.Subject))], Versions.RemoveRange(nodes));

    /// <summary>The table without the word of some observers.</summary>
    public Reachability RemoveObservers(IReadOnlySet<UniqueAddress> nodes) =>
        nodes.Count == 0 ? this : new([.. Records.Where(r => !nodes.Contains(r.Observer))], Versions.RemoveRange(nodes));

    /// <summary>The records that pass, for a decision; not to be gossiped.</summary>
    public Reachability Where(Func<Record, bool> keep) => new([.. Records.Where(keep)], Versions);

    public bool SameAs(Reachability other) => Records.SetEquals(other.Records);

    public override string ToString() => string.Join(", ", Records.Select(r => $"{r.Observer.Address} -> {r.Subject.Address}: {r.Status} ({r.Version})"));

    private Reachability Change(UniqueAddress observer, UniqueAddress subject, ReachabilityStatus status)
    {
        var old = Records.FirstOrDefault(r => r.Observer == observer && r.Subject == subject);
        var was = old?.Status ?? ReachabilityStatus.Reachable;
        if (was == status || was == ReachabilityStatus.Terminated) return this;
        var version = Versions.GetValueOrDefault(observer) + 1;
        var records = old is null ? Records : Records.Remove(old);
        if (status != ReachabilityStatus.Reachable) records = records.Add(new(observer, subject, status, version));
        return new(records, Versions.SetItem(observer, version));
    }
}
