using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

/// <summary>An actor whose state is the fold of its stored events: what it may ask of the journal and the snapshot store.</summary>
public abstract partial class Eventsourced : ActorBase, IPersistentIdentity, IPersistenceStash, IPersistenceRecovery
{
    private static int _instances;

    private readonly int _instanceId = Interlocked.Increment(ref _instances);
    private readonly string _writerGuid = Guid.NewGuid().ToString();
    private readonly InternalStash _internalStash;
    private readonly LinkedList<IPendingHandlerInvocation> _pending = new();
    private List<IPersistentEnvelope> _eventBatch = [];      // of the running command
    private List<IPersistentEnvelope> _journalBatch = [];    // of earlier commands, waiting for the write in flight
    private int _stashingPersists;
    private long _sequenceNr;
    private bool _writing;
    private IActorRef? _journal;
    private IActorRef? _snapshotStore;
    private ILoggingAdapter? _log;

    protected Eventsourced()
    {
        Extension = Persistence.Instance.Apply(Context.System);
        _internalStash = new InternalStash((ActorCell)Context);
    }

    protected PersistenceExtension Extension { get; }

    /// <summary>Names the stream of events for ever; one live actor at a time may use it.</summary>
    public abstract string PersistenceId { get; }

    public virtual Recovery Recovery => Recovery.Default;

    /// <summary>Set in the constructor to use another journal than the default.</summary>
    public string JournalPluginId { get; protected set; } = "";

    /// <summary>Set in the constructor to use another snapshot store than the default.</summary>
    public string SnapshotPluginId { get; protected set; } = "";

    public IStash Stash { get; set; } = null!;

    public IActorRef Journal => _journal ??= Extension.JournalFor(JournalPluginId);

    public IActorRef SnapshotStore => _snapshotStore ??= Extension.SnapshotStoreFor(SnapshotPluginId);

    public string SnapshotterId => PersistenceId;

    public bool IsRecovering => _phase <= Phase.Replaying;

    public bool IsRecoveryFinished => !IsRecovering;

    /// <summary>Number of the last event whose handler has run or that was replayed.</summary>
    public long LastSequenceNr { get; private set; }

    public long SnapshotSequenceNr => LastSequenceNr;

    protected virtual ILoggingAdapter Log => _log ??= Context.GetLogger();

    /// <summary>Takes snapshot offers, events and <see cref="RecoveryCompleted"/>.</summary>
    protected abstract bool ReceiveRecover(object message);

    /// <summary>Takes everything else.</summary>
    protected abstract bool ReceiveCommand(object message);

    /// <summary>Stores an event, then runs the handler; commands wait until it has run.</summary>
    public void Persist<TEvent>(TEvent @event, Action<TEvent> handler)
    {
        RefuseWhileRecovering();
        AddStashing(@event, handler);
        _eventBatch.Add(new AtomicWrite(Representation(@event)));
    }

