using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Raft.RaftProtocol;

namespace Eos.Raft;

/// <summary>Reads without a log entry: by lease, else after a round of heartbeats (thesis §6.4).</summary>
public static class Lease
{
    private static readonly Instant Never = new(long.MinValue / 4);

    /// <summary>The latest moment for which a quorum, this leader included, has answered something sent then or later.</summary>
    public static Instant QuorumContact(RaftState s, Instant now)
    {
        if (s.Lead is not { } lead) return Never;
        var needed = s.Membership.Quorum - (s.IsVoter ? 1 : 0);
        if (needed <= 0) return now;
        var contacts = s.OtherVoters.Select(m => lead.Peers.TryGetValue(m, out var p) ? p.Contact : Never).OrderByDescending(c => c.Nanoseconds);
        return contacts.ElementAt(needed - 1);
    }

    /// <summary>Whether this leader may answer reads alone at that moment. Ask it with the moment taken <i>after</i> the value was read.</summary>
    public static bool Holds(RaftState s, Instant now) => now < Until(s);

    /// <summary>The moment from which on this leader may not answer reads alone any more, by what it knows now.</summary>
    public static Instant Until(RaftState s)
    {
        if (s.Lead is not { LeaseForfeited: false } lead || s.Committed < lead.ServesFrom) return Never;
        return s.IsVoter && s.Membership.Quorum == 1 ? new Instant(long.MaxValue) : QuorumContact(s, Never) + s.Settings.LeaseDuration;
    }

    public static Step OnAskRead(RaftState s, AskRead ask)
    {
        if (s.Lead is not { } lead) return Step.Of(s, new NotTaken(ask.Tag, s.Leader, "not leading"));
        var at = LogIndex.Max(s.Committed, lead.ServesFrom);
        if (Holds(s, ask.Now)) return Step.Of(s, new ReadFrom(ask.Tag, at, Confirmed: false));
        var waiting = s with { Lead = lead with { Reads = lead.Reads.Add(new PendingRead(ask.Tag, at, ask.Now)) } };
        if (waiting.Membership.Quorum == 1 && waiting.IsVoter) return Confirm(waiting, ask.Now);
        return lead.LastHeartbeat == ask.Now ? Step.Of(waiting) : Replication.Beat(waiting, ask.Now);
    }

    /// <summary>Answers the reads that a quorum has meanwhile confirmed.</summary>
    public static Step Confirm(RaftState s, Instant now)
    {
        if (s.Lead is not { Reads.IsEmpty: false } lead) return Step.Of(s);
        var contact = QuorumContact(s, now);
        var ready = lead.Reads.TakeWhile(r => r.AskedAt <= contact).ToImmutableList();
        if (ready.IsEmpty) return Step.Of(s);
        return new Step(s with { Lead = lead with { Reads = lead.Reads.RemoveRange(0, ready.Count) } },
            [.. ready.Select(r => new ReadFrom(r.Tag, r.At, Confirmed: true))]);
    }
}
