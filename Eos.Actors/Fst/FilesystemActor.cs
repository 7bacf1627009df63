using Akka.Actor;
using Akka.Event;
using Akka.Pattern;
using Akka.Persistence;
using Eos.Instance;
using Eos.Kernel;
using static Eos.Fst.FilesystemProtocol;

namespace Eos.Fst;

/// <summary>What a filesystem's actor is given by its node.</summary>
/// <param name="Directories">Where messages for directories go: the shard region.</param>
/// <param name="Views">Who gets the reports.</param>
/// <param name="Sessions">Gives a fresh id for each start of the actor: it names the actor in operation ids.</param>
public sealed record FilesystemParts(
    FstProtocol.FsIdentity Identity, FstProtocol.ConfigStatus Status, IDisk Disk, FilesystemMeter Meter,
    ICanTell Directories, ICanTell Views, IClock Clock, Func<Guid> Sessions)
{
    /// <summary>Tells the configuration of the instance; nobody: there is none.</summary>
    public IActorRef Instance { get; init; } = ActorRefs.Nobody;

    /// <summary>Which directory has a file now, by the index; null: there is no index.</summary>
    public Func<FileId, Task<DirectoryId?>>? Find { get; init; }

    /// <summary>What the process takes of its machine now; called where disks are measured.</summary>
    public Func<FstProtocol.FsSystem> System { get; init; } = () => FstProtocol.FsSystem.None;

    /// <summary>Makes the actor that makes replicas anew, from the filesystem's own; null: bad replicas are only counted.</summary>
    public Func<IActorRef, Props>? Restorer { get; init; }
}

/// <summary>
/// One filesystem: path `/user/fst-&lt;id&gt;`, persistence id `fs-&lt;id&gt;` in the node's own journal. Asks <see cref="FilesystemRules"/> what to do and does it;
/// disk work runs outside of its turns and comes back as a message.
/// </summary>
public sealed class FilesystemActor : ReceivePersistentActor, IWithTimers
{
    private readonly FilesystemParts _parts;
    private readonly FilesystemSettings _settings;
    private readonly DiskLane _lane = new();
    private readonly Dictionary<TransferId, IActorRef> _waiting = [];
    private readonly LoadGauge _load;
    private IActorRef _restorer = ActorRefs.Nobody;
    private readonly ulong _incarnation;
    private readonly Guid _session;
    private FilesystemState _state = FilesystemState.Empty;
    private ulong _sequence;
    private int _unsaved;
    private int _sweeps;

    public FilesystemActor(FilesystemParts parts, FilesystemSettings settings)
    {
        (_parts, _settings, _session) = (parts, settings, parts.Sessions());
        _incarnation = (ulong)parts.Clock.Now.Nanoseconds;
        _load = new LoadGauge(parts.Meter, parts.Clock.Now);
        JournalPluginId = "akka.persistence.journal.sql";
        SnapshotPluginId = "akka.persistence.snapshot-store.sql";

        Recover<SnapshotOffer>(offer => _state = _state with { Memory = (FilesystemMemory)offer.Snapshot });
        Recover<IEvent>(e => _state = _state.Apply(e));
        Recover<RecoveryCompleted>(_ => Perform([new FilesystemEffect.Attach(_state.Memory.Uuid.Length > 0)]));

        Command<Finish>(x =>
        {
            _waiting[x.Transfer] = Sender;
            Take(x);
        });
        Command<InstanceProtocol.Published>(p => Take(new Configure(FsConfiguration.Of(p.State, parts.Identity.Id))));
        Command<Status.Failure>(failure => throw new InvalidOperationException("a disk job failed in a way that no disk does", failure.Cause));
        Command<SaveSnapshotSuccess>(saved => DeleteMessages(saved.Metadata.SequenceNr));
        Command<SaveSnapshotFailure>(failed => Log.Warning("snapshot not saved: {0}", failed.Cause.Message));
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteMessagesFailure>(failed => Log.Warning("old events not deleted: {0}", failed.Cause.Message));
        CommandAny(Take);
    }

