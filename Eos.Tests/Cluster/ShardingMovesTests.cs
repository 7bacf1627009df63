using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Coordination;
using Eos.Tests.Support;
using static Eos.Tests.Support.CounterEntity;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Eos.Tests.Cluster;

/// <summary>Entities of several nodes: they move when nodes come, go and die, and are active once at most.</summary>
[Collection(ClustersCollection.Name)]
public class ShardingMovesTests
{
    private const int Entities = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Entities_are_spread_over_the_nodes_and_are_reached_from_all()
    {
        await using var cluster = await LoopbackCluster.Start(3);
        var ledger = new Ledger();
        var regions = cluster.Nodes.Select(n => CounterEntity.Start(n, ledger)).ToList();
        await Regions(regions[0], 3);

        foreach (var region in regions) await Task.WhenAll(Ids().Select(id => region.Ask<string>($"{id}:add", Patience)));

        var answers = await Task.WhenAll(Ids().Select(id => regions[1].Ask<string>($"{id}:get", Patience)));
        var places = await Task.WhenAll(Ids().Select(id => regions[2].Ask<string>($"{id}:where", Patience)));
        Assert.Equal(Ids().Select(id => $"{id}=3"), answers);
        Assert.Equal(3, places.Distinct().Count());
        foreach (var region in regions)
        {
            var stats = await region.Ask<ClusterShardingStats>(new GetClusterShardingStats(Patience), Patience);
            Assert.Equal(3, stats.Regions.Count);
            Assert.Equal(Entities, stats.Regions.Values.Sum(r => r.Stats.Values.Sum()));
        }
        Assert.True(ledger.NobodyWasActiveTwice);
    }

    [Fact]
    public async Task Shards_move_to_a_node_that_joins_and_no_acknowledged_change_is_lost()
    {
        await using var cluster = await LoopbackCluster.Start(1);
        var ledger = new Ledger();
        var region = CounterEntity.Start(cluster[0], ledger);
        await Task.WhenAll(Ids().Select(id => region.Ask<string>($"{id}:add", Patience)));

        var adding = Task.WhenAll(Ids().Select(id => AddMany(region, id, 30)));
        var late = await cluster.Add();
        var lateRegion = CounterEntity.Start(late, ledger);
        var unanswered = await adding;

        var there = AkkaCluster.Get(late).SelfAddress.ToString();
        await Eventually.Is(() => Task.WhenAll(Ids().Select(id => region.Ask<string>($"{id}:where", Patience))),
            places => places.Count(p => p == there) >= Entities / 4, "a fair part of the entities runs on the new node");
        var answers = await Task.WhenAll(Ids().Select(id => lateRegion.Ask<string>($"{id}:get", Patience)));
        AssertAdded(31, unanswered, answers);
        Assert.True(ledger.NobodyWasActiveTwice);
    }

    [Fact]
    public async Task A_node_that_leaves_hands_its_shards_over()
    {
        await using var cluster = await LoopbackCluster.Start(3);
        var ledger = new Ledger();
        var regions = cluster.Nodes.Select(n => CounterEntity.Start(n, ledger)).ToList();
        await Regions(regions[2], 3);
        await Task.WhenAll(Ids().Select(id => regions[2].Ask<string>($"{id}:add", Patience)));

        var adding = Task.WhenAll(Ids().Select(id => AddMany(regions[2], id, 20)));
        await cluster.Leave(cluster[0]);
        var unanswered = await adding;

        var answers = await Task.WhenAll(Ids().Select(id => regions[1].Ask<string>($"{id}:get", Patience)));
        AssertAdded(21, unanswered, answers);
        Assert.True(ledger.NobodyWasActiveTwice);
        var left = await Eventually.Is(() => regions[1].Ask<CurrentRegions>(GetCurrentRegions.Instance, Patience), r => r.Regions.Count == 2, "two regions are left");
        Assert.Equal(cluster.Nodes.Select(n => AkkaCluster.Get(n).SelfAddress).ToHashSet(), left.Regions.ToHashSet());
    }

