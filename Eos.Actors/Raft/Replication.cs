using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Raft.RaftProtocol;

namespace Eos.Raft;

/// <summary>The leader's side of log replication (paper §5.3, §5.4.2).</summary>
public static class Replication
{
    /// <summary>A candidate has its quorum: it leads, and puts its marker into the log. The first leader of all puts the founders there, so that from then
    /// on only the log says who belongs to the group.</summary>
    public static Step Ascend(RaftState s, Instant now)
    {
        var marker = s.Log.Last.Index.Next;
        var peers = s.Others.ToImmutableSortedDictionary(m => m, _ => Progress.Unknown(marker, now));
        var leading = s with
        {
            Role = RoleKind.Leader,
            Leader = s.Self,
            Votes = [],
            LogTimeBase = (s.LogTimeBase.Time, now),
            Lead = new Leading(peers, marker, now, [], false, null, now),
        };
        return s.Memberships[^1].At == LogIndex.None
            ? AppendOwn(leading, 1, BatchKind.Membership, default, s.Membership, now)
            : AppendOwn(leading, 1, BatchKind.Marker, default, null, now);
    }

    public static Step OnPropose(RaftState s, Propose p)
    {
        if (s.Lead is not { } lead) return Step.Of(s, new NotTaken(p.Tag, s.Leader, "not leading"));
        if (lead.Successor is { } successor) return Step.Of(s, new NotTaken(p.Tag, successor.To, "leadership is being handed over"));
        var first = s.Log.Last.Index.Next;
        var step = AppendOwn(s, p.Count, BatchKind.Commands, p.Payload, null, p.Now);
        return step with { Effects = step.Effects.Insert(0, new Accepted(p.Tag, first, step.State.Log.Last.Index)) };
    }

    /// <summary>Puts a batch at the end of the own log. Followers are sent it before the own disk has it; both work at the same time.</summary>
    public static Step AppendOwn(RaftState s, uint count, BatchKind kind, ReadOnlyMemory<byte> payload, Membership? membership, Instant now)
    {
        var batch = new LogBatch(s.Term, s.Log.Last.Index.Next, count, s.LogTime(now), kind, payload, membership);
        var next = s with { Log = s.Log.Append(batch).Shorten(s.Settings.TailEntries, s.Settings.TailBytes), LogTimeBase = (batch.LogTime, now) };
        if (membership is not null) next = next with { Memberships = next.Memberships.Add((batch.First, membership)) };
        return FeedAll(next, now).And(new Persist(next.Term, next.Vote, null, [batch]));
    }

    public static Step OnTick(RaftState s, Instant now)
    {
        var lead = s.Lead!;
        if (s.DiskBroken) return Election.StepDown(s, now).And(new Note("the log's disk fails: stepping down"));
        var contact = Lease.QuorumContact(s, now);
        if (now - (contact > lead.Since ? contact : lead.Since) > s.Settings.ElectionMax)
            return Election.StepDown(s, now).And(new Note("no contact with a quorum: stepping down"));
        if (lead.Successor is { } successor && now > successor.Until) s = s with { Lead = lead with { Successor = null } };
        s = s with { Lead = s.Lead! with { Peers = s.Lead.Peers.ToImmutableSortedDictionary(p => p.Key, p => Patience(s, p.Value, now)) } };
        var step = FeedAll(s, now);
        return now - s.Lead.LastHeartbeat >= s.Settings.Heartbeat ? step.Then(x => Beat(x, now)) : step;
    }

    /// <summary>What has been unanswered for too long is asked again.</summary>
    private static Progress Patience(RaftState s, Progress p, Instant now)
    {
        if (p.Waiting is not { } since || now - since < s.Settings.Heartbeat * 2) return p;
        if (p.Mode != ProgressMode.Snapshot) return p.ToProbe(p.Match.Next);
        // A newer snapshot has taken the place of the one that was being sent: begin with that.
        return p.Snapshot!.Position == s.Snapshot!.Position ? p with { Waiting = null } : p with { Snapshot = s.Snapshot, Offset = 0, Waiting = null };
    }

