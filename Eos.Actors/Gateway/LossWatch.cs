using Akka.Actor;
using Akka.Cluster;

namespace Eos.Gateway;

/// <summary>
/// Tells the gateway when a node has left the cluster. What its directories were asked is lost with it; by then the shard region knows that they have to be found anew, and holds what is
/// asked until they are.
/// </summary>
internal sealed class LossWatch : ReceiveActor
{
    private readonly Cluster _cluster = Cluster.Get(Context.System);

    public LossWatch(IActorRef gateway) => Receive<ClusterEvent.MemberRemoved>(_ => gateway.Tell(new GatewaySignals.NodeGone()));

    public static Props Props(IActorRef gateway) => Akka.Actor.Props.Create(() => new LossWatch(gateway));

    protected override void PreStart() => _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberRemoved));

    protected override void PostStop() => _cluster.Unsubscribe(Self);
}