    [Fact]
    public async Task An_entity_starts_elsewhere_only_when_it_has_stopped_where_it_was()
    {
        await using var cluster = await LoopbackCluster.Start(2, "akka.cluster.sharding.handoff-timeout = 60s");
        var ledger = new Ledger();
        var regions = cluster.Nodes.Select(n => CounterEntity.Start(n, ledger)).ToList();
        await Regions(regions[1], 2);
        var there = AkkaCluster.Get(cluster[0]).SelfAddress.ToString();
        var places = await Task.WhenAll(Ids().Select(id => regions[1].Ask<string>($"{id}:where", Patience)));
        var id = Ids().Zip(places).First(p => p.Second == there).First;
        regions[1].Tell($"{id}:linger");
        Assert.Equal($"{id}=1", await regions[1].Ask<string>($"{id}:add", Patience));

        var leaving = cluster.Leave(cluster[0]);
        await Eventually.True(() => ledger.WasToldToStop(id), "the entity is told to stop");
        var asked = regions[1].Ask<string>($"{id}:add", Patience);
        await Eventually.Stays(() => ledger.StartsOf(id) == 1 && !asked.IsCompleted, TimeSpan.FromSeconds(1), "it has started elsewhere, or answered, before it stopped");

        ledger.Release();
        Assert.Equal($"{id}=2", await asked);
        Assert.Equal(2, ledger.StartsOf(id));
        Assert.True(ledger.NobodyWasActiveTwice);
        await leaving;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Entities_of_a_node_that_dies_start_elsewhere(int victim)
    {
        await using var cluster = await LoopbackCluster.Start(3);
        var ledger = new Ledger();
        var regions = cluster.Nodes.Select(n => CounterEntity.Start(n, ledger)).ToList();
        await Regions(regions[1], 3);
        await Task.WhenAll(Ids().Select(id => regions[1].Ask<string>($"{id}:add", Patience)));

        await cluster.Crash(cluster[victim]);

        foreach (var id in Ids())
            await Eventually.Is(() => regions[1].Ask<string>($"{id}:get", TimeSpan.FromSeconds(1)), a => a == $"{id}=1", $"{id} answers");
        Assert.True(ledger.NobodyWasActiveTwice);
    }

    [Fact]
    public async Task A_node_without_the_role_reaches_entities_by_a_proxy()
    {
        await using var cluster = await LoopbackCluster.Start(1, "");
        var host = await cluster.Add("akka.cluster.roles = [host]");
        var ledger = new Ledger();
        CounterEntity.Start(host, ledger, s => s.WithRole("host"));

        var proxy = ClusterSharding.Get(cluster[0]).StartProxy("counter", "host", CounterEntity.Extractor());

        Assert.Equal("a=1", await proxy.Ask<string>("a:add", Patience));
        Assert.Equal(AkkaCluster.Get(host).SelfAddress.ToString(), await proxy.Ask<string>("a:where", Patience));
        Assert.Equal(proxy, ClusterSharding.Get(cluster[0]).ShardRegionProxy("counter"));
    }

    [Fact]
    public async Task A_shard_runs_only_with_its_lease_and_its_entities_stop_when_it_is_lost()
    {
        await using var cluster = await LoopbackCluster.Start(1, TestLease.Hocon);
        var leases = TestLease.Of(cluster[0]);
        leases.Refuse = true;
        var ledger = new Ledger();
        var region = CounterEntity.Start(cluster[0], ledger, s => s.WithLeaseSettings(new LeaseUsageSettings("test.lease", TimeSpan.FromMilliseconds(100))));
        var first = region.Ask<string>("a:add", Patience);
        await Eventually.True(() => leases.Tries > 2, "the lease is asked for again and again");
        Assert.Empty(ledger.Active);

        leases.Refuse = false;
        Assert.Equal("a=1", await first);
        Assert.Contains(leases.Held.Keys, name => name.StartsWith("loopback-shard-counter-", StringComparison.Ordinal));

        leases.Refuse = true;
        leases.LoseAll();
        await Eventually.True(() => ledger.Active.Count == 0, "the entity stops");
        leases.Refuse = false;
        Assert.Equal("a=1", await Eventually.Is(() => region.Ask<string>("a:get", TimeSpan.FromSeconds(1)), a => a == "a=1", "the entity answers again"));
    }

    [Fact]
    public async Task A_lease_that_is_granted_too_late_is_given_back()
    {
        await using var cluster = await LoopbackCluster.Start(1, TestLease.Hocon);
        var leases = TestLease.Of(cluster[0]);
        var open = new TaskCompletionSource();
        leases.Open = open.Task;
        var region = CounterEntity.Start(cluster[0], new Ledger(), s => s.WithLeaseSettings(new LeaseUsageSettings("test.lease", TimeSpan.FromMilliseconds(100))));
        region.Tell("a:add");
        await Eventually.True(() => leases.Tries >= 1, "the shard asks for its lease");

        Assert.True(await region.GracefulStop(Patience, GracefulShutdown.Instance));
        open.SetResult();

        await Eventually.True(() => leases.Granted > 0 && leases.Granted == leases.Tries && leases.Held.IsEmpty, "the lease is given back");
    }

    /// <summary>A node that crashed and came back at its address may register before the coordinator's node hears that the earlier one was removed.</summary>
    [Fact]
    public async Task A_region_that_the_coordinator_took_for_gone_registers_again()
    {
        await using var cluster = await LoopbackCluster.Start(2);
        var ledger = new Ledger();
        var regions = cluster.Nodes.Select(n => CounterEntity.Start(n, ledger)).ToList();
        await Regions(regions[0], 2);
        await Eventually.Is(
            () =>
            {
                // Again with each look: the region may have registered anew before this one saw that it was struck out.
                AddressTerminatedTopic.Publish((ActorSystemImpl)cluster[0], AkkaCluster.Get(cluster[1]).SelfAddress);
                return regions[0].Ask<CurrentRegions>(GetCurrentRegions.Instance, Patience);
            },
            r => r.Regions.Count == 1, "the coordinator takes the region for gone");
        await Regions(regions[0], 2);
    }

    private static IEnumerable<string> Ids() => Enumerable.Range(0, Entities).Select(i => $"e{i}");

    private static Task Regions(IActorRef region, int count) =>
        Eventually.Is(() => region.Ask<CurrentRegions>(GetCurrentRegions.Instance, Patience), r => r.Regions.Count == count, $"{count} regions are registered");

    /// <summary>
    /// Adds one after another; an unanswered addition is looked up and, if it did not happen, repeated. It may have waited for a shard on its way and happen
    /// after that: gives how many were not answered.
    /// </summary>
    private static async Task<int> AddMany(IActorRef region, string id, int times)
    {
        var before = await Eventually.Is(() => Ask("get"), _ => true, $"{id} answers");
        var unanswered = 0;
        for (var n = before + 1; n <= before + times; n++)
        {
            var goal = n;
            await Eventually.Is(async () => await Ask("get") is var now && now >= goal ? now : await Add(), a => a >= goal, $"{id}={goal} is acknowledged");
        }
        return unanswered;

        async Task<int> Ask(string word) => CountOf(await region.Ask<string>($"{id}:{word}", TimeSpan.FromSeconds(10)));

        async Task<int> Add()
        {
            try
            {
                return await Ask("add");
            }
            catch (AskTimeoutException)
            {
                unanswered++;
                throw;
            }
        }
    }

    private static int CountOf(string answer) => int.Parse(answer.Split('=')[1]);

    /// <summary>Every acknowledged addition is there, and no more than those that were not answered beside them.</summary>
    private static void AssertAdded(int acknowledged, int[] unanswered, string[] answers)
    {
        Assert.Equal(Ids(), answers.Select(a => a.Split('=')[0]));
        Assert.All(answers.Zip(unanswered), a => Assert.InRange(CountOf(a.First), acknowledged, acknowledged + a.Second));
    }
}
