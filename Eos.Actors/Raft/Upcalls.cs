using System.Collections.Concurrent;
using Akka.Actor;
using static Eos.Raft.RaftProtocol;

namespace Eos.Raft;

/// <summary>
/// What the threads of log and state have to say to the member's actor. It is put here and the actor is woken once, however much comes: a
/// thousand stored writes are one turn.
/// </summary>
internal sealed class Upcalls : IStateMachineOwner
{
    /// <summary>Something waits: see <see cref="TryTake"/>.</summary>
    public sealed record Wake
    {
        public static readonly Wake Instance = new();
    }

    /// <summary>A write and all before it are on stable storage.</summary>
    public sealed record Stored(LogWrite Write, LogPosition End);

    /// <summary>The log's disk refuses, or works again.</summary>
    public sealed record LogHealth(Exception? Trouble);

    /// <summary>The state's disk refuses, or works again.</summary>
    public sealed record StateHealth(Exception? Trouble);

    /// <summary>Snapshots can't be written, or can again.</summary>
    public sealed record SnapshotHealth(Exception? Trouble);

    public sealed record StateKept(SnapshotInfo Snapshot);

    public sealed record StateFailed(Exception Why);

    /// <summary>Entries that were read back for the state.</summary>
    public sealed record ReadBack(RaftLogSlice Slice);

    /// <summary>Entries that were read back for a follower.</summary>
    public sealed record ReadFor(MemberId For, RaftLogSlice Slice);

    public sealed record Piece(SendSnapshot Asked, SnapshotPiece Found);

    /// <summary>It is remembered that this last piece completes a snapshot.</summary>
    public sealed record Expected(MemberId From, SnapshotChunk Last);

    public sealed record Kept(MemberId From, SnapshotChunk Chunk, ulong Received, bool Installed);

    public sealed record Stale(IReadOnlyList<IReading> Readings);

    private readonly ConcurrentQueue<object> _queue = new();
    private IActorRef? _actor;
    private ulong _applied;
    private int _woken;

    /// <summary>The state has applied everything up to there and shows it to readers.</summary>
    public LogIndex AppliedUpTo => new(Volatile.Read(ref _applied));

    /// <summary>From now on that actor is woken.</summary>
    public void Attach(IActorRef actor)
    {
        Volatile.Write(ref _actor, actor);
        actor.Tell(Wake.Instance);
    }

    /// <summary>Nobody listens any more.</summary>
    public void Detach() => Volatile.Write(ref _actor, null);

    /// <summary>Called by the actor before it takes: what comes later wakes it again.</summary>
    public void Listen() => Interlocked.Exchange(ref _woken, 0);

    public bool TryTake(out object said) => _queue.TryDequeue(out said!);

    public void Say(object what)
    {
        _queue.Enqueue(what);
        WakeUp();
    }

    void IStateMachineOwner.Applied(LogIndex upTo)
    {
        var known = Volatile.Read(ref _applied);
        while (upTo.Value > known)
        {
            var seen = Interlocked.CompareExchange(ref _applied, upTo.Value, known);
            if (seen == known) break;
            known = seen;
        }
        WakeUp();
    }

    void IStateMachineOwner.Kept(SnapshotInfo snapshot) => Say(new StateKept(snapshot));

    void IStateMachineOwner.Disk(Exception? trouble) => Say(new StateHealth(trouble));

    void IStateMachineOwner.Snapshots(Exception? trouble) => Say(new SnapshotHealth(trouble));

    void IStateMachineOwner.Failed(Exception why) => Say(new StateFailed(why));

    private void WakeUp()
    {
        if (Interlocked.Exchange(ref _woken, 1) == 0) Volatile.Read(ref _actor)?.Tell(Wake.Instance);
    }
}

/// <summary>One write of the log, and what waits for it.</summary>
internal sealed class LogWrite(Persist what)
{
    public Persist What { get; } = what;

    public List<Effect> Then { get; } = [];
}
