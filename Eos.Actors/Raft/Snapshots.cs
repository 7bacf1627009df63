using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Raft.RaftProtocol;

namespace Eos.Raft;

/// <summary>Snapshots in resumable chunks, and the trimming of the log that they allow (paper §7).</summary>
public static class Snapshots
{
    public static Step OnMade(RaftState s, SnapshotMade made)
    {
        if (s.Snapshot is { } known && known.Position.Index >= made.Snapshot.Position.Index) return Step.Of(s);
        return Trim(s with { Snapshot = made.Snapshot }, made.Free, made.Now);
    }

    /// <summary>Goes on with the newer snapshot from its beginning, at once.</summary>
    public static Step OnReplaced(RaftState s, SnapshotReplaced m) => OnMade(s, new SnapshotMade(m.Now, m.Snapshot)).Then(x =>
    {
        if (x.Lead is not { } lead || !lead.Peers.TryGetValue(m.For, out var p) || p.Mode != ProgressMode.Snapshot) return Step.Of(x);
        if (p.Snapshot!.Position.Index > m.Snapshot.Position.Index) return Step.Of(x);
        return Step.Of(x with { Lead = lead with { Peers = lead.Peers.SetItem(m.For, p with { Snapshot = m.Snapshot, Offset = 0, Waiting = m.Now }) } });
    });

    /// <summary>Drops what is in the snapshot, except for some entries behind it and, on a leader, what followers still need that come further. Who answers and
    /// stays where it is, since its disk refuses for example, would make the leader's log grow without end: it gets the snapshot later.</summary>
    private static Step Trim(RaftState s, LogIndex free, Instant now)
    {
        var made = s.Snapshot!.Position.Index;
        var upTo = LogIndex.Max(LogIndex.Min(free, made), made.Value > s.Settings.KeepEntries ? new LogIndex(made.Value - s.Settings.KeepEntries) : LogIndex.None);
        if (s.Lead is { } lead)
        {
            foreach (var p in lead.Peers.Values.Where(p => now - p.Moved < s.Settings.ElectionMax * 10)) upTo = LogIndex.Min(upTo, p.Covered);
        }
        if (upTo <= s.Log.Base.Index || s.Log.TermAt(upTo) is not { } term) return Step.Of(s);
        return Step.Of(s with { Log = s.Log.StartAfter(new LogPosition(term, upTo)) }, new Trim(upTo));
    }

    public static Step OnChunk(RaftState s, MemberId from, SnapshotChunk m, Instant now)
    {
        if (m.Term < s.Term) return Step.Of(s, new Send(from, new Alive(s.Term, m.SentAt)));
        return Election.Follow(s, from, m.Term, now).Then(x =>
        {
            if (x.DiskBroken) return Step.Of(x);
            return m.Snapshot.Position.Index <= x.Committed
                ? Step.Of(x, new Persist(x.Term, x.Vote, null, []), new Send(from, new SnapshotProgress(x.Term, m.Snapshot.Position, m.Snapshot.Size, Installed: true, m.SentAt)))
                : Step.Of(x, new KeepChunk(from, m));
        });
    }

    public static Step OnProgress(RaftState s, MemberId from, SnapshotProgress m, Instant now)
    {
        if (Replication.Peer(s, from, m.Term) is not { } p) return Step.Of(s);
        var heard = p with { Contact = p.Contact > m.SentAt ? p.Contact : m.SentAt };
        if (p.Mode == ProgressMode.Snapshot && p.Snapshot!.Position == m.Snapshot)
        {
            heard = m.Installed
                ? (heard with { Match = LogIndex.Max(heard.Match, m.Snapshot.Index) }).ToProbe(m.Snapshot.Index.Next)
                : heard with { Offset = m.Received, Waiting = null };
        }
        return Replication.Heard(s, from, heard, now).Then(x => Replication.AdvanceCommit(x, now)).Then(x => x.Lead is null ? Step.Of(x) : Replication.Feed(x, from, now));
    }

    /// <summary>The state is that of the snapshot now; the own log goes on after it where the two agree. A leader may have sent more than that meanwhile, and committed it.</summary>
    public static Step OnInstalled(RaftState s, SnapshotInstalled installed)
    {
        var (position, snapshot) = (installed.Snapshot.Position, installed.Snapshot);
        if (position.Index <= s.Log.Base.Index) return Answer(s);
        if (position.Index <= s.Committed && !s.Log.Has(position))
            throw new InvalidOperationException($"{installed.From} has sent a snapshot of entry {position.Index} of term {position.Term}; another one is committed there");
        var log = s.Log.StartAfter(position);
        var memberships = s.Memberships.RemoveAll(x => x.At <= position.Index || x.At > log.Last.Index).Insert(0, (position.Index, snapshot.Membership));
        var next = s with
        {
            Log = log,
            Committed = LogIndex.Max(s.Committed, position.Index),
            CommitTold = LogIndex.Max(s.CommitTold, position.Index),
            AppliedUpTo = LogIndex.Max(s.AppliedUpTo, position.Index),
            StoredUpTo = LogIndex.Max(LogIndex.Min(s.StoredUpTo, log.Last.Index), position.Index),
            Memberships = memberships,
            Snapshot = s.Snapshot is { } own && own.Position.Index > position.Index ? own : snapshot,
            LogTimeBase = log.Last == position ? (snapshot.LogTime, installed.Now) : s.LogTimeBase,
        };
        return Answer(Members.Settle(next));

        Step Answer(RaftState x) => Step.Of(x, new Persist(x.Term, x.Vote, null, []),
            new Send(installed.From, new SnapshotProgress(x.Term, position, snapshot.Size, Installed: true, installed.SentAt)));
    }
}
