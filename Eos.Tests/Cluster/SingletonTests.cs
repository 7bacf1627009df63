using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using Eos.Tests.Support;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Eos.Tests.Cluster;

/// <summary>One actor in the whole cluster: where it runs, how it moves, how it is reached.</summary>
[Collection(ClustersCollection.Name)]
public class SingletonTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_singleton_runs_on_the_oldest_node_and_is_reached_from_all()
    {
        await using var cluster = await LoopbackCluster.Start(3);
        var life = new Life();
        foreach (var node in cluster.Nodes) Manage(node, life);

        foreach (var node in cluster.Nodes)
            Assert.Equal(Address(cluster[0]), await Proxy(node).Ask<string>("where", Patience));
        Assert.Equal(1, life.Most);
    }

    [Fact]
    public async Task It_moves_when_its_node_leaves_and_the_old_one_ends_first()
    {
        await using var cluster = await LoopbackCluster.Start(3);
        var life = new Life();
        foreach (var node in cluster.Nodes) Manage(node, life);
        var proxy = Proxy(cluster[2]);
        Assert.Equal(Address(cluster[0]), await proxy.Ask<string>("where", Patience));

        await cluster.Leave(cluster[0]);

        var now = await Eventually.Is(() => proxy.Ask<string>("where", TimeSpan.FromSeconds(1)), a => a == Address(cluster[0]), "the next oldest has it");
        Assert.Equal(Address(cluster[0]), now);
        Assert.Equal(1, life.Most);
        Assert.Equal(["told", "ended"], life.Story.Where(s => s is "told" or "ended").Take(2));
    }

    [Fact]
    public async Task It_moves_when_its_node_dies()
    {
        await using var cluster = await LoopbackCluster.Start(2);
        var life = new Life();
        foreach (var node in cluster.Nodes) Manage(node, life);
        var proxy = Proxy(cluster[1]);
        Assert.Equal(Address(cluster[0]), await proxy.Ask<string>("where", Patience));

        await cluster.Crash(cluster[0]);

        await Eventually.Is(() => proxy.Ask<string>("where", TimeSpan.FromSeconds(1)), a => a == Address(cluster[0]), "the survivor has it");
        Assert.Equal(1, life.Most);
    }

    [Fact]
    public async Task Only_nodes_of_its_role_run_it()
    {
        await using var cluster = await LoopbackCluster.Start(1);
        var life = new Life();
        var able = await cluster.Add("akka.cluster.roles = [able]");
        Manage(able, life, "able");

        Assert.Equal(Address(able), await Proxy(cluster[0], "able").Ask<string>("where", Patience));
    }

    [Fact]
    public async Task What_is_sent_before_the_singleton_is_there_waits()
    {
        await using var cluster = await LoopbackCluster.Start(1);
        var proxy = Proxy(cluster[0]);
        var answer = proxy.Ask<string>("where", Patience);

        Manage(cluster[0], new Life());

        Assert.Equal(Address(cluster[0]), await answer);
    }

    [Fact]
    public async Task It_runs_only_with_its_lease_and_stops_when_the_lease_is_lost()
    {
        await using var cluster = await LoopbackCluster.Start(1, TestLease.Hocon);
        var leases = TestLease.Of(cluster[0]);
        leases.Refuse = true;
        var life = new Life();
        var settings = ClusterSingletonManagerSettings.Create(cluster[0])
            .WithLeaseSettings(new Akka.Coordination.LeaseUsageSettings("test.lease", TimeSpan.FromMilliseconds(100)));
        cluster[0].ActorOf(ClusterSingletonManager.Props(Props.Create(() => new Single(life)), "end", settings), "single");
        await Eventually.True(() => leases.Tries > 2, "the lease is asked for again and again");
        Assert.Equal(0, life.Running);

        leases.Refuse = false;
        await Eventually.True(() => life.Running == 1, "the singleton runs");
        leases.Refuse = true;
        leases.LoseAll();
        await Eventually.True(() => life.Running == 0, "the singleton stops");
        leases.Refuse = false;
        await Eventually.True(() => life.Running == 1, "the singleton runs again");
    }

    private static string Address(ActorSystem node) => AkkaCluster.Get(node).SelfAddress.ToString();

    private static void Manage(ActorSystem node, Life life, string? role = null)
    {
        var settings = ClusterSingletonManagerSettings.Create(node);
        if (role != null) settings = settings.WithRole(role);
        node.ActorOf(ClusterSingletonManager.Props(Props.Create(() => new Single(life)), "end", settings), "single");
    }

    private static IActorRef Proxy(ActorSystem node, string? role = null)
    {
        var settings = ClusterSingletonProxySettings.Create(node).WithSingletonIdentificationInterval(TimeSpan.FromMilliseconds(100));
        if (role != null) settings = settings.WithRole(role);
        return node.ActorOf(ClusterSingletonProxy.Props("/user/single", settings));
    }

    /// <summary>What the process knows of its singletons.</summary>
    private sealed class Life
    {
        private int running;
        private int most;

        public ConcurrentQueue<string> Story { get; } = new();

        public int Running => Volatile.Read(ref running);

        public int Most => Volatile.Read(ref most);

        public void Began()
        {
            Story.Enqueue("began");
            most = Math.Max(most, Interlocked.Increment(ref running));
        }

        public void Ended()
        {
            Story.Enqueue("ended");
            Interlocked.Decrement(ref running);
        }
    }

    private sealed class Single(Life life) : UntypedActor
    {
        protected override void PreStart() => life.Began();

        protected override void PostStop() => life.Ended();

        protected override void OnReceive(object message)
        {
            if (message is "where") Sender.Tell(Address(Context.System));
            if (message is not "end") return;
            life.Story.Enqueue("told");
            Context.Stop(Self);
        }
    }
}
