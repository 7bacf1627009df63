using System.Collections.Immutable;

namespace Akka.Cluster;

/// <summary>
/// What nodes tell each other: who is a member and how they stand, who cannot reach whom, who has seen this version, and
/// which incarnations are gone for good. An immutable value; <see cref="Membership"/> has the rules that change it.
/// </summary>
internal sealed record Gossip(
    ImmutableSortedSet<Member> Members,
    ImmutableHashSet<UniqueAddress> Seen,
    Reachability Reachability,
    VectorClock Version,
    ImmutableDictionary<UniqueAddress, long> Tombstones)
{
    public static readonly Gossip Empty = new([], [], Reachability.Empty, VectorClock.Empty, ImmutableDictionary<UniqueAddress, long>.Empty);

    public ImmutableHashSet<UniqueAddress> Nodes => [.. Members.Select(m => m.UniqueAddress)];

    /// <summary>The member of that incarnation; null if there is none.</summary>
    public Member? Find(UniqueAddress node) => Members.FirstOrDefault(m => m.UniqueAddress == node);

    public bool Has(UniqueAddress node) => Find(node) is not null;

    public bool SeenBy(UniqueAddress node) => Seen.Contains(node);

    /// <summary>Notes that a node has this version.</summary>
    public Gossip MarkSeen(UniqueAddress node) => Seen.Contains(node) ? this : this with { Seen = Seen.Add(node) };

    /// <summary>The same version seen by whom either says.</summary>
    public Gossip MergeSeen(Gossip other) => this with { Seen = Seen.Union(other.Seen) };

    /// <summary>A new version made by a node, which alone has seen it.</summary>
    public Gossip ChangedBy(UniqueAddress node) => this with { Version = Version.Increment(node), Seen = [node] };

    /// <summary>The member in place of its older self, or added.</summary>
    public Gossip With(Member member) => this with { Members = Members.Remove(member).Add(member) };

    /// <summary>Without incarnations that are gone; their tombstones keep older gossip from bringing them back.</summary>
    public Gossip Remove(IReadOnlySet<UniqueAddress> nodes, long now) => nodes.Count == 0 ? this : this with
    {
        Members = Members.Except(Members.Where(m => nodes.Contains(m.UniqueAddress))),
        Seen = Seen.Except(nodes),
        Reachability = Reachability.Remove(nodes),
        Version = nodes.Aggregate(Version, (version, node) => version.Prune(node)),
        Tombstones = Tombstones.SetItems(nodes.Select(n => KeyValuePair.Create(n, now))),
    };

    /// <summary>Without tombstones that are older than the oldest gossip that may still be about.</summary>
    public Gossip PruneTombstones(long olderThan) =>
        Tombstones.Any(t => t.Value < olderThan) ? this with { Tombstones = Tombstones.RemoveRange(Tombstones.Where(t => t.Value < olderThan).Select(t => t.Key)) } : this;

    /// <summary>Whether both say the same of the members and of who cannot reach whom.</summary>
    public bool Agrees(Gossip other) =>
        Members.SequenceEqual(other.Members)
        && Members.Zip(other.Members).All(m => m.First.Status == m.Second.Status && m.First.UpNumber == m.Second.UpNumber)
        && Reachability.SameAs(other.Reachability);

    /// <summary>Two versions, neither of which has all of the other, made one: each member as far as either knows, none that either has buried.</summary>
    public Gossip Merge(Gossip other)
    {
        var tombstones = Tombstones.SetItems(other.Tombstones);
        var members = Members.Union(other.Members)
            .Where(m => !tombstones.ContainsKey(m.UniqueAddress))
            .Select(m => (Find(m.UniqueAddress), other.Find(m.UniqueAddress)) switch
            {
                ({ } a, { } b) => Member.HighestPriorityOf(a, b),
                ({ } a, null) => a,
                (_, var b) => b!,
            })
            .ToImmutableSortedSet();
        var nodes = members.Select(m => m.UniqueAddress).ToHashSet();
        var version = tombstones.Keys.Aggregate(Version.Merge(other.Version), (v, gone) => v.Prune(gone));
        return new Gossip(members, [], Reachability.Merge(nodes, other.Reachability), version, tombstones);
    }

    public override string ToString() =>
        $"Gossip(members=[{string.Join(", ", Members)}], seen=[{string.Join(", ", Seen.Select(s => s.Address))}], reachability=[{Reachability}], {Version})";
}
