using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster;

/// <summary>
/// Looks for a cluster at the seed nodes until one answers. If this node is the first of them and the others say no, or say
/// nothing for <c>seed-node-timeout</c>, it founds one.
/// </summary>
internal sealed class SeedProcess : UntypedActor, IWithTimers
{
    private static readonly TimeSpan FounderAsks = TimeSpan.FromSeconds(1);

    private readonly Cluster _cluster;
    private readonly ImmutableList<Address> _others;
    private readonly bool _founder;
    private ImmutableHashSet<Address> _silent;
    private int _attempt;

    public SeedProcess(Cluster cluster, ImmutableList<Address> seedNodes)
    {
        _cluster = cluster;
        _others = seedNodes.Remove(cluster.SelfAddress);
        _silent = [.. _others];
        _founder = seedNodes[0].Equals(cluster.SelfAddress);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        var timeout = _cluster.Settings.SeedNodeTimeout;
        Timers.StartPeriodicTimer("ask", Ask.Instance, TimeSpan.Zero, _founder && timeout > FounderAsks ? FounderAsks : timeout);
        if (_founder) Timers.StartSingleTimer("found", Found.Instance, timeout);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Ask:
                AskAll();
                break;
            case InitJoinAck x:
                Context.Parent.Tell(new JoinTo(x.Address));
                Become(static _ => { });
                break;
            case InitJoinNack x when _founder:
                _silent = _silent.Remove(x.Address);
                if (_silent.IsEmpty) FoundCluster();
                break;
            case Found:
                FoundCluster();
                break;
        }
    }

    private void AskAll()
    {
        if (++_attempt > 2 && !_founder)
        {
            _cluster.Log.Warning("Cluster Node [{0}] - Couldn't join seed nodes after [{1}] attempts, will try again. seed-nodes=[{2}]", _cluster.SelfAddress, _attempt - 1, string.Join(", ", _others));
        }
        foreach (var node in _others) ClusterCore.PeerOf(_cluster, node, ClusterCore.Name).Tell(new InitJoin(), Self);
    }

    private void FoundCluster()
    {
        Context.Parent.Tell(new JoinTo(_cluster.SelfAddress));
        Become(static _ => { });
    }

    private sealed class Ask
    {
        public static readonly Ask Instance = new();
    }

    private sealed class Found
    {
        public static readonly Found Instance = new();
    }
}
