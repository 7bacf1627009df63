using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
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

    /// <summary>Where pages are kept; null: in the snapshot store.</summary>
    public IPageStore? Pages { get; init; }

    /// <summary>Bytes of stored pages that a directory keeps in memory.</summary>
    public long MostClean { get; init; } = long.MaxValue;

    public AwakeDirectories Awake { get; init; } = new();

    /// <summary>Who is told what a directory uses, and how often at most.</summary>
    public (IActorRef Keeper, TimeSpan Interval) Memory { get; init; } = (ActorRefs.Nobody, TimeSpan.MaxValue);
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
    private readonly Queue<IEvent> _unfolded = new();
    private readonly Queue<(object Message, IActorRef Asker)> _waiting = new();
    private readonly Dictionary<ulong, List<(IActorRef Asker, object? Reply, object? Unknown)>> _awaiting = [];
    private readonly DirectoryPager _pager;
    private readonly DirectorySnapshots _snapshots;
    private DirectoryState _state = DirectoryState.Unborn;
    private TotalsDesk _desk = TotalsDesk.Empty;
    private Instant? _totalsDue;
    private Instant _weighed = Instant.Epoch;

    public DirectoryActor(DirectoryId id, DirectoryParts parts)
    {
        (_id, _parts) = (id, parts);
        var pages = parts.Pages ?? new LocalPageStore(SnapshotStore);
        _pager = new DirectoryPager(PersistenceId, pages, Self, parts.MostClean);
        _snapshots = new DirectorySnapshots(PersistenceId, pages, SnapshotStore, Self, parts.Settings.SnapshotEvery, FirstKey(_ops));

        Recover<SnapshotOffer>(offer =>
        {
            _state = (DirectoryState)offer.Snapshot;
            _snapshots.Restored(_state, offer.Metadata.SequenceNr);
        });
        Recover<IEvent>(e =>
        {
            _unfolded.Enqueue(e);
            if (_unfolded.Count == 1) Fold();
        });
        Recover<RecoveryCompleted>(_ =>
        {
            parts.Awake.Add(id, Self);
            _pager.Fetch(_unfolded.SelectMany(TouchedBy).Select(_state.Entries.PageFor).OfType<EntryPage>());
            _pager.Fetch(_unfolded.SelectMany(ForgottenBy).Select(DirectoryState.DetachedKey).Select(_state.Detached.PageFor).OfType<EntryPage>());
            GoOn();
        });

        Command<IForDirectory>(Take);
        Command<IReply>(Take);
        Command<TotalsTick>(Take);
        Command<RepeatHandovers>(Take);
        Command<Tick>(Take);
        Command<Sleep>(_ => Context.Parent.Tell(new Passivate(new Stop())));
        Command<Stop>(Take);
        Command<DirectoryMemory.Sleep>(_ => Context.Parent.Tell(new Passivate(new Stop())));
        Command<DirectoryPager.Read>(read => { _pager.Take(read); GoOn(); });
        Command<DirectoryPager.Found>(found => { _pager.Take(found); GoOn(); });
        Command<DirectoryPager.Failed>(f => throw new InvalidOperationException($"directory {_id}: its pages can't be read", f.Cause));
        Command<DirectorySnapshots.PagesStored>(stored =>
        {
            _snapshots.Take(stored);
            foreach (var (page, _) in stored.Pages) _pager.IsClean(page);
        });
        Command<SaveSnapshotSuccess>(Saved);
        Command<DeleteSnapshotsSuccess>(_ => _snapshots.ManifestsDeleted());
        Command<DirectorySnapshots.Listed>(_snapshots.Take);
        Command<DirectorySnapshots.Dropped>(d => Warn("pages that nobody needs not deleted", d.Cause));
        Command<DirectorySnapshots.NotStored>(f => SnapshotFailed(f.Cause));
        Command<SaveSnapshotFailure>(f => SnapshotFailed(f.Cause));
        Command<DeleteMessagesFailure>(f => Warn("old events not deleted", f.Cause));
        Command<DeleteSnapshotsFailure>(f => Warn("old snapshots not deleted", f.Cause));
        Command<DeleteMessagesSuccess>(_ => { });
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
        _parts.Awake.Remove(_id, Self);
        while (_held.TryDequeue(out var held))
            if (held.Unknown is not null) held.Asker.Tell(held.Unknown);
        while (_waiting.TryDequeue(out var waiting))
            if (UnknownOf(waiting.Message) is { } unknown) waiting.Asker.Tell(unknown);
        foreach (var (asker, _, unknown) in _awaiting.Values.SelectMany(waiting => waiting))
            if (unknown is not null) asker.Tell(unknown);
    }

    /// <summary>Messages have their turns in the order in which they came. One that needs pages that are away waits for them, and all behind it wait for it.</summary>
    private void Take(object message)
    {
        _waiting.Enqueue((message, Sender));
        if (_waiting.Count == 1) GoOn();
        else if (message is not Stop) _pager.Foresee(() => Turn(message));
    }

    private void GoOn()
    {
        if (!Fold()) return;
        while (_waiting.TryPeek(out var next) && TakeTurn(next.Message, next.Asker)) _waiting.Dequeue();
        Wind();
        Weigh();
    }

    /// <summary>Replayed events become part of the state; false while pages are missing for the next one.</summary>
    private bool Fold()
    {
        while (_unfolded.TryPeek(out var e))
        {
            if (!_pager.Try(() => _state.Apply(e), out var next)) return false;
            _state = next;
            _unfolded.Dequeue();
            _snapshots.Replayed();
        }
        return true;
    }

    private bool TakeTurn(object message, IActorRef asker)
    {
        if (message is Stop)
        {
            DeferAsync(message, _ => Context.Stop(Self));
            return true;
        }
        if (!_pager.Try(() => Turn(message), out var turn)) return false;
        (_state, _desk) = (turn.After, turn.Desk);
        if (message is TotalsTick) _totalsDue = null;
        if (message is Condense) _snapshots.Hurry();
        _held.Enqueue((asker, UnknownOf(message)));
        if (turn.Stored.Count > 0) PersistAllAsync(turn.Stored, _ => { });
        DeferAsync(turn, Stored);
        _pager.TurnEnded();
        return true;
    }

    /// <summary>What comes of a message: a function of the state, so that it can be asked for again.</summary>
    private Outcome Turn(object message)
    {
        var state = _pager.Prepared(_state);
        var (desk, decided) = Decide(state, message);
        var decision = TotalsRules.Marked(state, decided, _parts.Clock.Now);
        var stored = new List<object>(decision.Events.Length);
        foreach (var e in decision.Events)
        {
            var before = state;
            state = before.Apply(e);
            stored.Add(_parts.KeepsRows ? new Indexed(e, IndexRules.Changes(before, e, state)) : e);
        }
        return new Outcome(decision, desk, stored, decision.Events.IsEmpty ? _state : state with { Entries = state.Entries.With(null) });
    }

    private (TotalsDesk Desk, Decision Decision) Decide(DirectoryState state, object message) => message switch
    {
        TotalsProtocol.ReportTotals m => TotalsRules.Heard(_desk, state, m),
        TotalsProtocol.TotalsKept m => (TotalsRules.Kept(_desk, state, m), Decision.Nothing),
        TotalsProtocol.ReportDue => (_desk, Decision.Nothing), // waking is enough
        Condense m => (_desk, Decision.Answer(new Done(m.Directory, m.Op))), // the turn is enough
        TotalsTick => TotalsRules.Turn(_desk, state, _parts.Settings.Totals, _parts.Clock.Now),
        IForDirectory m => (_desk, DirectoryRules.Decide(state, m, Now())),
        RemovalDecided answer => (_desk, RemovalRules.Decided(state, answer, Now())),
        MoveDecided answer => (_desk, MoveRules.Decided(state, answer, Now())),
        IReply answer => (_desk, HandoverRules.Heard(state, answer, Now())),
        RepeatHandovers => (_desk, HandoverRules.Repeat(state)),
        Tick => (_desk, DirectoryRules.Tick(state, Now(), _ops.Next())),
        _ => throw new InvalidOperationException($"no turn for {message.GetType().Name}"),
    };

    /// <summary>All events of the decision, and all before them, are stored.</summary>
    private void Stored(Outcome turn)
    {
        var (asker, unknown) = _held.Dequeue();
        var decision = turn.Decision;
        if (decision.Until is { } handover) Await(handover, asker, decision.Reply, unknown);
        else Answer(asker, decision.Reply, unknown);
        foreach (var effect in decision.Effects) Carry(effect);
        _snapshots.Stored(decision.Events.Length, turn.After, LastSequenceNr);
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
        var previous = _snapshots.Saved(saved.Metadata.SequenceNr);
        if (previous == 0) return;
        DeleteMessages(previous);
        DeleteSnapshots(new SnapshotSelectionCriteria(previous - 1));
    }

    private void SnapshotFailed(Exception cause)
    {
        _snapshots.Failed();
        Warn("snapshot not saved", cause);
    }

    private void Warn(string what, Exception? cause)
    {
        if (cause is not null) Log.Warning("directory {0}: {1}: {2}", _id, what, cause.Message);
    }

    /// <summary>Ticks only while there is something to expire or to order.</summary>
    private void Wind()
    {
        WindTotals();
        if ((!_state.Opens.IsEmpty || !_state.Unlinked.IsEmpty || !_state.Prepared.IsEmpty) && !Timers.IsTimerActive("tick"))
            Timers.StartSingleTimer("tick", new Tick(), _parts.Settings.TickInterval);
        if ((!_state.Outbox.IsEmpty || !_state.Moves.IsEmpty) && !Timers.IsTimerActive("handovers"))
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

    /// <summary>Says now and then what the directory uses.</summary>
    private void Weigh()
    {
        var now = _parts.Clock.Now;
        if (_parts.Memory.Keeper.IsNobody() || now - _weighed < _parts.Memory.Interval) return;
        _weighed = now;
        _parts.Memory.Keeper.Tell(new DirectoryMemory.Uses(_state.Bytes));
    }

    /// <summary>Names that an event is about, to read their pages together: what is missing here is read when it turns out to be needed.</summary>
    private static IEnumerable<string> TouchedBy(IEvent e) => e switch
    {
        ChildAdded x => [x.Name],
        ChildRemoved x => [x.Name],
        OpenStored x => [x.Open.Name],
        FileRemoved x => [x.Name],
        EntryRenamed x => [x.From, x.To],
        EntryMoved x => [x.Name],
        MoveFinished x => [x.Name],
        ReplicaAttached x => [x.Name],
        ReplicaDetached x => [x.Name],
        _ => [],
    };

    /// <summary>The same for records of files that were removed.</summary>
    private static IEnumerable<FileId> ForgottenBy(IEvent e) => e switch
    {
        ReplicasForgotten x => x.Files,
        DetachedDropped x => [x.File],
        _ => [],
    };

    /// <summary>Below 2^62, and far from that of any other activation.</summary>
    private static ulong FirstKey(OpSource ops) => BitConverter.ToUInt64(ops.Next().Client.ToByteArray(), 8) >> 2 & ~0xffffffUL;

    private Facts Now() => new(_parts.Clock.Now, _parts.Settings);

    /// <param name="Stored">What the journal is given of the events.</param>
    private sealed record Outcome(Decision Decision, TotalsDesk Desk, List<object> Stored, DirectoryState After);

    private static object? UnknownOf(object message) => message switch
    {
        ICommand c => new Unknown(c.Directory, c.Call.Op),
        IQuery q => new Unknown(q.Directory, q.Op),
        FstProtocol.CommitFile c => new FstProtocol.CommitUnknown(c.Op),
        FstProtocol.AttachReplica c => new FstProtocol.CommitUnknown(c.Op),
        FstProtocol.CorrectFile c => new FstProtocol.CommitUnknown(c.Op),
        _ => null,
    };
}
