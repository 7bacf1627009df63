using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Eos.Fst;
using Eos.Journal;
using Eos.Kernel;
using Eos.Views;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <summary>What a directory needs of the node that it runs on.</summary>
/// <param name="Directories">The shard region; asked at use, because the region is started after this is made.</param>
/// <param name="Holds">Whether the node's session holds: asked when an answer is in hand, because only then nobody else has answered otherwise.</param>
public sealed record DirectoryParts(Func<IActorRef> Directories, IActorRef Views, DirectorySettings Settings, IClock Clock, Func<bool> Holds)
{
    /// <summary>The journal keeps rows of indexes.</summary>
    public bool KeepsRows { get; init; }
}

/// <summary>
/// One directory: decides against the newest state, stores, and answers when the events of the decision and all before them are stored.
/// A failed store stops it; whoever was not answered is told Unknown, and so is whoever would be answered after the node's session has run out: by
/// then another node may have woken the directory and changed it.
/// </summary>
public sealed class DirectoryActor : ReceivePersistentActor, IWithTimers
{
    private readonly DirectoryId _id;
    private readonly DirectoryParts _parts;
    private readonly OpSource _ops = OpSource.Fresh();
    private readonly Queue<(IActorRef Asker, object? Unknown)> _held = new();
    private readonly Dictionary<ulong, List<(IActorRef Asker, object? Reply, object? Unknown)>> _awaiting = [];
    private DirectoryState _state = DirectoryState.Unborn;
    private int _sinceSnapshot;
    private long _lastSnapshot;
    private TotalsDesk _desk = TotalsDesk.Empty;
    private Instant? _totalsDue;

    public DirectoryActor(DirectoryId id, DirectoryParts parts)
    {
        (_id, _parts) = (id, parts);

        Recover<SnapshotOffer>(offer => (_state, _lastSnapshot) = ((DirectoryState)offer.Snapshot, offer.Metadata.SequenceNr));
        Recover<IEvent>(e =>
        {
            _state = _state.Apply(e);
            _sinceSnapshot++;
        });
        Recover<RecoveryCompleted>(_ => Wind());

        Command<TotalsProtocol.ReportTotals>(m =>
        {
            (_desk, var decision) = TotalsRules.Heard(_desk, _state, m);
            Follow(decision, null);
        });
        Command<TotalsProtocol.TotalsKept>(m =>
        {
            _desk = TotalsRules.Kept(_desk, _state, m);
            WindTotals();
        });
        Command<TotalsProtocol.ReportDue>(_ => { }); // waking is enough
        Command<TotalsTick>(_ => TurnTotals());
        Command<IForDirectory>(m => Follow(DirectoryRules.Decide(_state, m, Now()), UnknownOf(m)));
        Command<RemovalDecided>(answer => Follow(RemovalRules.Decided(_state, answer, Now()), null));
        Command<IReply>(answer => Follow(HandoverRules.Heard(_state, answer, Now()), null));
        Command<RepeatHandovers>(_ => Follow(HandoverRules.Repeat(_state), null));
        Command<Tick>(_ => Follow(DirectoryRules.Tick(_state, Now(), _ops.Next()), null));
        Command<Stop>(stop => DeferAsync(stop, _ => Context.Stop(Self)));
        Command<SaveSnapshotSuccess>(Saved);
        Command<SaveSnapshotFailure>(f => Log.Warning("directory {0}: snapshot not saved: {1}", _id, f.Cause.Message));
        Command<DeleteMessagesFailure>(f => Log.Warning("directory {0}: old events not deleted: {1}", _id, f.Cause.Message));
        Command<DeleteSnapshotsFailure>(f => Log.Warning("directory {0}: old snapshots not deleted: {1}", _id, f.Cause.Message));
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteSnapshotsSuccess>(_ => { });
    }

    public override string PersistenceId => DirectorySharding.PersistenceIdOf(_id);

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(string entityId, DirectoryParts parts) =>
        Akka.Actor.Props.Create(() => new DirectoryActor(DirectorySharding.DirectoryOf(entityId), parts));

