using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Eos.Tests.Support;
using static Eos.Tests.Support.CounterEntity;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Eos.Tests.Cluster;

/// <summary>Entities of one node: starting, stopping, asking about them.</summary>
[Collection(ClustersCollection.Name)]
public class ShardingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_entity_starts_with_its_first_message_and_has_its_state_again_when_it_starts_again()
    {
        await using var cluster = await LoopbackCluster.Start(1);
        var ledger = new Ledger();
        var region = CounterEntity.Start(cluster[0], ledger);

        Assert.Equal("a=1", await region.Ask<string>("a:add", Patience));
        Assert.Equal("a=2", await region.Ask<string>("a:add", Patience));
        Assert.Equal("b=0", await region.Ask<string>("b:get", Patience));
        region.Tell("a:passivate");
        await Eventually.True(() => !ledger.Active.Contains("a"), "the entity has stopped");

        Assert.Equal("a=2", await region.Ask<string>("a:get", Patience));
        Assert.Equal(2, ledger.StartsOf("a"));
        Assert.True(ledger.NobodyWasActiveTwice);
    }

    [Fact]
    public async Task Passivation_loses_no_message()
    {
        await using var cluster = await LoopbackCluster.Start(1);
        var ledger = new Ledger();
        var region = CounterEntity.Start(cluster[0], ledger);

        var answers = new List<Task<string>>();
        for (var i = 0; i < 300; i++)
        {
            answers.Add(region.Ask<string>("a:add", Patience));
            if (i % 3 == 0) region.Tell("a:passivate");
            if (i % 50 == 0) await answers[^1];
        }
        await Task.WhenAll(answers);

        Assert.Equal("a=300", await region.Ask<string>("a:get", Patience));
        Assert.True(ledger.NobodyWasActiveTwice);
        Assert.True(ledger.StartsOf("a") > 1);
    }

    [Fact]
    public async Task An_idle_entity_is_stopped()
    {
        await using var cluster = await LoopbackCluster.Start(1);
        var ledger = new Ledger();
        var region = CounterEntity.Start(cluster[0], ledger, s => s.WithPassivateIdleAfter(TimeSpan.FromMilliseconds(300)));

        await region.Ask<string>("a:add", Patience);
        await Eventually.True(() => ledger.Active.Count == 0, "the idle entity has stopped");
        Assert.Equal("a=1", await region.Ask<string>("a:get", Patience));
        Assert.Equal(2, ledger.StartsOf("a"));
    }

    [Fact]
    public async Task An_entity_that_fails_starts_again_and_its_neighbours_do_not_notice()
    {
        await using var cluster = await LoopbackCluster.Start(1);
        var ledger = new Ledger();
        var region = CounterEntity.Start(cluster[0], ledger, shards: 1);

        await region.Ask<string>("a:add", Patience);
        await region.Ask<string>("b:add", Patience);
        region.Tell("a:die");

        Assert.Equal("a=2", await region.Ask<string>("a:add", Patience));
        Assert.Equal("b=2", await region.Ask<string>("b:add", Patience));
        Assert.Equal(1, ledger.StartsOf("b"));
    }

    [Fact]
    public async Task A_region_says_which_entities_run_where()
    {
        await using var cluster = await LoopbackCluster.Start(1);
        var region = CounterEntity.Start(cluster[0], new Ledger());
        await region.Ask<string>("a:add", Patience);
        await region.Ask<string>("b:add", Patience);
        var self = AkkaCluster.Get(cluster[0]).SelfAddress;

        var state = await region.Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Patience);
        var stats = await region.Ask<ClusterShardingStats>(new GetClusterShardingStats(Patience), Patience);
        var regions = await region.Ask<CurrentRegions>(GetCurrentRegions.Instance, Patience);

        Assert.Equal(["a", "b"], state.Shards.SelectMany(s => s.EntityIds).Order());
        Assert.Equal(2, stats.Regions[self].Stats.Values.Sum());
        Assert.Equal([self], regions.Regions);
    }

    [Fact]
    public async Task Regions_are_found_by_type_and_starting_one_twice_gives_the_same()
    {
        await using var cluster = await LoopbackCluster.Start(1);
        var ledger = new Ledger();
        var region = CounterEntity.Start(cluster[0], ledger);

        Assert.Equal(region, CounterEntity.Start(cluster[0], ledger));
        Assert.Equal(region, ClusterSharding.Get(cluster[0]).ShardRegion("counter"));
        Assert.Throws<ArgumentException>(() => ClusterSharding.Get(cluster[0]).ShardRegion("nothing"));
    }

    [Fact]
    public async Task A_node_that_starts_anew_on_its_journal_finds_its_entities_again()
    {
        await using var cluster = await LoopbackCluster.Start(1);
        var ledger = new Ledger();
        var region = CounterEntity.Start(cluster[0], ledger);
        for (var i = 0; i < 40; i++) await region.Ask<string>($"e{i}:add", Patience);
        await cluster.Crash(cluster[0]);

        await cluster.Add();
        region = CounterEntity.Start(cluster[0], ledger);
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => region.Ask<string>($"e{i}:get", Patience)));

        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"e{i}=1"), answers);
    }

    [Fact]
    public async Task A_region_that_shuts_down_stops_its_entities_first()
    {
        await using var cluster = await LoopbackCluster.Start(1);
        var ledger = new Ledger();
        var region = CounterEntity.Start(cluster[0], ledger);
        for (var i = 0; i < 20; i++) await region.Ask<string>($"e{i}:add", Patience);
        Assert.Equal(20, ledger.Active.Count);

        Assert.True(await region.GracefulStop(Patience, GracefulShutdown.Instance));
        Assert.Empty(ledger.Active);
    }

    [Fact]
    public async Task An_entity_that_will_not_stop_is_killed_when_its_shard_is_handed_over()
    {
        await using var cluster = await LoopbackCluster.Start(1);
        var ledger = new Ledger();
        var region = CounterEntity.Start(cluster[0], ledger);
        await region.Ask<string>("a:add", Patience);
        region.Tell("a:stay");
        Assert.Equal("a=1", await region.Ask<string>("a:get", Patience));

        Assert.True(await region.GracefulStop(Patience, GracefulShutdown.Instance));
        Assert.Empty(ledger.Active);
    }

    [Fact]
    public async Task While_no_node_hosts_the_shards_messages_wait_and_those_beyond_the_limit_go_to_dead_letters()
    {
        await using var cluster = await LoopbackCluster.Start(1, "akka.cluster.sharding.buffer-size = 10");
        var proxy = ClusterSharding.Get(cluster[0]).StartProxy("counter", "host", CounterEntity.Extractor());
        var dead = new Hearing();
        cluster[0].EventStream.Subscribe(cluster[0].ActorOf(Props.Create(() => new DeadAdds(dead))), typeof(AllDeadLetters));
        var answers = Enumerable.Range(0, 10).Select(i => proxy.Ask<string>($"e{i}:add", Patience)).ToList();
        for (var i = 0; i < 5; i++) proxy.Tell("late:add");
        await Eventually.True(() => dead.Count == 5, "five messages found no room");

        CounterEntity.Start(await cluster.Add("akka.cluster.roles = [host]"), new Ledger(), s => s.WithRole("host"));

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"e{i}=1"), await Task.WhenAll(answers));
        Assert.Equal("late=0", await proxy.Ask<string>("late:get", Patience));
    }

    private sealed class Hearing
    {
        private int count;

        public int Count => Volatile.Read(ref count);

        public void Heard() => Interlocked.Increment(ref count);
    }

    private sealed class DeadAdds(Hearing hearing) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is AllDeadLetters { Message: "late:add" }) hearing.Heard();
        }
    }
}
