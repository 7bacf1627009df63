using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Raft;
using static Eos.Raft.RaftProtocol;

namespace Eos.Tests.Support.Raft;

/// <summary>The shell of a simulated member: a disk that loses what was not synced, a clock that drifts, the state machine of those who use the group.</summary>
internal sealed class SimMember
{
    /// <summary>What survives a crash.</summary>
    private sealed class Disk
    {
        public Term Term;
        public MemberId? Vote;
        public List<LogBatch> Log = [];
        public LogPosition Base;
        public (SnapshotInfo Info, byte[] Bytes)? Snapshot;
    }

    private sealed record Write(Persist What, List<Effect> Then);

    private readonly World _world;
    private readonly Disk _disk = new();
    private readonly Queue<Write> _writes = new();
    private readonly Membership _initial;
    private readonly double _drift;
    private Membership _membership;
    private readonly Queue<IInput> _inputs = new();
    private bool _stepping;
    private int _life;
    private (LogPosition Position, byte[] Bytes)? _incoming;
    private readonly Dictionary<ulong, (LogIndex First, LogIndex Last, Term Term)> _accepted = [];
    private readonly List<(ulong Tag, LogIndex At, bool Confirmed)> _reads = [];

    public SimMember(World world, MemberId id, Membership initial, double drift)
    {
        _world = world;
        Id = id;
        _initial = _membership = initial;
        _drift = drift;
        Boot();
    }

    public MemberId Id { get; }

    public RaftState State { get; private set; } = null!;

    public bool Up { get; private set; } = true;

    public bool Paused { get; private set; }

    public LogIndex Applied { get; private set; }

    public ISimState Machine { get; private set; } = null!;

    /// <summary>This member's clock: goes on while it is paused, at its own speed.</summary>
    public Instant Now => new((long)(_world.Agenda.Now.Ticks * 100 * (1 + _drift)) + 1_000_000_000_000);

    public void Boot()
    {
        _life++;
        Up = true;
        Paused = false;
        _writes.Clear();
        _incoming = null;
        _accepted.Clear();
        _reads.Clear();
        var view = LogView.Empty with { Base = _disk.Base, Last = _disk.Base };
        foreach (var batch in _disk.Log) view = view.Append(batch);
        Machine = _world.Clients.Machine(_disk.Snapshot?.Bytes);
        Applied = _disk.Snapshot?.Info.Position.Index ?? LogIndex.None;
        _membership = _disk.Snapshot?.Info.Membership ?? _initial;
        var known = _disk.Snapshot is { } snap ? (snap.Info.Position.Index, snap.Info.Membership) : (LogIndex.None, _initial);
        var memberships = ImmutableArray.Create(known).AddRange(
            _disk.Log.Where(b => b.Membership is not null && b.First > known.Item1).Select(b => (b.First, b.Membership!)));
        var logTime = _disk.Log.Count > 0 ? _disk.Log[^1].LogTime : _disk.Snapshot?.Info.LogTime ?? TimeSpan.Zero;
        State = _world.Rules.Boot(RaftState.Start(Id, _world.Settings, _disk.Term, _disk.Vote, view, _disk.Snapshot?.Info, memberships, Applied, logTime, _world.Chances.Next(), Now));
        _world.Safety.Booted(this);
        Tick(_life);
    }

    public void Crash()
    {
        // What the disk was told and had not confirmed is gone, all but a prefix of it.
        var kept = _writes.Count == 0 ? 0 : _world.Chances.Below(_writes.Count + 1);
        foreach (var write in _writes.Take(kept)) Put(write.What);
        _world.Safety.Crashed(this, _disk.Term);
        Up = false;
        _life++;
        _world.Clients.MemberDied(Id);
    }

    public void Pause() => Paused = true;

    public void Resume() => Paused = false;

    private void Tick(int life)
    {
        if (life != _life) return;
        if (!Paused) Input(new Tick(Now));
        _world.Agenda.After(_world.Chances.Between(8, 12), () => Tick(life));
    }

    /// <summary>A request of a client; it waits while this member is stopped, and is lost when it dies.</summary>
    public void Request(Func<Instant, IInput> request)
    {
        var life = _life;
        Try();

        void Try()
        {
            if (life != _life) return;
            if (Paused) _world.Agenda.After(TimeSpan.FromMilliseconds(6), Try);
            else Input(request(Now));
        }
    }