    /// <summary>
    /// Who is its own quorum leads before its disk has the term; more voters are only asked after. Until the marker is stored it tells nobody: after a crash it
    /// would lead the same term again, with other entries than those that an observer had heard of.
    /// </summary>
    private static bool MaySpeak(RaftState s) => s.Membership.Quorum > 1 || s.StoredUpTo >= s.Lead!.ServesFrom;

    public static Step Beat(RaftState s, Instant now)
    {
        var lead = s.Lead!;
        if (!MaySpeak(s)) return Step.Of(s);
        return new Step(s with { Lead = lead with { LastHeartbeat = now } },
            [.. lead.Peers.Select(p => new Send(p.Key, new Heartbeat(s.Term, LogIndex.Min(s.Committed, p.Value.Match), now)))]);
    }

    public static Step FeedAll(RaftState s, Instant now)
    {
        var step = Step.Of(s);
        foreach (var member in s.Lead!.Peers.Keys) step = step.Then(x => Feed(x, member, now));
        return step;
    }

    /// <summary>Sends a follower what it lacks, as far as its progress allows.</summary>
    public static Step Feed(RaftState s, MemberId to, Instant now)
    {
        if (!MaySpeak(s)) return Step.Of(s);
        var p = s.Lead!.Peers[to];
        var effects = ImmutableList.CreateBuilder<Effect>();
        if (p.Mode == ProgressMode.Snapshot)
        {
            if (p.Waiting is null)
            {
                effects.Add(new SendSnapshot(to, p.Snapshot!, p.Offset, now));
                p = p with { Waiting = now };
            }
        }
        else if (p.Mode == ProgressMode.Probe)
        {
            if (p.Waiting is null) p = SendSome(s, to, p, now, effects, probing: true);
        }
        else
        {
            while (p.InFlightCount < s.Settings.Window && p.Next <= s.Log.Last.Index && p.Mode == ProgressMode.Stream)
            {
                var before = p.Next;
                p = SendSome(s, to, p, now, effects, probing: false);
                if (p.Next == before) break;
            }
        }
        return new Step(s with { Lead = s.Lead with { Peers = s.Lead.Peers.SetItem(to, p) } }, effects.ToImmutable());
    }

    private static Progress SendSome(RaftState s, MemberId to, Progress p, Instant now, ImmutableList<Effect>.Builder effects, bool probing)
    {
        if (s.Log.TermAt(p.Next.Previous) is not { } term) return StartSnapshot(s, to, p, now, effects);
        if (s.Log.After(p.Next.Previous, s.Settings.MessageBytes) is not { } batches)
        {
            effects.Add(new ReadLog(to, p.Next, s.Settings.MessageBytes));
            return p.ToProbe(p.Next) with { Waiting = now };
        }
        var previous = new LogPosition(term, p.Next.Previous);
        if (!batches.IsEmpty && batches[0].First != p.Next)
        {
            var before = batches[0].First.Previous;
            if (s.Log.TermAt(before) is not { } earlier) return StartSnapshot(s, to, p, now, effects);
            previous = new LogPosition(earlier, before);
        }
        effects.Add(new Send(to, new Append(s.Term, previous, batches, s.Committed, now)));
        if (probing) return p with { Waiting = now };
        var last = batches[^1].Last;
        return p with { Next = last.Next, InFlight = p.InFlight.Enqueue(last), InFlightCount = p.InFlightCount + 1, Waiting = p.Waiting ?? now };
    }

    private static Progress StartSnapshot(RaftState s, MemberId to, Progress p, Instant now, ImmutableList<Effect>.Builder effects)
    {
        if (s.Snapshot is not { } snapshot)
        {
            effects.Add(new Note($"{to} is behind the log and there is no snapshot yet"));
            return p.ToProbe(p.Next) with { Waiting = now };
        }
        effects.Add(new SendSnapshot(to, snapshot, 0, now));
        return p with { Mode = ProgressMode.Snapshot, Snapshot = snapshot, Offset = 0, Waiting = now, InFlight = [], InFlightCount = 0 };
    }

