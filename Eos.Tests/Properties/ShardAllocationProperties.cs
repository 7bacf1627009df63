using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using FsCheck;
using FsCheck.Fluent;

namespace Eos.Tests.Properties;

/// <summary>The strategies that come with sharding: they even out, in bounded steps, and then stop.</summary>
public sealed class ShardAllocationProperties : IDisposable
{
    private readonly ActorSystem system = ActorSystem.Create("allocation", "akka { loglevel = OFF \n stdout-loglevel = OFF }");
    private readonly IActorRef[] regions;

    public ShardAllocationProperties() => regions = [.. Enumerable.Range(0, 5).Select(i => system.ActorOf(Props.Create(() => new Nothing()), $"region{i}"))];

    private static readonly Arbitrary<int[]> Loads = Gen.Choose(0, 40).ArrayOf().Where(a => a.Length is > 1 and <= 5).ToArbitrary();

    public void Dispose() => system.Dispose();

    [Fact]
    public void A_new_shard_goes_where_fewest_are() => Check.QuickThrowOnFailure(Prop.ForAll(Loads, loads =>
    {
        var before = Spread(loads);
        var chosen = ShardAllocationStrategy.LeastShardAllocationStrategy(10, 0.1).AllocateShard(regions[0], "new", before).GetAwaiter().GetResult();
        return before[chosen].Count == loads.Min();
    }));

    [Fact]
    public void Rounds_of_the_limited_strategy_end_with_an_even_spread() => Check.QuickThrowOnFailure(Prop.ForAll(Loads, loads =>
        Settles(ShardAllocationStrategy.LeastShardAllocationStrategy(7, 0.2), loads, atMost: 7, difference: 1)));

    [Fact]
    public void Rounds_of_the_threshold_strategy_end_within_the_threshold() => Check.QuickThrowOnFailure(Prop.ForAll(Loads, loads =>
        Settles(new LeastShardAllocationStrategy(rebalanceThreshold: 2, maxSimultaneousRebalance: 3), loads, atMost: 3, difference: 2)));

    [Fact]
    public async Task While_enough_shards_move_no_more_are_chosen()
    {
        var all = Spread([20, 0]);
        var moving = all[regions[0]].Take(3).ToImmutableHashSet();
        Assert.Empty(await new LeastShardAllocationStrategy(1, 3).Rebalance(all, moving));
        Assert.Empty(await ShardAllocationStrategy.LeastShardAllocationStrategy(5, 1).Rebalance(all, moving));
    }

    /// <summary>Plays rounds, in which each chosen shard is allocated anew, until none is chosen.</summary>
    private bool Settles(IShardAllocationStrategy strategy, int[] loads, int atMost, int difference)
    {
        var spread = Spread(loads);
        for (var round = 0; round < 300; round++)
        {
            var chosen = strategy.Rebalance(spread, ImmutableHashSet<string>.Empty).GetAwaiter().GetResult();
            if (chosen.Count > atMost) return false;
            if (chosen.Count == 0) return spread.Values.Max(s => s.Count) - spread.Values.Min(s => s.Count) <= difference;
            foreach (var shard in chosen)
            {
                var from = spread.First(r => r.Value.Contains(shard)).Key;
                spread = spread.SetItem(from, spread[from].Remove(shard));
                var to = strategy.AllocateShard(from, shard, spread).GetAwaiter().GetResult();
                spread = spread.SetItem(to, spread[to].Add(shard));
            }
        }
        return false;
    }

    private ImmutableDictionary<IActorRef, IImmutableList<string>> Spread(int[] loads) => loads
        .Select((n, i) => KeyValuePair.Create(regions[i], (IImmutableList<string>)Enumerable.Range(0, n).Select(s => $"{i}-{s}").ToImmutableList()))
        .ToImmutableDictionary();

    private sealed class Nothing : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }
}
