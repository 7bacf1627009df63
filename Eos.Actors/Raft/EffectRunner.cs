using Akka.Actor;
using Eos.Kernel;
using static Eos.Raft.RaftProtocol;

namespace Eos.Raft;

/// <summary>
/// Feeds a member's rules and does what they say (ADR 4). Every write of a step joins the log's queue at once and in order; what follows a write in its
/// step waits for it; what the effects of a step bring up waits until that step's own effects are under way. All in the turn of the member's actor.
/// </summary>
internal sealed class EffectRunner
{
    private readonly RaftNodeFiles _files;
    private readonly QdbLimits _limits;
    private readonly IClock _clock;
    private readonly Action<string> _note;
    private readonly Queue<IInput> _inputs = new();
    private readonly Dictionary<MemberId, Instant> _exporting = [];
    private readonly Readers _readers;
    private readonly Applier _applier;
    private long _leaseUntil = long.MinValue;
    private ulong _tag;
    private bool _stepping;
    private Exception? _logTrouble;
    private Exception? _stateTrouble;
    private Exception? _snapshotTrouble;

    /// <param name="note">What operators should know.</param>
    public EffectRunner(RaftNodeFiles files, QdbLimits limits, IClock clock, IActorRef self, Action<string> note)
    {
        (_files, _limits, _clock, _note, State) = (files, limits, clock, note, files.Start);
        Now = clock.Now;
        OnDisk = (files.Log.Contents.Term, files.Log.Contents.View.Last);
        Proposals = new Proposals(limits);
        Requests = new MemberRequests(self);
        Outbox = new Outbox(State.Settings.MessageBytes);
        _readers = new Readers(files.Machine, files.Upcalls, limits, () => clock.Now < new Instant(Volatile.Read(ref _leaseUntil)));
        _applier = new Applier(files, Proposals, limits);
    }

    public RaftState State { get; private set; }

    /// <summary>The moment of this round.</summary>
    public Instant Now { get; private set; }

    public Proposals Proposals { get; }

    public MemberRequests Requests { get; }

    public Outbox Outbox { get; }

    /// <summary>Term and last entry that the log's disk is known to have.</summary>
    public (Term Term, LogPosition Last) OnDisk { get; private set; }

    /// <summary>What the disks say, or nothing.</summary>
    public string Trouble => (_logTrouble ?? _stateTrouble ?? _snapshotTrouble)?.Message ?? "";

    public ulong NextTag() => ++_tag;

    public void Read(IReadOnlyList<IReading> readings)
    {
        for (var i = 0; i < readings.Count; i++) _readers.Add(readings[i]);
    }

    /// <summary>One round: what the threads of log and state said, what came in, then one batch of everything submitted and one question for everything asked.</summary>
    public void Round(IReadOnlyList<Func<Instant, IInput>> came)
    {
        Now = _clock.Now;
        Listen();
        for (var i = 0; i < came.Count; i++) Input(came[i](Now));
        Propose();
        if (_readers.AnyGathered)
        {
            var tag = NextTag();
            _readers.Asked(tag);
            Input(new AskRead(Now, tag));
        }
        _applier.Go(State.Log);
    }

    public void Input(IInput input)
    {
        _inputs.Enqueue(input);
        if (_stepping) return;
        _stepping = true;
        try
        {
            while (_inputs.TryDequeue(out var next))
            {
                var step = RaftStep.Next(State, next);
                State = step.State;
                Volatile.Write(ref _leaseUntil, State.Lead is null ? long.MinValue : Lease.Until(State).Nanoseconds);
                Run(step.Effects);
            }
        }
        finally
        {
            _stepping = false;
        }
    }

    /// <summary>The member ends: everybody who waits is told.</summary>
    public void Close(string why)
    {
        Volatile.Write(ref _leaseUntil, long.MinValue);
        Proposals.Close(why);
        _readers.Close(why);
        Requests.Close(why);
    }

    /// <summary>While the own disk owes enough batches, what comes in is gathered: the next batch is then larger and not later.</summary>
    private void Propose()
    {
        while (Proposals.AnyWaiting && (State.Lead is null || Proposals.Above(State.StoredUpTo) < _limits.UnstoredBatches))
        {
            var tag = NextTag();
            var batch = Proposals.Take(tag);
            Input(new Propose(Now, tag, (uint)batch.Count, EntryFrames.Write(batch)));
        }
    }

    private void Run(IReadOnlyList<Effect> effects)
    {
        LogWrite? last = null;
        foreach (var effect in effects)
        {
            if (effect is Persist persist)
            {
                var write = last = new LogWrite(persist);
                _files.Keep.Store(persist);
                _files.Log.Store(persist, end => _files.Upcalls.Say(new Upcalls.Stored(write, end)));
            }
            else if (last is null) Do(effect);
            else last.Then.Add(effect);
        }
    }

