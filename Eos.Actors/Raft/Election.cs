using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Raft.RaftProtocol;

namespace Eos.Raft;

/// <summary>Who leads (paper §5.2, §5.4.1; pre-vote: thesis §9.6; stickiness: thesis §4.2.3).</summary>
public static class Election
{
    /// <summary>Draws the next election wait.</summary>
    public static RaftState Rearm(RaftState s, Instant now) => Wait(s, now, s.Settings.ElectionMin, s.Settings.ElectionMax);

    /// <summary>A short wait where nobody leads: a question that changes nothing may be asked again soon, and who lets another go first need not wait for
    /// long. About a heartbeat: longer than an answer takes, and drawn so that two don't meet again.</summary>
    private static RaftState Soon(RaftState s, Instant now) => Wait(s, now, s.Settings.Heartbeat / 2, s.Settings.Heartbeat * 1.5);

    private static RaftState Wait(RaftState s, Instant now, TimeSpan least, TimeSpan most)
    {
        var next = s.Chance + 0x9E3779B97F4A7C15;
        var z = next;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        var wait = least + TimeSpan.FromTicks((long)(z % (ulong)((most - least).Ticks + 1)));
        return s with { Chance = next, Deadline = now + wait };
    }

    public static Step OnTick(RaftState s, Instant now)
    {
        if (now < s.Deadline) return Step.Of(s);
        if (!s.MayStand || s.DiskBroken) return Step.Of(Rearm(s, now));
        return StandByPreVote(s, now);
    }

    private static Step StandByPreVote(RaftState s, Instant now)
    {
        var asking = Soon(s with { Role = RoleKind.PreCandidate, Leader = null, Votes = s.OwnVote }, now);
        if (asking.Votes.Count >= asking.Membership.Quorum) return Stand(asking, now, byTransfer: false);
        return new Step(asking, [.. asking.OtherVoters.Select(m => new Send(m, new AskPreVote(asking.Term.Next, asking.Log.Last)))]);
    }

    /// <summary>A real election: the new term and the own vote are on disk before anybody is asked.</summary>
    public static Step Stand(RaftState s, Instant now, bool byTransfer)
    {
        var standing = Rearm(s with { Role = RoleKind.Candidate, Term = s.Term.Next, Vote = s.Self, Leader = null, Votes = s.OwnVote, ByTransfer = byTransfer }, now);
        var step = Step.Of(standing, new Persist(standing.Term, standing.Vote, null, []));
        if (standing.Votes.Count >= standing.Membership.Quorum) return step.Then(x => Replication.Ascend(x, now));
        return step with
        {
            Effects = step.Effects.AddRange(standing.OtherVoters.Select(m => new Send(m, new AskVote(standing.Term, standing.Log.Last, byTransfer)))),
        };
    }

    public static Step OnAskPreVote(RaftState s, MemberId from, AskPreVote m, Instant now)
    {
        var granted = m.Term > s.Term && !OwesLease(s, now) && m.Last.CompareTo(s.Log.Last) >= 0;
        return Step.Of(granted ? LetGoFirst(s, from, m, now) : s, new Send(from, new PreVote(granted ? m.Term : s.Term, granted)));
    }

    /// <summary>Two that stand at the same time split the votes: whoever would elect another waits a little before it stands itself. Of two that ask each other
    /// with equal logs only one does, or both would begin anew.</summary>
    private static RaftState LetGoFirst(RaftState s, MemberId other, AskPreVote m, Instant now)
    {
        if (s.Role is RoleKind.Candidate or RoleKind.Leader) return s;
        if (s.Role == RoleKind.PreCandidate && m.Last == s.Log.Last && s.Self.CompareTo(other) < 0) return s;
        var later = Soon(s with { Role = RoleKind.Follower, Votes = [] }, now);
        return later with { Deadline = Max(later.Deadline, s.Deadline) };
    }

    public static Step OnPreVote(RaftState s, MemberId from, PreVote m, Instant now)
    {
        if (!m.Granted) return Adopt(s, m.Term, now);
        if (s.Role != RoleKind.PreCandidate || m.Term != s.Term.Next || !s.Membership.Voters.Contains(from)) return Step.Of(s);
        var more = s with { Votes = s.Votes.Add(from) };
        return more.Votes.Count >= more.Membership.Quorum ? Stand(more, now, byTransfer: false) : Step.Of(more);
    }