    /// <summary>One step at a time: what the effects of a step bring up waits until that step's own effects are under way.</summary>
    public void Input(IInput input)
    {
        _inputs.Enqueue(input);
        if (_stepping) return;
        _stepping = true;
        try
        {
            while (_inputs.TryDequeue(out var next))
            {
                var before = State;
                var step = Next(next);
                State = step.State;
                _world.Safety.Stepped(this, before);
                Run(step.Effects);
            }
        }
        finally
        {
            _stepping = false;
        }
    }

    private Step Next(IInput input)
    {
        try
        {
            return _world.Rules.Next(State, input);
        }
        catch (InvalidOperationException e)
        {
            throw new Violation($"{Id} can not go on: {e.Message}");
        }
    }

    /// <summary>Every write of a step joins the disk's queue at once, in order; what follows a write waits for it.</summary>
    private void Run(IReadOnlyList<Effect> effects)
    {
        Write? last = null;
        foreach (var effect in effects)
        {
            if (effect is Persist persist) Queue(last = new Write(persist, []));
            else if (last is null || _world.Rules.IgnoresBarriers) Do(effect);
            else last.Then.Add(effect);
        }
    }

    private void Queue(Write write)
    {
        _writes.Enqueue(write);
        if (_writes.Count == 1) SyncNext();
    }

    private void SyncNext()
    {
        var life = _life;
        _world.Agenda.After(_world.Chances.Between(0.2, _world.Chances.Of(_world.Film.SlowWrites) ? 80 : 4), () => Synced(life));
    }

    private void Synced(int life)
    {
        if (life != _life) return;
        if (Paused)
        {
            _world.Agenda.After(TimeSpan.FromMilliseconds(5), () => Synced(life));
            return;
        }
        var write = _writes.Dequeue();
        Put(write.What);
        if (_writes.Count > 0) SyncNext();
        if (_disk.Log.Count > 0 && !write.What.Batches.IsEmpty) Input(new Stored(Now, _disk.Log[^1].Position));
        if (life == _life) write.Then.ForEach(Do);
    }

    private void Put(Persist p)
    {
        (_disk.Term, _disk.Vote) = (p.Term, p.Vote);
        if (p.TruncateFrom is { } from) _disk.Log.RemoveAll(b => b.First >= from);
        foreach (var batch in p.Batches)
            if (batch.First > _disk.Base.Index) _disk.Log.Add(batch);
    }

    private void Do(Effect effect)
    {
        switch (effect)
        {
            case Send m:
                _world.Net.Send(Id, m.To, m.Message);
                break;
            case Commit c:
                Apply(c.UpTo);
                break;
            case Accepted a:
                _accepted[a.Tag] = (a.First, a.Last, State.Term);
                break;
            case NotTaken n:
                _world.Clients.NotTaken(n.Tag, n.Leader);
                break;
            case Lost:
                foreach (var tag in _accepted.Keys) _world.Clients.Unknown(tag);
                _accepted.Clear();
                break;
            case ReadFrom r:
                _reads.Add((r.Tag, r.At, r.Confirmed));
                AnswerReads();
                break;
            case SendSnapshot s:
                SendChunk(s);
                break;
            case KeepChunk k:
                Keep(k);
                break;
            case Trim t:
                TrimLog(t.UpTo);
                break;
            case ReadLog r:
                ReadBack(r);
                break;
        }
    }

    private void ReadBack(ReadLog r)
    {
        var found = _disk.Log.SkipWhile(b => b.Last < r.From).Take(4).ToImmutableArray();
        var previous = found.IsEmpty || found[0].First == LogIndex.None.Next ? LogPosition.Start : PositionBefore(found[0].First);
        var life = _life;
        _world.Agenda.After(_world.Chances.Between(0.1, 3), () =>
        {
            if (life == _life && !Paused) Input(new LogRead(Now, r.For, previous, found));
        });
    }

    private LogPosition PositionBefore(LogIndex first)
    {
        var at = _disk.Log.FindIndex(b => b.First == first);
        return at > 0 ? _disk.Log[at - 1].Position : _disk.Base;
    }