    private void Do(Effect effect)
    {
        switch (effect)
        {
            case Send m:
                Outbox.Add(m.To, m.Message);
                break;
            case Commit c:
                _applier.Commit(c.UpTo);
                Requests.Committed(c.UpTo);
                break;
            case Accepted a:
                Proposals.Accepted(a, State.Term);
                break;
            case NotTaken n:
                if (!Proposals.NotTaken(n) && !_readers.NotTaken(n)) Requests.NotTaken(n);
                break;
            case Lost l:
                Proposals.Lost(l.Above, "the leadership was lost");
                Requests.Lost(l.Above);
                break;
            case ReadFrom r:
                _readers.Answer(r, State.LogTime(Now));
                break;
            case Taken t:
                Requests.Taken(t.Tag, State.Log.Last.Index);
                break;
            case SendSnapshot s:
                Export(s);
                break;
            case KeepChunk k:
                if (Castagnoli.Of(k.Chunk.Bytes.Span) == k.Chunk.Crc32C) _applier.Keep(k.From, k.Chunk);
                else _note($"a piece of a snapshot from {k.From} arrived broken");
                break;
            case Trim t:
                _files.Log.Trim(t.UpTo);
                break;
            case ReadLog r:
                _files.Log.Read(r.From, r.MaxBytes, slice => _files.Upcalls.Say(new Upcalls.ReadFor(r.For, slice)));
                break;
            case Note n:
                _note(n.Text);
                break;
        }
    }

    /// <summary>What the threads of log and state have said. Of what was stored only the end counts for the rules; what waited for each write is done in order.</summary>
    private void Listen()
    {
        _files.Upcalls.Listen();
        Upcalls.Stored? last = null;
        var stored = new List<Upcalls.Stored>();
        var rest = new List<object>();
        while (_files.Upcalls.TryTake(out var said))
        {
            if (said is not Upcalls.Stored s) rest.Add(said);
            else stored.Add(last = s);
        }
        if (last is not null)
        {
            OnDisk = (last.Write.What.Term, last.End);
            Input(new Stored(Now, last.End));
        }
        foreach (var s in stored) s.Write.Then.ForEach(Do);
        foreach (var said in rest) Hear(said);
        var applied = _files.Upcalls.AppliedUpTo;
        if (applied <= State.AppliedUpTo) return;
        _applier.Applied(applied);
        Input(new Applied(Now, applied));
    }

    private void Hear(object said)
    {
        switch (said)
        {
            case Upcalls.LogHealth h:
                if (h.Trouble is RaftLogRefused or InvalidOperationException) throw h.Trouble;
                Health(h.Trouble, _stateTrouble);
                break;
            case Upcalls.StateHealth h:
                Health(_logTrouble, h.Trouble);
                break;
            case Upcalls.SnapshotHealth h:
                _snapshotTrouble = h.Trouble;
                _note(h.Trouble is null ? "snapshots are written again" : h.Trouble.Message);
                break;
            case Upcalls.StateFailed f:
                throw new InvalidOperationException($"the state can't go on: {f.Why.Message}", f.Why);
            case Upcalls.StateKept k:
                Input(new SnapshotMade(Now, k.Snapshot, _files.Keep.Made(k.Snapshot.Position.Index)));
                break;
            case Upcalls.ReadBack r:
                _applier.ReadBack(r.Slice);
                break;
            case Upcalls.ReadFor r:
                Input(new LogRead(Now, r.For, r.Slice.Previous, r.Slice.Batches));
                break;
            case Upcalls.Stale s:
                Read(s.Readings);
                break;
            case Upcalls.Piece p:
                SendPiece(p.Asked, p.Found);
                break;
            case Upcalls.Expected e:
                _applier.Import(e.From, e.Last);
                break;
            case Upcalls.Kept k:
                if (_applier.Kept(k.Chunk, k.Installed)) Input(new SnapshotInstalled(Now, k.From, k.Chunk.Snapshot, k.Chunk.SentAt));
                else Outbox.Add(k.From, new SnapshotProgress(State.Term, k.Chunk.Snapshot.Position, k.Received, Installed: false, k.Chunk.SentAt));
                break;
        }
    }

    private void Health(Exception? log, Exception? state)
    {
        var (before, after) = (_logTrouble ?? _stateTrouble, log ?? state);
        (_logTrouble, _stateTrouble) = (log, state);
        if ((before is null) == (after is null)) return;
        _note(after is null ? "the disk works again" : $"the disk refuses: {after.Message}");
        Input(after is null ? new DiskWorks(Now) : new DiskFails(Now));
        // The others may have committed what this disk has not got; that is applied here only when there is space again.
        if (after is not null) Proposals.Lost(State.StoredUpTo, "the disk refuses");
    }

    /// <summary>One piece at a time for each member: writing a snapshot out may take longer than the rules' patience.</summary>
    private void Export(SendSnapshot s)
    {
        if (_exporting.TryGetValue(s.To, out var since) && Now - since < State.Settings.ElectionMax * 10) return;
        _exporting[s.To] = Now;
        _files.Machine.Export(s.Snapshot, s.Offset, _limits.ChunkSize, found => _files.Upcalls.Say(new Upcalls.Piece(s, found)));
    }

    private void SendPiece(SendSnapshot asked, SnapshotPiece found)
    {
        _exporting.Remove(asked.To);
        if (State.Lead is null) return;
        var snapshot = found.Snapshot;
        if (snapshot.Position != asked.Snapshot.Position || snapshot.Size != asked.Snapshot.Size) Input(new SnapshotReplaced(Now, asked.To, snapshot));
        Outbox.Add(asked.To, new SnapshotChunk(State.Term, snapshot, found.Offset, found.Bytes, Castagnoli.Of(found.Bytes.Span), asked.SentAt));
    }
}
