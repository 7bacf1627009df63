using Akka.Actor;

namespace Akka.Cluster;

/// <summary>Runs one callback when this node is Up.</summary>
internal sealed class UpListener(Cluster cluster, Action callback) : UntypedActor
{
    protected override void PreStart() => cluster.Subscribe(Self, typeof(ClusterEvent.MemberUp));

    protected override void OnReceive(object message)
    {
        var up = message switch
        {
            ClusterEvent.CurrentClusterState x => x.Members.Any(m => IsIt(m) && m.Status == MemberStatus.Up),
            ClusterEvent.MemberUp x => IsIt(x.Member),
            _ => false,
        };
        if (!up) return;
        cluster.Run(callback);
        Become(static _ => { });
        Context.Stop(Self);
    }

    protected override void PostStop() => cluster.Unsubscribe(Self);

    private bool IsIt(Member member) => member.UniqueAddress == cluster.SelfUniqueAddress;
}
