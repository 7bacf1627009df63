using System.Collections.Immutable;
using Akka.Actor;
using Akka.Remote;

namespace Akka.Cluster;

/// <summary>Asks this node's neighbours on the ring for signs of life and gives their answers to the failure detector.</summary>
internal sealed class HeartbeatSender : UntypedActor, IWithTimers
{
    private readonly Cluster _cluster;
    private HeartbeatRing _ring;
    private ImmutableHashSet<UniqueAddress> _formerAndMissed = [];
    private long _sequence;

    public HeartbeatSender(Cluster cluster)
    {
        _cluster = cluster;
        _ring = new HeartbeatRing(cluster.SelfUniqueAddress, [], [], cluster.Settings.MonitoredByNrOfMembers);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private DefaultFailureDetectorRegistry<Address> Detector => _cluster.FailureDetector;

    protected override void PreStart() =>
        _cluster.Subscribe(Self, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));

    protected override void PostStop()
    {
        foreach (var node in Watched) Detector.Remove(node.Address);
        _cluster.Unsubscribe(Self);
    }

    private ImmutableHashSet<UniqueAddress> Watched => _ring.Receivers.Union(_formerAndMissed);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Tick:
                Ask();
                break;
            case HeartbeatResponse x:
                Heard(x.From);
                break;
            case FirstIsDue x when Watched.Contains(x.Node) && !Detector.IsMonitoring(x.Node.Address):
                Detector.Heartbeat(x.Node.Address);
                break;
            case ClusterEvent.CurrentClusterState x:
                Begin(x);
                break;
            case ClusterEvent.MemberRemoved x:
                Forget(x.Member.UniqueAddress);
                break;
            case ClusterEvent.IMemberEvent x when x.Member.UniqueAddress != _cluster.SelfUniqueAddress:
                Change(_ring.With(x.Member.UniqueAddress));
                break;
            case ClusterEvent.UnreachableMember x:
                Change(_ring with { Unreachable = _ring.Unreachable.Add(x.Member.UniqueAddress) });
                break;
            case ClusterEvent.ReachableMember x:
                Change(_ring with { Unreachable = _ring.Unreachable.Remove(x.Member.UniqueAddress) });
                break;
        }
    }

    private void Begin(ClusterEvent.CurrentClusterState state)
    {
        _ring = _ring with
        {
            Nodes = [.. state.Members.Select(m => m.UniqueAddress).Where(n => n != _cluster.SelfUniqueAddress)],
            Unreachable = [.. state.Unreachable.Select(m => m.UniqueAddress)],
        };
        Timers.StartPeriodicTimer("tick", Tick.Instance, _cluster.Settings.HeartbeatInterval, _cluster.Settings.HeartbeatInterval);
    }

    private void Ask()
    {
        var heartbeat = new Heartbeat(++_sequence);
        foreach (var node in Watched)
        {
            if (!Detector.IsMonitoring(node.Address) && !Timers.IsTimerActive(node))
            {
                Timers.StartSingleTimer(node, new FirstIsDue(node), _cluster.Settings.HeartbeatExpectedResponseAfter);
            }
            ClusterCore.PeerOf(_cluster, node.Address, HeartbeatReceiver.Name).Tell(heartbeat, Self);
        }
    }

    private void Heard(UniqueAddress node)
    {
        if (!Watched.Contains(node)) return;
        Detector.Heartbeat(node.Address);
        if (!_formerAndMissed.Contains(node)) return;
        // it is back, and it is others who watch it now
        _formerAndMissed = _formerAndMissed.Remove(node);
        if (!_ring.Receivers.Contains(node)) Detector.Remove(node.Address);
    }

    private void Forget(UniqueAddress node)
    {
        Change(_ring.Without(node));
        _formerAndMissed = _formerAndMissed.Remove(node);
        if (!_ring.Nodes.Any(n => n.Address.Equals(node.Address))) Detector.Remove(node.Address);
    }

    private void Change(HeartbeatRing next)
    {
        var dropped = _ring.Receivers.Except(next.Receivers);
        _ring = next;
        foreach (var node in dropped)
        {
            if (Detector.IsAvailable(node.Address)) Detector.Remove(node.Address);
            else _formerAndMissed = _formerAndMissed.Add(node);
        }
    }

    private sealed record FirstIsDue(UniqueAddress Node);

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}

/// <summary>Answers whoever asks for a sign of life.</summary>
internal sealed class HeartbeatReceiver(Cluster cluster) : UntypedActor
{
    public const string Name = "heartbeatReceiver";

    protected override void OnReceive(object message)
    {
        if (message is Heartbeat x) Sender.Tell(new HeartbeatResponse(cluster.SelfUniqueAddress, x.Sequence));
    }
}
