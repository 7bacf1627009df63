using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster;

/// <summary>The events that lead from one view to the next. Pure.</summary>
internal static class ClusterDiff
{
    /// <summary>The state that a subscriber is shown.</summary>
    public static ClusterEvent.CurrentClusterState Snapshot(Membership view) => new(
        view.Gossip.Members,
        view.UnreachableMembers,
        [.. view.Gossip.Seen.Select(s => s.Address)],
        view.Leader?.Address,
        view.RoleLeaders);

    public static IEnumerable<ClusterEvent.IClusterDomainEvent> Between(Membership old, Membership now) =>
        Unreachable(old, now)
            .Concat(Members(old.Gossip, now.Gossip))
            .Concat(Reachable(old, now))
            .Concat(Leaders(old, now))
            .Concat(Views(old, now));

    private static IEnumerable<ClusterEvent.IClusterDomainEvent> Unreachable(Membership old, Membership now) =>
        now.UnreachableMembers.Except(old.UnreachableMembers).Order().Select(m => new ClusterEvent.UnreachableMember(m));

    private static IEnumerable<ClusterEvent.IClusterDomainEvent> Reachable(Membership old, Membership now) =>
        old.UnreachableMembers.Except(now.UnreachableMembers).Order()
            .Select(m => now.Gossip.Find(m.UniqueAddress)).OfType<Member>()
            .Select(m => new ClusterEvent.ReachableMember(m));

    private static IEnumerable<ClusterEvent.IClusterDomainEvent> Members(Gossip old, Gossip now)
    {
        foreach (var gone in old.Members.Where(m => !now.Has(m.UniqueAddress)))
        {
            yield return new ClusterEvent.MemberRemoved(gone.Copy(MemberStatus.Removed), gone.Status);
        }
        foreach (var member in now.Members)
        {
            var before = old.Find(member.UniqueAddress);
            if (before is not null && before.Status == member.Status && before.UpNumber == member.UpNumber) continue;
            yield return member.Status switch
            {
                MemberStatus.Joining => new ClusterEvent.MemberJoined(member),
                MemberStatus.WeaklyUp => new ClusterEvent.MemberWeaklyUp(member),
                MemberStatus.Up => new ClusterEvent.MemberUp(member),
                MemberStatus.Leaving => new ClusterEvent.MemberLeft(member),
                MemberStatus.Exiting => new ClusterEvent.MemberExited(member),
                MemberStatus.Down => new ClusterEvent.MemberDowned(member),
                _ => throw new InvalidOperationException($"{member} cannot be in the gossip"),
            };
        }
    }

    private static IEnumerable<ClusterEvent.IClusterDomainEvent> Leaders(Membership old, Membership now)
    {
        if (!Equals(old.Leader?.Address, now.Leader?.Address)) yield return new ClusterEvent.LeaderChanged(now.Leader?.Address);
        var (before, after) = (old.RoleLeaders, now.RoleLeaders);
        foreach (var role in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal))
        {
            var leader = after.GetValueOrDefault(role);
            if (!Equals(before.GetValueOrDefault(role), leader)) yield return new ClusterEvent.RoleLeaderChanged(role, leader);
        }
    }

    private static IEnumerable<ClusterEvent.IClusterDomainEvent> Views(Membership old, Membership now)
    {
        if (!old.Gossip.Reachability.SameAs(now.Gossip.Reachability) || !old.Gossip.Seen.SetEquals(now.Gossip.Seen))
        {
            yield return new ViewChanged(now.Gossip.Reachability, now.Gossip.Seen);
        }
    }
}

/// <summary>For the split brain resolver: who misses whom, and who has seen this version.</summary>
internal sealed record ViewChanged(Reachability Reachability, ImmutableHashSet<UniqueAddress> Seen) : ClusterEvent.IClusterDomainEvent;
