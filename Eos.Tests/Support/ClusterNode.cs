using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Eos.Tests.Support;

/// <summary>A member of a cluster inside the test process, on a free loopback port, with the settings of hocon/akka.conf.</summary>
public sealed class ClusterNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private ClusterNode(ActorSystem system)
    {
        System = system;
        Cluster = AkkaCluster.Get(system);
    }

    public ActorSystem System { get; }

    public AkkaCluster Cluster { get; }

    public Address Address => Cluster.SelfAddress;

    public static ClusterNode Start(string name, string config = "", int port = 0) => new(ActorSystem.Create(name, ConfigurationFactory.ParseString(config)
        .WithFallback(ConfigurationFactory.ParseString(
            $$"""
              akka.loglevel = WARNING
              akka.actor.provider = cluster
              akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{port}} }
              """))
        .WithFallback(ConfigurationFactory.FromResource("akka.conf", typeof(Eos.Kernel.DirectoryId).Assembly))));

    /// <summary>Several nodes; all are members, Up and known to each other.</summary>
    public static async Task<ClusterNode[]> StartMany(string name, int count, string config = "")
    {
        var nodes = Enumerable.Range(0, count).Select(_ => Start(name, config)).ToArray();
        foreach (var node in nodes) node.Cluster.Join(nodes[0].Address);
        foreach (var node in nodes) await node.SeesUp(nodes);
        return nodes;
    }

    /// <summary>Waits until this node knows exactly those nodes, all Up and reachable.</summary>
    public Task SeesUp(params ClusterNode[] nodes)
    {
        var expected = nodes.Select(n => n.Address).ToHashSet();
        return Until(s => s.Unreachable.IsEmpty && s.Members.All(m => m.Status == MemberStatus.Up) && expected.SetEquals(s.Members.Select(m => m.Address)),
            $"{Address} should see exactly [{string.Join(", ", expected)}] up");
    }

    /// <summary>Waits until the state of this node passes.</summary>
    public async Task Until(Func<ClusterEvent.CurrentClusterState, bool> passes, string phase, TimeSpan? within = null)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var watcher = System.ActorOf(Props.Create(() => new Watcher(Cluster, passes, done)));
        try
        {
            await done.Task.WaitAsync(within ?? Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{phase}; it sees [{string.Join(", ", Cluster.State.Members)}], unreachable [{string.Join(", ", Cluster.State.Unreachable)}]");
        }
        finally
        {
            System.Stop(watcher);
        }
    }

    /// <summary>Collects events of the given types, from those on that tell the present state: the subscription is known to the cluster when this returns.</summary>
    public async Task<EventLog> Record(params Type[] types)
    {
        var log = new EventLog();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        System.ActorOf(Props.Create(() => new Recorder(Cluster, log, types, begun)));
        await begun.Task.WaitAsync(Patience);
        return log;
    }

    public async ValueTask DisposeAsync() => await System.Terminate().WaitAsync(Patience);

    private sealed class Watcher : UntypedActor
    {
        private readonly AkkaCluster _cluster;
        private readonly Func<ClusterEvent.CurrentClusterState, bool> _passes;
        private readonly TaskCompletionSource _done;

        public Watcher(AkkaCluster cluster, Func<ClusterEvent.CurrentClusterState, bool> passes, TaskCompletionSource done)
        {
            _cluster = cluster;
            _passes = passes;
            _done = done;
        }

        protected override void PreStart() => _cluster.Subscribe(Self, ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.IClusterDomainEvent));

        protected override void PostStop() => _cluster.Unsubscribe(Self);

        protected override void OnReceive(object message)
        {
            if (_passes(_cluster.State)) _done.TrySetResult();
        }
    }

    private sealed class Recorder : UntypedActor
    {
        private readonly AkkaCluster _cluster;
        private readonly EventLog _log;
        private readonly Type[] _types;
        private readonly TaskCompletionSource _begun;

        public Recorder(AkkaCluster cluster, EventLog log, Type[] types, TaskCompletionSource begun)
        {
            _cluster = cluster;
            _log = log;
            _types = types;
            _begun = begun;
        }

        protected override void PreStart()
        {
            _cluster.Subscribe(Self, ClusterEvent.InitialStateAsEvents, _types);
            _cluster.SendCurrentClusterState(Self);
        }

        protected override void OnReceive(object message)
        {
            if (message is ClusterEvent.CurrentClusterState) _begun.TrySetResult();
            else _log.Add(message);
        }
    }
}
