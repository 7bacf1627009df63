using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster;

/// <summary>The rules of membership seen from one node: what it concludes from its gossip. Pure.</summary>
/// <param name="Self">The node that judges.</param>
/// <param name="Gossip">What it knows.</param>
/// <param name="ExitingConfirmed">Exiting members that said they are done; they need not see a version any more.</param>
internal sealed record Membership(UniqueAddress Self, Gossip Gossip, ImmutableHashSet<UniqueAddress> ExitingConfirmed)
{
    public Membership(UniqueAddress self) : this(self, Gossip.Empty, [])
    {
    }

    public Member? SelfMember => Gossip.Find(Self);

    /// <summary>The reachability without the word of members that are downed.</summary>
    public Reachability Reachability =>
        Gossip.Reachability.RemoveObservers(Gossip.Members.Where(m => m.Status == MemberStatus.Down).Select(m => m.UniqueAddress).ToHashSet());

    /// <summary>Members that somebody misses, other than this node.</summary>
    public ImmutableHashSet<Member> UnreachableMembers
    {
        get
        {
            var unreachable = Reachability.AllUnreachableOrTerminated.Remove(Self);
            return [.. Gossip.Members.Where(m => unreachable.Contains(m.UniqueAddress))];
        }
    }

    /// <summary>
    /// Everybody who counts has seen this version, and nobody who counts is missed. Only then may the leader move members.
    /// </summary>
    public bool IsConverged =>
        UnreachableMembers.All(m => m.Status is MemberStatus.Down or MemberStatus.Exiting)
        && Gossip.Members.All(m => m.Status is not (MemberStatus.Up or MemberStatus.Leaving)
            || Gossip.SeenBy(m.UniqueAddress)
            || ExitingConfirmed.Contains(m.UniqueAddress));

    /// <summary>The member that acts for the cluster: the first by address of those that are Up or Leaving and not missed.</summary>
    public Member? Leader => LeaderAmong(Gossip.Members);

    public bool IsLeader => Leader?.UniqueAddress == Self;

    /// <summary>Who would lead among the members of one role.</summary>
    public Member? RoleLeader(string role) => LeaderAmong(Gossip.Members.Where(m => m.HasRole(role)));

    /// <summary>The leader of every role that some member has; null where no member can lead.</summary>
    public ImmutableDictionary<string, Address?> RoleLeaders =>
        Gossip.Members.SelectMany(m => m.Roles).Distinct().ToImmutableDictionary(role => role, role => RoleLeader(role)?.Address);

    /// <summary>Those that this node may tell its view: other members that it can reach itself and that are not downed.</summary>
    public IEnumerable<Member> Peers => Gossip.Members.Where(m => IsPeer(m.UniqueAddress));

    public bool IsPeer(UniqueAddress node) =>
        node != Self && Gossip.Has(node) && Gossip.Reachability.IsReachable(Self, node);

    /// <summary>This node's next version of the gossip.</summary>
    public Membership Change(Gossip next) => this with { Gossip = next.ChangedBy(Self) };

    private Member? LeaderAmong(IEnumerable<Member> candidates)
    {
        var reachability = Reachability;
        var able = candidates
            .Where(m => m.UniqueAddress == Self || (m.Status != MemberStatus.Down && reachability.IsReachable(m.UniqueAddress)))
            .ToList();
        return able.Find(m => m.Status is MemberStatus.Up or MemberStatus.Leaving)
            ?? able.OrderBy(m => Precedence(m.Status)).FirstOrDefault();
    }

    /// <summary>Who leads while nobody is Up: those that work before those that come, those that come before those that go.</summary>
    private static int Precedence(MemberStatus status) => status switch
    {
        MemberStatus.WeaklyUp => 0,
        MemberStatus.Joining => 1,
        MemberStatus.Exiting => 2,
        _ => 3,
    };
}
