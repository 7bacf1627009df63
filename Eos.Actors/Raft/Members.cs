using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Raft.RaftProtocol;

namespace Eos.Raft;

/// <summary>Changes of membership, one member at a time (thesis §4.1–4.2). The newest membership in the log counts from the moment it is there.</summary>
public static class Members
{
    private const string NoQuorum = "membership update blocked, new cluster would not have an up-to-date quorum";
    private const string OnLeader = "cannot perform membership changes on current leader";

    public static Step OnChange(RaftState s, ChangeMembership ask)
    {
        if (s.Lead is not { } lead) return Step.Of(s, new NotTaken(ask.Tag, s.Leader, "not leading"));
        // Without an entry of this term committed, two changes of different terms could overlap (thesis §4.1, the erratum).
        if (s.Committed < lead.ServesFrom) return No("leader has not committed an entry of its term yet");
        if (s.Memberships[^1].At > s.Committed) return No($"the current membership epoch has not been committed yet: {s.Membership.Epoch}");
        var now = s.Membership;
        var member = ask.Member;
        switch (ask.Change)
        {
            case Change.AddObserver:
                if (now.Knows(member)) return No("node is already part of the cluster");
                return Append(s, ask, now with { Observers = now.Observers.Add(member) });
            case Change.Promote:
                if (!now.Observers.Contains(member)) return No($"{member} is not an observer");
                if (!CaughtUp(s, member, ask.Now)) return No("membership update blocked, observer is not up-to-date");
                return Append(s, ask, now with { Observers = now.Observers.Remove(member), Voters = now.Voters.Add(member) });
            case Change.Demote:
                if (!now.Voters.Contains(member)) return No($"{member} is not a full node");
                if (member == s.Self) return No(OnLeader);
                if (now.Voters.Count == 1) return No("the last full node can not be demoted");
                if (!LeavesQuorum(s, member, ask.Now)) return No(NoQuorum);
                return Append(s, ask, now with { Voters = now.Voters.Remove(member), Observers = now.Observers.Add(member) });
            default:
                if (!now.Knows(member)) return No($"{member} is neither an observer nor a full node.");
                if (member == s.Self) return No(OnLeader);
                if (now.Voters.Contains(member) && now.Voters.Count == 1) return No("the last full node can not be removed");
                if (now.Voters.Contains(member) && !LeavesQuorum(s, member, ask.Now)) return No(NoQuorum);
                return Append(s, ask, now with { Voters = now.Voters.Remove(member), Observers = now.Observers.Remove(member) });
        }

        Step No(string why) => Step.Of(s, new NotTaken(ask.Tag, s.Self, why));
    }

    /// <summary>Whether enough of the other voters have what is in the log: without them the change might never be committed.</summary>
    private static bool LeavesQuorum(RaftState s, MemberId without, Instant now)
    {
        var rest = s.Membership.Voters.Remove(without);
        return rest.Count(m => m == s.Self || CaughtUp(s, m, now)) > rest.Count / 2;
    }

    private static bool CaughtUp(RaftState s, MemberId member, Instant now) =>
        s.Lead!.Peers.TryGetValue(member, out var p) && now - p.Contact < s.Settings.ElectionMax &&
        p.Match + s.Settings.PromoteWithin >= s.Log.Last.Index;

    private static Step Append(RaftState s, ChangeMembership ask, Membership next)
    {
        var numbered = next with { Epoch = s.Membership.Epoch + 1 };
        var step = Replication.AppendOwn(WithPeers(s, numbered, ask.Now), 1, BatchKind.Membership, default, numbered, ask.Now);
        return step with { Effects = step.Effects.Insert(0, new Taken(ask.Tag)) };
    }

    private static RaftState WithPeers(RaftState s, Membership next, Instant now)
    {
        var lead = s.Lead!;
        var peers = lead.Peers;
        foreach (var gone in peers.Keys.Where(m => !next.Knows(m))) peers = peers.Remove(gone);
        foreach (var come in next.All.Where(m => m != s.Self && !peers.ContainsKey(m)))
            peers = peers.Add(come, Progress.Unknown(s.Log.Last.Index.Next, now));
        return s with { Lead = lead with { Peers = peers } };
    }

    /// <summary>Forgets memberships that a committed one has replaced.</summary>
    public static RaftState Settle(RaftState s)
    {
        var settled = s.Memberships.Count(x => x.At <= s.Committed);
        return settled <= 1 ? s : s with { Memberships = s.Memberships.RemoveRange(0, settled - 1) };
    }

    /// <summary>A leader that is no voter any more, by a committed change, steps down (thesis §4.2.2).</summary>
    public static Step LeaveIfRemoved(RaftState s, Instant now) =>
        s.Lead is not null && !s.IsVoter && s.Memberships[^1].At <= s.Committed ? Election.StepDown(s, now) : Step.Of(s);
}
