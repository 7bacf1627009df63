using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Raft.RaftProtocol;

namespace Eos.Raft;

/// <summary>The follower's side of log replication (paper §5.3).</summary>
public static class Follower
{
    public static Step OnAppend(RaftState s, MemberId from, Append m, Instant now)
    {
        if (m.Term < s.Term) return Step.Of(s, new Send(from, new Alive(s.Term, m.SentAt)));
        return Election.Follow(s, from, m.Term, now).Then(x => Take(x, from, m, now));
    }

    private static Step Take(RaftState s, MemberId from, Append m, Instant now)
    {
        if (s.DiskBroken) return Step.Of(s);
        // What lies below the own base is committed and so agrees.
        if (m.Previous.Index >= s.Log.Base.Index && !s.Log.Has(m.Previous))
        {
            var hint = m.Previous.Index > s.Log.Last.Index ? s.Log.Last : s.Log.LastNotAfter(m.Previous.Term, m.Previous.Index.Previous);
            return Step.Of(s, new Send(from, new Rejected(s.Term, m.Previous.Index, hint, m.SentAt)));
        }
        var proved = m.Batches.IsEmpty ? m.Previous.Index : m.Batches[^1].Last;
        var fresh = m.Batches.SkipWhile(b => b.Last <= s.Log.Base.Index || s.Log.Has(b.Position)).ToImmutableArray();
        LogIndex? cut = null;
        var next = s;
        if (!fresh.IsEmpty && fresh[0].First <= s.Log.Last.Index)
        {
            cut = fresh[0].First;
            if (cut <= s.Committed) throw new InvalidOperationException($"{from} would replace committed entries from {cut} on; committed is {s.Committed}");
            next = Truncate(next, cut.Value);
        }
        foreach (var batch in fresh)
        {
            next = next with { Log = next.Log.Append(batch), LogTimeBase = (batch.LogTime, now) };
            if (batch.Membership is { } membership) next = next with { Memberships = next.Memberships.Add((batch.First, membership)) };
        }
        next = next with { Log = next.Log.Shorten(s.Settings.TailEntries, s.Settings.TailBytes), Committed = LogIndex.Max(next.Committed, LogIndex.Min(m.Commit, proved)) };
        return Step.Of(Members.Settle(next),
                new Persist(next.Term, next.Vote, cut, fresh),
                new Send(from, new Appended(next.Term, proved, m.SentAt)))
            .Then(TellCommit);
    }

    private static RaftState Truncate(RaftState s, LogIndex from) => s with
    {
        Log = s.Log.TruncateFrom(from),
        StoredUpTo = LogIndex.Min(s.StoredUpTo, from.Previous),
        Memberships = s.Memberships.RemoveAll(x => x.At >= from),
    };

    public static Step OnHeartbeat(RaftState s, MemberId from, Heartbeat m, Instant now)
    {
        if (m.Term < s.Term) return Step.Of(s, new Send(from, new Alive(s.Term, m.SentAt)));
        return Election.Follow(s, from, m.Term, now)
            .Then(x => TellCommit(Members.Settle(x with { Committed = LogIndex.Max(x.Committed, LogIndex.Min(m.Commit, x.Log.Last.Index)) })))
            .And(new Send(from, new Alive(m.Term, m.SentAt)));
    }

    public static Step OnStored(RaftState s, Stored stored, Instant now)
    {
        if (!s.Log.Has(stored.UpTo) || stored.UpTo.Index <= s.StoredUpTo) return Step.Of(s);
        return Replication.AdvanceCommit(s with { StoredUpTo = stored.UpTo.Index }, now).Then(TellCommit).Then(Succession.Proceed);
    }

    /// <summary>Lets the shell apply what is committed and on this member's own disk.</summary>
    public static Step TellCommit(RaftState s)
    {
        var upTo = LogIndex.Min(s.Committed, s.StoredUpTo);
        return upTo > s.CommitTold ? Step.Of(s with { CommitTold = upTo }, new Commit(upTo)) : Step.Of(s);
    }
}