    /// <summary>Stores all or none; the handler runs for each, and commands wait until it has.</summary>
    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler)
    {
        RefuseWhileRecovering();
        if (events is null) return;
        var all = ImmutableList.CreateBuilder<IPersistentRepresentation>();
        foreach (var @event in events)
        {
            AddStashing(@event, handler);
            all.Add(Representation(@event));
        }
        if (all.Count > 0) _eventBatch.Add(new AtomicWrite(all.ToImmutable()));
    }

    /// <summary>Stores an event, then runs the handler; commands go on meanwhile.</summary>
    public void PersistAsync<TEvent>(TEvent @event, Action<TEvent> handler)
    {
        RefuseWhileRecovering();
        AddAsync(@event, handler);
        _eventBatch.Add(new AtomicWrite(Representation(@event)));
    }

    /// <summary>Stores all or none; the handler runs for each, and commands go on meanwhile.</summary>
    /// <exception cref="ArgumentException">There is no event.</exception>
    public void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler)
    {
        RefuseWhileRecovering();
        var all = ImmutableList.CreateBuilder<IPersistentRepresentation>();
        foreach (var @event in events)
        {
            AddAsync(@event, handler);
            all.Add(Representation(@event));
        }
        _eventBatch.Add(new AtomicWrite(all.ToImmutable()));
    }

    /// <summary>Runs the handler after those of all events persisted before; stores nothing. At once when none is open.</summary>
    public void DeferAsync<TEvent>(TEvent evt, Action<TEvent> handler)
    {
        RefuseWhileRecovering();
        if (_pending.Count == 0)
        {
            handler(evt);
            return;
        }
        AddAsync(evt, handler);
        _eventBatch.Add(new NonPersistentMessage(evt!, Sender));
    }

    /// <summary>Answered by DeleteMessagesSuccess or DeleteMessagesFailure.</summary>
    public void DeleteMessages(long toSequenceNr)
    {
        if (toSequenceNr == long.MaxValue || toSequenceNr <= LastSequenceNr)
            Journal.Tell(new DeleteMessagesTo(PersistenceId, toSequenceNr, Self));
        else
            Self.Tell(new DeleteMessagesFailure(
                new InvalidOperationException($"toSequenceNr [{toSequenceNr}] must be less than or equal to LastSequenceNr [{LastSequenceNr}]"), toSequenceNr), Self);
    }

    /// <summary>Answered by LoadSnapshotResult or LoadSnapshotFailed.</summary>
    public void LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr) =>
        SnapshotStore.Tell(new LoadSnapshot(persistenceId, criteria, toSequenceNr));

    /// <summary>Answered by SaveSnapshotSuccess or SaveSnapshotFailure.</summary>
    public void SaveSnapshot(object snapshot) =>
        SnapshotStore.Tell(new SaveSnapshot(new SnapshotMetadata(SnapshotterId, SnapshotSequenceNr, DateTime.UtcNow), snapshot));

    /// <summary>Answered by DeleteSnapshotSuccess or DeleteSnapshotFailure.</summary>
    public void DeleteSnapshot(long sequenceNr) =>
        SnapshotStore.Tell(new DeleteSnapshot(new SnapshotMetadata(SnapshotterId, sequenceNr)));

    /// <summary>Answered by DeleteSnapshotsSuccess or DeleteSnapshotsFailure.</summary>
    public void DeleteSnapshots(SnapshotSelectionCriteria criteria) =>
        SnapshotStore.Tell(new DeleteSnapshots(SnapshotterId, criteria));

    /// <summary>The actor will stop after this: nobody knows whether the event is stored.</summary>
    protected virtual void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Log.Error(cause, "Failed to persist event type [{0}] with sequence number [{1}] for persistenceId [{2}].", @event.GetType(), sequenceNr, PersistenceId);

    /// <summary>The event is not stored, and the actor goes on.</summary>
    protected virtual void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        Log.Error(cause, "Rejected to persist event type [{0}] with sequence number [{1}] for persistenceId [{2}] due to [{3}].", @event.GetType(), sequenceNr, PersistenceId, cause.Message);

    /// <summary>The actor will stop after this: its state is not known.</summary>
    protected virtual void OnRecoveryFailure(Exception reason, object? message = null)
    {
        if (message is null)
            Log.Error(reason, "Persistence failure when replaying events for persistenceId [{0}]. Last known sequence number [{1}]", PersistenceId, LastSequenceNr);
        else
            Log.Error(reason, "Exception in ReceiveRecover when replaying event type [{0}] with sequence number [{1}] for persistenceId [{2}]", message.GetType(), LastSequenceNr, PersistenceId);
    }

    protected virtual void OnReplaySuccess()
    {
    }

    /// <summary>Replies of journal and store that nobody handles are logged, not published as unhandled.</summary>
    protected override void Unhandled(object message)
    {
        switch (message)
        {
            case RecoveryCompleted:
                break;
            case SaveSnapshotFailure m:
                Log.Warning("Failed to SaveSnapshot given metadata [{0}] due to: [{1}]", m.Metadata, m.Cause.Message);
                break;
            case DeleteSnapshotFailure m:
                Log.Warning("Failed to DeleteSnapshot given metadata [{0}] due to: [{1}]", m.Metadata, m.Cause.Message);
                break;
            case DeleteSnapshotsFailure m:
                Log.Warning("Failed to DeleteSnapshots given criteria [{0}] due to: [{1}]", m.Criteria, m.Cause.Message);
                break;
            case DeleteMessagesFailure m:
                Log.Warning("Failed to DeleteMessages ToSequenceNr [{0}] for PersistenceId [{1}] due to: [{2}]", m.ToSequenceNr, PersistenceId, m.Cause.Message);
                break;
            default:
                base.Unhandled(message);
                break;
        }
    }

    private void AddStashing<TEvent>(TEvent @event, Action<TEvent> handler)
    {
        _stashingPersists++;
        _pending.AddLast(new StashingHandlerInvocation(@event!, o => handler((TEvent)o)));
    }

    private void AddAsync<TEvent>(TEvent @event, Action<TEvent> handler) =>
        _pending.AddLast(new AsyncHandlerInvocation(@event!, o => handler((TEvent)o)));

    private Persistent Representation(object? @event) =>
        new(@event!, ++_sequenceNr, PersistenceId, sender: Sender, writerGuid: _writerGuid);

    private void RefuseWhileRecovering()
    {
        if (IsRecovering)
            throw new InvalidOperationException("Cannot persist during replay. Events can be persisted when receiving RecoveryCompleted or later.");
    }
}
