using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>Starts the coordinator, starts it again some time after it stopped by itself, and stops with it when told to.</summary>
internal sealed class CoordinatorGuardian : UntypedActor, IWithTimers
{
    private readonly Props coordinator;
    private readonly TimeSpan backoff;
    private IActorRef? child;
    private bool stopping;

    private CoordinatorGuardian(Props coordinator, TimeSpan backoff) => (this.coordinator, this.backoff) = (coordinator, backoff);

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(Props coordinator, TimeSpan backoff) => Akka.Actor.Props.Create(() => new CoordinatorGuardian(coordinator, backoff));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PreStart() => StartChild();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case StartAgain: StartChild(); break;
            case Terminated when stopping: Context.Stop(Self); break;
            case Terminated:
                child = null;
                Timers.StartSingleTimer("start", StartAgain.Instance, backoff);
                break;
            case ShardProtocol.Terminate when child == null: Context.Stop(Self); break;
            case ShardProtocol.Terminate:
                stopping = true;
                child.Forward(message);
                break;
            default: child?.Forward(message); break;
        }
    }

    private void StartChild() => child = Context.Watch(Context.ActorOf(coordinator, "coordinator"));

    private sealed class StartAgain
    {
        public static readonly StartAgain Instance = new();
    }
}
