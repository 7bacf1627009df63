using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster;

/// <summary>How many members there must be before the first becomes Up.</summary>
internal sealed record Quota(int MinNrOfMembers, ImmutableDictionary<string, int> MinNrOfMembersOfRole)
{
    public bool IsFilledBy(Gossip gossip) =>
        gossip.Members.Count >= MinNrOfMembers
        && MinNrOfMembersOfRole.All(r => gossip.Members.Count(m => m.HasRole(r.Key)) >= r.Value);
}

/// <summary>What became of a request to join.</summary>
internal enum Admission
{
    /// <summary>A new member; it is to be welcomed.</summary>
    Admitted = 0,

    /// <summary>Already a member, whose welcome was perhaps lost.</summary>
    Known = 1,

    /// <summary>An older incarnation at the address is in the way; it is downed, the node is to ask again.</summary>
    Replaces = 2,

    /// <summary>This incarnation was removed and may not come back.</summary>
    Buried = 3,
}

/// <summary>What a node does with its view on request, on the word of others, and as the leader. Pure.</summary>
internal static class MembershipRules
{
    /// <summary>A node asks to become a member.</summary>
    public static (Membership Next, Admission Verdict) Join(Membership state, UniqueAddress node, ImmutableHashSet<string> roles)
    {
        var gossip = state.Gossip;
        if (gossip.Has(node)) return (state, Admission.Known);
        if (gossip.Tombstones.ContainsKey(node)) return (state, Admission.Buried);
        if (gossip.Members.FirstOrDefault(m => m.Address.Equals(node.Address)) is { } old)
        {
            // the old incarnation cannot live: the new one has its port
            var buried = gossip with { Reachability = gossip.Reachability.Terminated(state.Self, old.UniqueAddress) };
            return (Down(state.Change(buried), old.UniqueAddress), Admission.Replaces);
        }
        return (state.Change(gossip.With(Member.Joining(node, roles))), Admission.Admitted);
    }

    /// <summary>A member is asked to leave; one that is not on its way up or up stays as it is.</summary>
    public static Membership Leave(Membership state, Address address)
    {
        var member = state.Gossip.Members.FirstOrDefault(m => m.Address.Equals(address));
        return member?.Status is MemberStatus.Joining or MemberStatus.WeaklyUp or MemberStatus.Up
            ? state.Change(state.Gossip.With(member.Copy(MemberStatus.Leaving)))
            : state;
    }

    /// <summary>A member is declared dead.</summary>
    public static Membership Down(Membership state, UniqueAddress node)
    {
        if (state.Gossip.Find(node) is not { } member || member.Status == MemberStatus.Down) return state;
        var next = state.Gossip.With(member.Copy(MemberStatus.Down));
        return state.Change(next with { Seen = next.Seen.Remove(node) });
    }

    /// <summary>Another node's view arrives.</summary>
    /// <returns>The view that follows, whether it is new here, and whether the sender should be told it.</returns>
    public static (Membership Next, bool Changed, bool TalkBack) Receive(Membership state, Gossip remote)
    {
        var local = state.Gossip;
        var order = Pruned(local.Version, remote).CompareTo(Pruned(remote.Version, local));
        var (winner, talkBack) = order switch
        {
            // a change by a node that has been removed since may have come to one side only, and neither version counts it any more
            Ordering.Same when !local.Agrees(remote) => (local.Merge(remote), true),
            Ordering.Same => (local.MergeSeen(remote), !remote.SeenBy(state.Self)),
            Ordering.After => (local, true),
            Ordering.Before => (remote, !remote.SeenBy(state.Self)),
            _ => (local.Merge(remote), true),
        };
        var next = winner.MarkSeen(state.Self);
        return (state with { Gossip = next, ExitingConfirmed = state.ExitingConfirmed.Intersect(next.Nodes) }, !ReferenceEquals(next, local), talkBack);
    }

    /// <summary>The verdicts of this node's failure detector enter its row of the table.</summary>
    public static Membership Reap(Membership state, Func<Address, bool> isAvailable)
    {
        var before = state.Gossip.Reachability;
        var after = before;
        foreach (var member in state.Gossip.Members.Where(m => m.UniqueAddress != state.Self))
        {
            after = isAvailable(member.Address)
                ? after.Reachable(state.Self, member.UniqueAddress)
                : after.Unreachable(state.Self, member.UniqueAddress);
        }
        return ReferenceEquals(after, before) ? state : state.Change(state.Gossip with { Reachability = after });
    }

    /// <summary>What the leader does once all have seen this version: it lets members in, on and out.</summary>
    /// <param name="state">A converged view of which this node is the leader.</param>
    /// <param name="quota">When the first may become Up.</param>
    /// <param name="now">Unix time in milliseconds, for tombstones.</param>
    public static Membership Lead(Membership state, Quota quota, long now)
    {
        var gossip = state.Gossip;
        var missed = state.Reachability.AllUnreachableOrTerminated;
        var gone = gossip.Members
            .Where(m => (m.Status is MemberStatus.Down or MemberStatus.Exiting && missed.Contains(m.UniqueAddress))
                || (m.Status == MemberStatus.Exiting && state.ExitingConfirmed.Contains(m.UniqueAddress)))
            .Select(m => m.UniqueAddress)
            .ToHashSet();
        var full = quota.IsFilledBy(gossip);
        var youngest = gossip.Members.Select(m => m.UpNumber).Where(n => n != int.MaxValue).DefaultIfEmpty(0).Max();
        var moved = gossip.Members.Where(m => !gone.Contains(m.UniqueAddress)).Select(m => m.Status switch
        {
            MemberStatus.Joining or MemberStatus.WeaklyUp when full => m.CopyUp(++youngest),
            MemberStatus.Leaving => m.Copy(MemberStatus.Exiting),
            _ => null,
        }).OfType<Member>().ToList();
        if (moved.Count == 0 && gone.Count == 0) return state;

        var next = moved.Aggregate(gossip, (g, m) => g.With(m));
        return state.Change(next.Remove(gone, now)) with { ExitingConfirmed = state.ExitingConfirmed.Except(gone) };
    }

    /// <summary>What the leader does while convergence does not come: members that it can reach may work.</summary>
    public static Membership LetWork(Membership state, Quota quota)
    {
        var gossip = state.Gossip;
        if (!quota.IsFilledBy(gossip)) return state;
        var reachability = state.Reachability;
        var moved = gossip.Members
            .Where(m => m.Status == MemberStatus.Joining && reachability.IsReachable(m.UniqueAddress))
            .Select(m => m.Copy(MemberStatus.WeaklyUp))
            .ToList();
        return moved.Count == 0 ? state : state.Change(moved.Aggregate(gossip, (g, m) => g.With(m)));
    }

    private static VectorClock Pruned(VectorClock version, Gossip other) =>
        other.Tombstones.Keys.Aggregate(version, (v, gone) => v.Prune(gone));
}
