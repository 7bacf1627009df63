using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster;

/// <summary>/system/cluster: keeps the cluster's actors. When one of them fails, or it stops, this node's part is over.</summary>
internal sealed class ClusterDaemon : UntypedActor
{
    private readonly Cluster _cluster;
    private readonly TaskCompletionSource _exiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IActorRef _publisher = ActorRefs.Nobody;
    private IActorRef _core = ActorRefs.Nobody;

    private ClusterDaemon(Cluster cluster)
    {
        _cluster = cluster;
        cluster.HasStarted(Self);
        ClusterFarewell.Register(cluster, Self, _exiting.Task);
    }

    public static Props Props(Cluster cluster) =>
        Actor.Props.Create(() => new ClusterDaemon(cluster)).WithDispatcher(cluster.Settings.UseDispatcher);

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(e =>
    {
        _cluster.Log.Error(e, "Cluster node [{0}] failed and leaves the cluster", _cluster.SelfAddress);
        Context.Stop(Self);
        return Directive.Stop;
    });

    protected override void PreStart()
    {
        var dispatcher = _cluster.Settings.UseDispatcher;
        _publisher = Context.ActorOf(Actor.Props.Create(() => new ClusterPublisher(_cluster)).WithDispatcher(dispatcher), "publisher");
        Context.ActorOf(Actor.Props.Create(() => new HeartbeatReceiver(_cluster)).WithDispatcher(dispatcher), HeartbeatReceiver.Name);
        Context.ActorOf(Actor.Props.Create(() => new HeartbeatSender(_cluster)).WithDispatcher(dispatcher), "heartbeatSender");
        Context.ActorOf(Actor.Props.Create(() => new RemovedNodes(_cluster)).WithDispatcher(dispatcher), "removedNodes");
        var publisher = _publisher;
        _core = Context.ActorOf(Actor.Props.Create(() => new ClusterCore(_cluster, publisher, _exiting)).WithDispatcher(dispatcher), ClusterCore.Name);
        if (_cluster.DowningProvider.DowningActorProps is { } downing)
        {
            Context.ActorOf(downing, "downingProvider");
        }
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case AddSubscriber or RemoveSubscriber or SendState:
                _publisher.Forward(message);
                break;
            case WhenUp x:
                Context.ActorOf(Actor.Props.Create(() => new UpListener(_cluster, x.Callback)));
                break;
            default:
                _core.Forward(message);
                break;
        }
    }

    protected override void PostStop()
    {
        _exiting.TrySetResult();
        _cluster.HasTerminated();
        if (_cluster.Settings.LogInfo) _cluster.Log.Info("Cluster Node [{0}] - Successfully shut down", _cluster.SelfAddress);
        if (_cluster.Settings.RunCoordinatedShutdownWhenDown)
        {
            _ = CoordinatedShutdown.Get(_cluster.System).Run(CoordinatedShutdown.ClusterDowningReason.Instance);
        }
    }
}
