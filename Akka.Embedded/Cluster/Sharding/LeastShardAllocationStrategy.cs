using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding.Internal;

namespace Akka.Cluster.Sharding;

/// <summary>Moves shards from the fullest region while it has more than a threshold above the emptiest, a few at a time.</summary>
public class LeastShardAllocationStrategy : AbstractLeastShardAllocationStrategy
{
    private readonly int rebalanceThreshold;
    private readonly int maxSimultaneousRebalance;

    public LeastShardAllocationStrategy(int rebalanceThreshold, int maxSimultaneousRebalance)
    {
        this.rebalanceThreshold = rebalanceThreshold;
        this.maxSimultaneousRebalance = maxSimultaneousRebalance;
    }

    public override Task<IImmutableSet<string>> Rebalance(
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress) =>
        Task.FromResult<IImmutableSet<string>>(
            LeastShards.ByThreshold(currentShardAllocations, rebalanceInProgress, rebalanceThreshold, maxSimultaneousRebalance));
}

/// <summary>The strategies that come with sharding.</summary>
public static class ShardAllocationStrategy
{
    /// <summary>Evens all regions out in rounds of at most <paramref name="absoluteLimit"/> shards and <paramref name="relativeLimit"/> of all shards.</summary>
    public static IShardAllocationStrategy LeastShardAllocationStrategy(int absoluteLimit, double relativeLimit) =>
        new Limited(absoluteLimit, relativeLimit);

    private sealed class Limited(int absolute, double relative) : AbstractLeastShardAllocationStrategy
    {
        public override Task<IImmutableSet<string>> Rebalance(
            IImmutableDictionary<IActorRef, IImmutableList<string>> current, IImmutableSet<string> moving) =>
            Task.FromResult<IImmutableSet<string>>(LeastShards.ByLimit(current, moving, absolute, relative));
    }
}