    private void Apply(LogIndex upTo)
    {
        foreach (var batch in _disk.Log.SkipWhile(b => b.Last <= Applied).TakeWhile(b => b.Last <= upTo).ToList())
        {
            _world.Safety.Applied(this, batch);
            if (batch.Kind == BatchKind.Commands)
            {
                var (tag, outcome) = Machine.Apply(batch);
                if (_accepted.TryGetValue(tag, out var a) && a.First <= batch.First && a.Last >= batch.Last && a.Term == batch.Term)
                {
                    _accepted.Remove(tag);
                    _world.Clients.Written(tag, outcome);
                }
            }
            _membership = batch.Membership ?? _membership;
            Applied = batch.Last;
        }
        Input(new Applied(Now, Applied));
        AnswerReads();
        if (_world.Chances.Of(0.01)) MakeSnapshot();
    }

    private void AnswerReads()
    {
        foreach (var read in _reads.Where(r => r.At <= Applied).ToList())
        {
            _reads.Remove(read);
            var value = _world.Clients.Look(Machine, read.Tag);
            // The process may be stopped between reading the value and looking at the clock; what counts is the clock after.
            if (_world.Chances.Of(0.01)) Pause();
            var life = _life;
            _world.Agenda.After(Paused ? _world.Chances.Between(50, 800) : TimeSpan.Zero, () =>
            {
                if (life != _life) return;
                Resume();
                if (read.Confirmed || _world.Rules.Holds(State, Now)) _world.Clients.Read(read.Tag, value);
                else Input(new AskRead(Now, read.Tag));
            });
        }
    }

    private void MakeSnapshot()
    {
        if (Applied == LogIndex.None) return;
        var batch = _disk.Log.FirstOrDefault(b => b.Last == Applied);
        if (batch is null) return;
        var bytes = Machine.Encode();
        var info = new SnapshotInfo(batch.Position, batch.LogTime, _membership, (ulong)bytes.Length);
        _disk.Snapshot = (info, bytes);
        Input(new SnapshotMade(Now, info));
    }

    private void TrimLog(LogIndex upTo)
    {
        foreach (var batch in _disk.Log.TakeWhile(b => b.Last <= upTo).ToList())
        {
            _disk.Base = batch.Position;
            _disk.Log.Remove(batch);
        }
    }

    private void SendChunk(SendSnapshot s)
    {
        if (_disk.Snapshot is not { } held) return;
        var same = held.Info.Position == s.Snapshot.Position;
        if (same && s.Offset > (ulong)held.Bytes.Length) return;
        var offset = same ? s.Offset : 0;
        if (!same) Input(new SnapshotReplaced(Now, s.To, held.Info));
        var piece = held.Bytes.AsMemory((int)offset, Math.Min(Math.Max(40, held.Bytes.Length / 8), held.Bytes.Length - (int)offset));
        _world.Net.Send(Id, s.To, new SnapshotChunk(State.Term, held.Info, offset, piece, 0, s.SentAt));
    }

    private void Keep(KeepChunk k)
    {
        var chunk = k.Chunk;
        if (_incoming is null || _incoming.Value.Position != chunk.Snapshot.Position) _incoming = (chunk.Snapshot.Position, []);
        var have = _incoming.Value.Bytes;
        if ((ulong)have.Length == chunk.Offset) _incoming = (chunk.Snapshot.Position, have = [.. have, .. chunk.Bytes.Span]);
        if ((ulong)have.Length < chunk.Snapshot.Size)
        {
            _world.Net.Send(Id, k.From, new SnapshotProgress(State.Term, chunk.Snapshot.Position, (ulong)have.Length, false, chunk.SentAt));
            return;
        }
        Install(k.From, chunk, have);
    }

    private void Install(MemberId from, SnapshotChunk chunk, byte[] bytes)
    {
        var position = chunk.Snapshot.Position;
        if (position.Index <= Applied || _writes.Count > 0) return;
        var follows = _disk.Log.Any(b => b.Position == position);
        _disk.Log = follows ? [.. _disk.Log.Where(b => b.First > position.Index)] : [];
        _disk.Base = position;
        _disk.Snapshot = (chunk.Snapshot, bytes);
        Machine = _world.Clients.Machine(bytes);
        _membership = chunk.Snapshot.Membership;
        Applied = position.Index;
        _incoming = null;
        _world.Safety.Installed(this, chunk.Snapshot);
        Input(new SnapshotInstalled(Now, from, chunk.Snapshot, chunk.SentAt));
    }
}