    /// <summary>One vote a term, for a log at least as new, and for nobody while a leader may hold a lease — unless that leader itself asked for the election.</summary>
    public static Step OnAskVote(RaftState s, MemberId from, AskVote m, Instant now)
    {
        if (m.Term < s.Term || (!m.ByTransfer && OwesLease(s, now)))
            return Step.Of(s, new Send(from, new Vote(s.Term, false, false)));
        var adopted = Adopt(s, m.Term, now);
        var t = adopted.State;
        var veto = m.Last.Index < t.Committed;
        var granted = !t.DiskBroken && !veto && (t.Vote ?? from) == from && m.Last.CompareTo(t.Log.Last) >= 0;
        var next = granted ? Rearm(t with { Vote = from, Role = RoleKind.Follower, Votes = [] }, now) : t;
        return new Step(next, adopted.Effects.RemoveAll(e => e is Persist)
            .Add(new Persist(next.Term, next.Vote, null, []))
            .Add(new Send(from, new Vote(next.Term, granted, veto))));
    }

    public static Step OnVote(RaftState s, MemberId from, Vote m, Instant now)
    {
        if (m.Term > s.Term) return Adopt(s, m.Term, now);
        if (m.Term < s.Term || s.Role != RoleKind.Candidate) return Step.Of(s);
        if (m.Veto)
        {
            return Step.Of(Rearm(s with { Role = RoleKind.Follower, Votes = [] }, now),
                new Note($"{from} vetoes this member as a leader: it would lose committed entries"));
        }
        if (!s.Membership.Voters.Contains(from)) return Step.Of(s);
        if (!m.Granted)
        {
            var again = Soon(s, now);
            return Step.Of(again with { Deadline = Min(again.Deadline, s.Deadline) });
        }
        var more = s with { Votes = s.Votes.Add(from) };
        return more.Votes.Count >= more.Membership.Quorum ? Replication.Ascend(more, now) : Step.Of(more);
    }

    /// <summary>The leader asks this member to stand: at once, without a pre-vote.</summary>
    public static Step OnStandNow(RaftState s, MemberId from, StandNow m, Instant now) =>
        m.Term == s.Term && s.Leader == from && s.IsVoter && !s.DiskBroken ? Stand(s, now, byTransfer: true) : Step.Of(s);

    /// <summary>A term that others have reached already; a leader or candidate steps down.</summary>
    public static Step Adopt(RaftState s, Term term, Instant now)
    {
        if (term <= s.Term) return Step.Of(s);
        var down = StepDown(s, now);
        var next = down.State with { Term = term, Vote = null, Leader = null };
        return new Step(next, down.Effects.Add(new Persist(next.Term, null, null, [])));
    }

    /// <summary>Becomes a follower in the same term.</summary>
    public static Step StepDown(RaftState s, Instant now)
    {
        if (s.Role == RoleKind.Follower) return Step.Of(s);
        var follower = Rearm(s with { Role = RoleKind.Follower, Leader = s.Role == RoleKind.Leader ? null : s.Leader, Lead = null, Votes = [] }, now);
        if (s.Lead is not { } lead) return Step.Of(follower);
        // What a leader has promised by contact it owes to itself too: it refuses challengers as long as its followers do.
        var owed = follower with { HeardLeader = Max(follower.HeardLeader, Lease.QuorumContact(s, now)) };
        return new Step(owed, [new Lost(s.Committed), .. lead.Reads.Select(r => new NotTaken(r.Tag, null, "not leading any more"))]);
    }

    /// <summary>A leader's message of this term or a later one: follow it.</summary>
    public static Step Follow(RaftState s, MemberId leader, Term term, Instant now)
    {
        var step = term > s.Term ? Adopt(s, term, now) : StepDown(s, now);
        return step with { State = Rearm(step.State with { Leader = leader, HeardLeader = now }, now) };
    }

    /// <summary>Whether a leader may be reading alone on the strength of this member's silence.</summary>
    public static bool OwesLease(RaftState s, Instant now)
    {
        var heard = s.Role == RoleKind.Leader ? Lease.QuorumContact(s, now) : s.HeardLeader;
        return now - heard < s.Settings.ElectionMin;
    }

    private static Instant Max(Instant a, Instant b) => a > b ? a : b;

    private static Instant Min(Instant a, Instant b) => a < b ? a : b;
}
