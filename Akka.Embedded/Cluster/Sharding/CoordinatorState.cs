using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>What happened to the allocation of shards; stored for ever. Append fields, never change their meaning.</summary>
internal interface ICoordinatorEvent : IClusterShardingSerializable;

internal sealed record RegionRegistered(IActorRef Region) : ICoordinatorEvent;

internal sealed record ProxyRegistered(IActorRef Proxy) : ICoordinatorEvent;

internal sealed record RegionTerminated(IActorRef Region) : ICoordinatorEvent;

internal sealed record ProxyTerminated(IActorRef Proxy) : ICoordinatorEvent;

internal sealed record ShardHomeAllocated(string Shard, IActorRef Region) : ICoordinatorEvent;

internal sealed record ShardHomeDeallocated(string Shard) : ICoordinatorEvent;

/// <summary>
/// Which region hosts which shard: the fold of the coordinator's events, and what its snapshots hold.
/// <see cref="Homes"/> and <see cref="Regions"/> always say the same; a region lists its shards oldest first.
/// </summary>
internal sealed record CoordinatorState(
    ImmutableDictionary<string, IActorRef> Homes,
    ImmutableDictionary<IActorRef, IImmutableList<string>> Regions,
    ImmutableHashSet<IActorRef> Proxies) : IClusterShardingSerializable
{
    public static readonly CoordinatorState Empty = new(
        ImmutableDictionary<string, IActorRef>.Empty, ImmutableDictionary<IActorRef, IImmutableList<string>>.Empty, []);

    /// <summary>Folds one event. Facts that the state already holds change nothing.</summary>
    public CoordinatorState Apply(ICoordinatorEvent e) => e switch
    {
        RegionRegistered x when Regions.ContainsKey(x.Region) => this,
        RegionRegistered x => this with { Regions = Regions.Add(x.Region, ImmutableList<string>.Empty) },
        ProxyRegistered x => this with { Proxies = Proxies.Add(x.Proxy) },
        RegionTerminated x when !Regions.ContainsKey(x.Region) => this,
        RegionTerminated x => this with { Homes = Homes.RemoveRange(Regions[x.Region]), Regions = Regions.Remove(x.Region) },
        ProxyTerminated x => this with { Proxies = Proxies.Remove(x.Proxy) },
        ShardHomeAllocated x when Homes.ContainsKey(x.Shard) || !Regions.ContainsKey(x.Region) => this,
        ShardHomeAllocated x => this with
        {
            Homes = Homes.Add(x.Shard, x.Region),
            Regions = Regions.SetItem(x.Region, Regions[x.Region].Add(x.Shard)),
        },
        ShardHomeDeallocated x when !Homes.ContainsKey(x.Shard) => this,
        ShardHomeDeallocated x => this with
        {
            Homes = Homes.Remove(x.Shard),
            Regions = Regions.SetItem(Homes[x.Shard], Regions[Homes[x.Shard]].Remove(x.Shard)),
        },
        _ => throw new InvalidOperationException($"no fold for {e.GetType().Name}"),
    };

    /// <summary>A registered region at the same place as <paramref name="region"/> but of an earlier life, if there is one.</summary>
    public IActorRef? EarlierLifeOf(IActorRef region) => Regions.Keys.FirstOrDefault(r => !r.Equals(region) && r.Path.Equals(region.Path));
}