    /// <summary>A rejected write would leave phantoms in the state, and a false answer: the actor ends as with a failed one.</summary>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        Log.Error(cause, "directory {0}: event {1} was rejected by the journal", _id, sequenceNr);
        Context.Stop(Self);
    }

    /// <summary>A restart would reuse the numbers of events that are under way: after a fault the actor ends, before the new instance does anything.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        base.PreRestart(reason, message);
        Context.Stop(Self);
    }

    protected override void PostStop()
    {
        while (_held.TryDequeue(out var held))
            if (held.Unknown is not null) held.Asker.Tell(held.Unknown);
        foreach (var (asker, _, unknown) in _awaiting.Values.SelectMany(waiting => waiting))
            if (unknown is not null) asker.Tell(unknown);
    }

    private void Follow(Decision decided, object? unknown)
    {
        var decision = TotalsRules.Marked(_state, decided, _parts.Clock.Now);
        var stored = decision.Events.Select(Fold).ToList();
        var after = _state;
        _held.Enqueue((Sender, unknown));
        if (stored.Count > 0) PersistAllAsync(stored, _ => { });
        DeferAsync(decision, d => Stored(d, after));
        Wind();
    }

    /// <summary>What the journal is given of an event.</summary>
    private object Fold(IEvent e)
    {
        var after = _state.Apply(e);
        object stored = _parts.KeepsRows ? new Indexed(e, IndexRules.Changes(_state, e, after)) : e;
        _state = after;
        return stored;
    }

    /// <summary>All events of the decision, and all before them, are stored.</summary>
    private void Stored(Decision decision, DirectoryState after)
    {
        var (asker, unknown) = _held.Dequeue();
        if (decision.Until is { } handover) Await(handover, asker, decision.Reply, unknown);
        else Answer(asker, decision.Reply, unknown);
        foreach (var effect in decision.Effects) Carry(effect);

        _sinceSnapshot += decision.Events.Length;
        if (_sinceSnapshot < _parts.Settings.SnapshotEvery) return;
        _sinceSnapshot = 0;
        SaveSnapshot(after);
    }

    private void Answer(IActorRef asker, object? reply, object? unknown)
    {
        if (reply is not null && (_parts.Holds() ? reply : unknown) is { } told) asker.Tell(told);
    }

    /// <summary>Keeps an answer until a file has arrived elsewhere.</summary>
    private void Await(ulong handover, IActorRef asker, object? reply, object? unknown)
    {
        if (!_awaiting.TryGetValue(handover, out var waiting)) _awaiting[handover] = waiting = [];
        waiting.Add((asker, reply, unknown));
    }

    private void Settle(ulong handover)
    {
        if (!_awaiting.Remove(handover, out var waiting)) return;
        foreach (var (asker, reply, unknown) in waiting) Answer(asker, reply, unknown);
    }

    private void Carry(Effect effect)
    {
        switch (effect)
        {
            case Effect.Drop drop: _parts.Views.Tell(new ViewProtocol.Deliver(drop.Order, Self)); break;
            case Effect.Pass pass: _parts.Directories().Tell(pass.Message); break;
            case Effect.Tell tell: _parts.Directories().Tell(tell.Command); break;
            case Effect.Settled settled: Settle(settled.Handover); break;
            default: throw new InvalidOperationException($"no way to carry out {effect.GetType().Name}");
        }
    }

    /// <summary>Events up to the last snapshot but one are not needed any more; that snapshot is kept, in case the last one can't be read.</summary>
    private void Saved(SaveSnapshotSuccess saved)
    {
        var previous = _lastSnapshot;
        _lastSnapshot = saved.Metadata.SequenceNr;
        if (previous == 0) return;
        DeleteMessages(previous);
        DeleteSnapshots(new SnapshotSelectionCriteria(previous - 1));
    }

    /// <summary>Ticks only while there is something to expire or to order.</summary>
    private void Wind()
    {
        WindTotals();
        if ((!_state.Opens.IsEmpty || !_state.Unlinked.IsEmpty) && !Timers.IsTimerActive("tick"))
            Timers.StartSingleTimer("tick", new Tick(), _parts.Settings.TickInterval);
        if (!_state.Outbox.IsEmpty && !Timers.IsTimerActive("handovers"))
            Timers.StartSingleTimer("handovers", new RepeatHandovers(), _parts.Settings.HandoverInterval);
    }

    /// <summary>The next look at what is owed to the parent and to children; a nearer one takes the place of a farther one.</summary>
    private void WindTotals()
    {
        var now = _parts.Clock.Now;
        if (TotalsRules.Wait(_desk, _state, _parts.Settings.Totals, now) is not { } wait) return;
        if (_totalsDue is { } due && due <= now + wait) return;
        _totalsDue = now + wait;
        Timers.StartSingleTimer("totals", new TotalsTick(), wait);
    }

    private void TurnTotals()
    {
        _totalsDue = null;
        (_desk, var decision) = TotalsRules.Turn(_desk, _state, _parts.Settings.Totals, _parts.Clock.Now);
        Follow(decision, null);
    }

    private Facts Now() => new(_parts.Clock.Now, _parts.Settings);

    private static object? UnknownOf(IForDirectory message) => message switch
    {
        ICommand c => new Unknown(c.Directory, c.Call.Op),
        IQuery q => new Unknown(q.Directory, q.Op),
        FstProtocol.CommitFile c => new FstProtocol.CommitUnknown(c.Op),
        FstProtocol.AttachReplica c => new FstProtocol.CommitUnknown(c.Op),
        _ => null,
    };
}