    /// <summary>Entries read from disk for a follower that is behind the tail in memory.</summary>
    public static Step OnLogRead(RaftState s, LogRead read)
    {
        if (s.Lead is not { } lead || !lead.Peers.TryGetValue(read.For, out var p) || p.Mode != ProgressMode.Probe) return Step.Of(s);
        if (read.Batches.IsEmpty || !s.Log.Has(read.Previous) || read.Batches.Any(b => !s.Log.Has(b.Position)))
            return Step.Of(s with { Lead = lead with { Peers = lead.Peers.SetItem(read.For, p with { Waiting = null }) } });
        return Step.Of(s with { Lead = lead with { Peers = lead.Peers.SetItem(read.For, p with { Waiting = read.Now }) } },
            new Send(read.For, new Append(s.Term, read.Previous, read.Batches, s.Committed, read.Now)));
    }

    public static Step OnAppended(RaftState s, MemberId from, Appended m, Instant now)
    {
        if (Peer(s, from, m.Term) is not { } p) return Step.Of(s);
        var match = LogIndex.Max(p.Match, m.Match);
        var (inFlight, count) = (p.InFlight, p.InFlightCount);
        while (!inFlight.IsEmpty && inFlight.Peek() <= match)
        {
            inFlight = inFlight.Dequeue();
            count--;
        }
        var next = p with
        {
            Match = match,
            Next = LogIndex.Max(p.Next, match.Next),
            Mode = p.Mode == ProgressMode.Snapshot ? p.Mode : ProgressMode.Stream,
            InFlight = inFlight,
            InFlightCount = count,
            Contact = p.Contact > m.SentAt ? p.Contact : m.SentAt,
            Waiting = p.Mode == ProgressMode.Snapshot ? p.Waiting : count == 0 ? null : now,
        };
        return Heard(s, from, next, now).Then(x => AdvanceCommit(x, now)).Then(x => x.Lead is null ? Step.Of(x) : Feed(x, from, now)).Then(Succession.Proceed);
    }

    public static Step OnRejected(RaftState s, MemberId from, Rejected m, Instant now)
    {
        if (Peer(s, from, m.Term) is not { } p) return Step.Of(s);
        var heard = p with { Contact = p.Contact > m.SentAt ? p.Contact : m.SentAt };
        var stale = p.Mode == ProgressMode.Snapshot || m.Asked <= p.Match;
        if (!stale)
        {
            var below = m.Hint.Index < s.Log.Base.Index ? m.Hint.Index : s.Log.LastNotAfter(m.Hint.Term, LogIndex.Min(m.Hint.Index, m.Asked.Previous)).Index;
            heard = heard.ToProbe(below.Next);
        }
        return Heard(s, from, heard, now).Then(x => x.Lead is null ? Step.Of(x) : Feed(x, from, now));
    }

    public static Step OnAlive(RaftState s, MemberId from, Alive m, Instant now)
    {
        if (Peer(s, from, m.Term) is not { } p) return Step.Of(s);
        return Heard(s, from, p with { Contact = p.Contact > m.SentAt ? p.Contact : m.SentAt }, now);
    }

    /// <summary>That follower's progress, if this member leads in that term.</summary>
    public static Progress? Peer(RaftState s, MemberId from, Term term) =>
        s.Lead is { } lead && term == s.Term && lead.Peers.TryGetValue(from, out var p) ? p : null;

    /// <summary>A follower has answered: reads may have become answerable.</summary>
    public static Step Heard(RaftState s, MemberId from, Progress p, Instant now)
    {
        var heard = p.Moves(s.Lead!.Peers[from], s.Log.Last.Index) ? p with { Moved = now } : p;
        return Lease.Confirm(s with { Lead = s.Lead with { Peers = s.Lead.Peers.SetItem(from, heard) } }, now);
    }

    /// <summary>Commits what a quorum has on disk, if this term wrote it (paper §5.4.2).</summary>
    public static Step AdvanceCommit(RaftState s, Instant now)
    {
        if (s.Lead is not { } lead) return Step.Of(s);
        var stored = s.Membership.Voters
            .Select(m => m == s.Self ? s.StoredUpTo : lead.Peers.TryGetValue(m, out var p) ? p.Match : LogIndex.None)
            .OrderByDescending(i => i.Value).ElementAt(s.Membership.Quorum - 1);
        if (stored <= s.Committed || s.Log.TermAt(stored) != s.Term) return Follower.TellCommit(s);
        return Follower.TellCommit(Members.Settle(s with { Committed = stored })).Then(x => Members.LeaveIfRemoved(x, now));
    }
}
