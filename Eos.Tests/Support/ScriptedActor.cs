using Akka.Actor;
using Akka.Persistence;

namespace Eos.Tests.Support;

/// <summary>A persistent actor that does what each command says, and tells a collector what happens to it.</summary>
public sealed class ScriptedActor : UntypedPersistentActor, IWithTimers
{
    /// <summary>What to run in the actor's turn.</summary>
    public sealed record Do(Action<ScriptedActor> Action) : INoSerializationVerificationNeeded;

    /// <summary>What to run and await in the actor's turn.</summary>
    public sealed record DoAsync(Func<ScriptedActor, Task> Action) : INoSerializationVerificationNeeded;

    /// <summary>How the actor is made.</summary>
    public sealed record Settings(string Id, IActorRef Report)
    {
        public Recovery Recovery { get; init; } = Recovery.Default;
        public string Journal { get; init; } = "";
        public string SnapshotStore { get; init; } = "";
        public Action<ScriptedActor, object>? OnRecover { get; init; }
        public bool Quiet { get; init; }
    }

    private readonly Settings _settings;

    public ScriptedActor(Settings settings)
    {
        _settings = settings;
        JournalPluginId = settings.Journal;
        SnapshotPluginId = settings.SnapshotStore;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public override string PersistenceId => _settings.Id;

    public override Recovery Recovery => _settings.Recovery;

    /// <summary>The events applied, live or by replay.</summary>
    public List<string> State { get; } = [];

    public new IActorRef Sender => base.Sender;

    public new IActorRef Self => base.Self;

    public static Props Make(Settings settings) => Props.Create(() => new ScriptedActor(settings));

    public void Say(object what) => _settings.Report.Tell(what, Self);

    public void WatchIt(IActorRef subject) => Context.Watch(subject);

    public void Stop() => Context.Stop(Self);

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case Do m:
                m.Action(this);
                break;
            case DoAsync m:
                RunTask(() => m.Action(this));
                break;
            case Terminated m:
                Say($"ended {m.ActorRef.Path.Name}");
                break;
            default:
                Say(message);
                break;
        }
    }

    protected override void OnRecover(object message)
    {
        _settings.OnRecover?.Invoke(this, message);
        if (message is string e) State.Add(e);
        if (_settings.Quiet) return;
        Say(message switch
        {
            SnapshotOffer offer => $"offered {offer.Snapshot} at {offer.Metadata.SequenceNr}",
            RecoveryCompleted => "recovered",
            _ => $"replayed {message}",
        });
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Say($"failed {@event} at {sequenceNr}");

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Say($"rejected {@event} at {sequenceNr}");

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => Say($"recovery failed: {reason.GetType().Name}");

    protected override void PreRestart(Exception reason, object message)
    {
        Say($"restarting after {reason.GetType().Name}");
        base.PreRestart(reason, message);
    }
}
