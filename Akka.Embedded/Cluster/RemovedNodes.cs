using Akka.Actor;
using Akka.Remote;

namespace Akka.Cluster;

/// <summary>
/// Ends what ties this node to members that are gone: whoever watches their actors is told, and their incarnations are refused
/// by remoting; at once after a failure, a little later after a farewell.
/// </summary>
internal sealed class RemovedNodes(Cluster cluster) : UntypedActor, IWithTimers
{
    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => cluster.Subscribe(Self, typeof(ClusterEvent.MemberRemoved), typeof(ClusterEvent.ClusterShuttingDown));

    protected override void PostStop() => cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.ClusterShuttingDown:
                // the removals that follow say only that this node leaves
                Context.Stop(Self);
                break;
            case ClusterEvent.MemberRemoved x when x.Member.UniqueAddress != cluster.SelfUniqueAddress:
                AddressTerminatedTopic.Publish((ActorSystemImpl)cluster.System, x.Member.Address);
                if (x.PreviousStatus == MemberStatus.Down) Refuse(x.Member.UniqueAddress);
                else Timers.StartSingleTimer(x.Member.UniqueAddress, x.Member.UniqueAddress, cluster.Settings.QuarantineRemovedNodeAfter);
                break;
            case UniqueAddress gone:
                Refuse(gone);
                break;
        }
    }

    private void Refuse(UniqueAddress node) =>
        Remoting.Of(cluster.System)?.Quarantine(node.Address, node.Uid, "it is no longer a member of the cluster");
}