    public override string PersistenceId => $"fs-{_parts.Identity.Id}";

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>
    /// The actor below a supervisor that starts it anew, after a growing pause, when it stopped: because its journal failed, or after a fault.
    /// It is never restarted, because a restart would reuse the numbers of events that are under way.
    /// </summary>
    public static Props Supervised(FilesystemParts parts, FilesystemSettings settings) => BackoffSupervisor.Props(
        Backoff.OnStop(Props(parts, settings), "fs", TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10), randomFactor: 0.2, maxNrOfRetries: -1)
        .WithDefaultStoppingStrategy());

    public static Props Props(FilesystemParts parts, FilesystemSettings settings) => Akka.Actor.Props.Create(() => new FilesystemActor(parts, settings));

    /// <summary>The actor's name below `/user`.</summary>
    public static string NameOf(FsId id) => $"fst-{id}";

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer("report", new ReportTick(), _settings.ReportInterval);
        Timers.StartPeriodicTimer("retry", new RetryTick(), _settings.RetryInterval);
        _parts.Instance.Tell(new InstanceProtocol.Subscribe());
        if (_parts.Restorer is { } restorer) _restorer = Context.ActorOf(restorer(Self), "restorer");
        base.PreStart();
    }

    /// <summary>Doors that wait are told that nobody knows.</summary>
    protected override void PostStop()
    {
        foreach (var (transfer, door) in _waiting)
            door.Tell(new NotStored(transfer, new Refusal(Errno.TryAgain, "the filesystem stopped; the outcome is not known")));
        base.PostStop();
    }

    /// <summary>A rejected write leaves the deletion list in doubt: start again from what is stored.</summary>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        base.OnPersistRejected(cause, @event, sequenceNr);
        Context.Stop(Self);
    }

    private FilesystemFacts Facts => new(_parts.Clock.Now, _session, _parts.Identity, _parts.Status, _settings);

    private void Take(object input)
    {
        var health = _state.Health;
        var step = FilesystemRules.Next(_state, input, Facts);
        _state = step.State;
        if (_state.Health != health) Log.Info("filesystem {0} on {1}: {2} {3}", _parts.Identity.Id, _parts.Disk.Root, _state.Health.Boot, _state.Health.Text);
        if (step.Events.IsEmpty)
        {
            Perform(step.Effects);
            return;
        }

        var memory = _state.Memory;   // when the events are stored, the state may be ahead of the store
        PersistAllAsync(step.Events, _ => _unsaved++);
        DeferAsync(step.Effects, effects =>
        {
            Perform(effects);
            if (_unsaved < _settings.SnapshotEvery) return;
            _unsaved = 0;
            SaveSnapshot(memory);
        });
    }

    private void Perform(IEnumerable<FilesystemEffect> effects)
    {
        foreach (var effect in effects) Perform(effect);
    }

    private void Perform(FilesystemEffect effect)
    {
        var disk = _parts.Disk;
        switch (effect)
        {
            case FilesystemEffect.Reply x: Sender.Tell(x.Message); break;
            case FilesystemEffect.Answer x:
                if (_waiting.Remove(x.Transfer, out var door)) door.Tell(x.Message);
                break;
            case FilesystemEffect.ToRestorer x: _restorer.Tell(x.Message); break;
            case FilesystemEffect.ToDirectory x: _parts.Directories.Tell(x.Message, Self); break;
            case FilesystemEffect.Report: _parts.Views.Tell(FilesystemRules.Report(_state, Facts, _load.Since(_state.Space, Facts.Now), _incarnation, ++_sequence), Self); break;
            case FilesystemEffect.Sweep:
                var session = _sweeps++ == 0 ? _session : _parts.Sessions();   // operations of two sweeps are told apart
                Context.ActorOf(SweepActor.Props(disk, _parts.Directories, _parts.Identity.Id, session, _parts.Clock, _settings.Sweep, _parts.Find), $"sweep-{_sweeps}");
                break;
            case FilesystemEffect.Locate x when _parts.Find is null: Self.Tell(new Located(x.Asked, null, IsKnown: true)); break;
            case FilesystemEffect.Locate x:
                _parts.Find(x.File).PipeTo(Self, success: found => new Located(x.Asked, found, IsKnown: true), failure: _ => new Located(x.Asked, null, IsKnown: false));
                break;
            case FilesystemEffect.Attach x: Run(() => Attach(disk, x.Labelled), refusal => new Attached(default, refusal)); break;
            case FilesystemEffect.Measure: Run(() => new Measured(disk.Space(), null) { System = _parts.System() }, refusal => new Measured(default, refusal)); break;
            case FilesystemEffect.Keep x: Run(() => Keep(disk, x), refusal => new Kept(x.Transfer, refusal)); break;
            case FilesystemEffect.Discard x: Run(() => Discard(disk, x), refusal => new Discarded(refusal)); break;
            case FilesystemEffect.Delete x: Run(() => new Deleted(x.Directory, x.Files, disk.Delete(x.Files), null), refusal => new Deleted(x.Directory, x.Files, 0, refusal)); break;
            default: throw new InvalidOperationException($"no hand for {effect.GetType().Name}");
        }
    }

    private Attached Attach(IDisk disk, bool labelled)
    {
        disk.Attach(_parts.Identity.Id, _parts.Identity.Uuid, labelled);
        return new Attached(disk.Space(), null);
    }

    private static Kept Keep(IDisk disk, FilesystemEffect.Keep x)
    {
        disk.Keep(x.File, x.Open);
        return new Kept(x.Transfer, null);
    }

    private static Discarded Discard(IDisk disk, FilesystemEffect.Discard x)
    {
        disk.Discard(x.File, x.Open);
        return new Discarded(null);
    }

    private void Run(Func<object> job, Func<Refusal, object> failed) => _lane.Run(job, failed).PipeTo(Self);
}
