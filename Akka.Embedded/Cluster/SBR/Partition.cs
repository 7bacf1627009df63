using System.Collections.Immutable;

namespace Akka.Cluster.SBR;

/// <summary>The picture that a strategy judges: who is a member, who is missed, by whom, and who still hears this side.</summary>
/// <param name="Members">All members, by address.</param>
/// <param name="Unreachable">Those that this side misses.</param>
/// <param name="Reachability">Who misses whom.</param>
/// <param name="Seen">Who has seen the present gossip.</param>
internal sealed record Partition(
    ImmutableSortedSet<Member> Members,
    ImmutableHashSet<UniqueAddress> Unreachable,
    Reachability Reachability,
    ImmutableHashSet<UniqueAddress> Seen)
{
    public static readonly Partition Empty = new([], [], Reachability.Empty, []);

    /// <summary>Nothing to decide: whoever is missed is already downed or on its way out.</summary>
    public bool IsSettled =>
        Members.Where(m => Unreachable.Contains(m.UniqueAddress)).All(m => m.Status is MemberStatus.Down or MemberStatus.Exiting);

    /// <summary>
    /// Members that are cut off from some but not from all: they miss one that still hears this side, or they both miss and are missed.
    /// </summary>
    public ImmutableHashSet<UniqueAddress> IndirectlyConnected
    {
        get
        {
            var missed = Reachability.Records.Where(r => r.Status == ReachabilityStatus.Unreachable && Known(r.Observer) && Known(r.Subject)).ToList();
            var both = missed.Select(r => r.Observer).Intersect(missed.Select(r => r.Subject));
            var hearing = missed.Where(r => Seen.Contains(r.Subject)).SelectMany(r => new[] { r.Observer, r.Subject });
            return [.. both.Concat(hearing)];
        }
    }

    /// <summary>The members that count in a vote.</summary>
    /// <param name="role">Only those with the role; null: all.</param>
    /// <param name="perhapsUp">Also those that may have become Up on the other side meanwhile.</param>
    /// <param name="perhapsExiting">Also those that may have gone meanwhile.</param>
    public IEnumerable<Member> Voters(string? role, bool perhapsUp = false, bool perhapsExiting = true) => Members
        .Where(m => role is null || m.HasRole(role))
        .Where(m => m.Status switch
        {
            MemberStatus.Up => true,
            MemberStatus.Leaving => perhapsExiting,
            MemberStatus.Joining or MemberStatus.WeaklyUp => perhapsUp,
            _ => false,
        });

    public bool Misses(Member member) => Unreachable.Contains(member.UniqueAddress);

    private bool Known(UniqueAddress node) => Members.Any(m => m.UniqueAddress == node);
}
