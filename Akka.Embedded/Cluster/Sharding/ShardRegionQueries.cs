using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>Asks a region for the addresses of all regions of its type: <see cref="CurrentRegions"/>.</summary>
public sealed class GetCurrentRegions : IShardRegionQuery, IClusterShardingSerializable
{
    public static readonly GetCurrentRegions Instance = new();

    private GetCurrentRegions() { }

    public override string ToString() => "GetCurrentRegions";
}

/// <summary>Addresses of the nodes that host entities of a type.</summary>
public sealed class CurrentRegions : IClusterShardingSerializable
{
    public readonly IImmutableSet<Address> Regions;

    public CurrentRegions(IImmutableSet<Address> regions) => Regions = regions;

    public override bool Equals(object? obj) => obj is CurrentRegions other && Regions.SetEquals(other.Regions);

    public override int GetHashCode() => Regions.Aggregate(0, (h, r) => h ^ r.GetHashCode());

    public override string ToString() => $"CurrentRegions({string.Join(", ", Regions)})";
}

/// <summary>Asks a region how many entities each shard of the whole cluster has: <see cref="ClusterShardingStats"/>.</summary>
public sealed class GetClusterShardingStats : IShardRegionQuery, IClusterShardingSerializable
{
    public readonly TimeSpan Timeout;

    public GetClusterShardingStats(TimeSpan timeout) => Timeout = timeout;

    public override bool Equals(object? obj) => obj is GetClusterShardingStats other && other.Timeout == Timeout;

    public override int GetHashCode() => Timeout.GetHashCode();

    public override string ToString() => $"GetClusterShardingStats({Timeout})";
}

/// <summary>Regions by address, with what each hosts. A region that did not answer in time is not listed.</summary>
public sealed class ClusterShardingStats : IClusterShardingSerializable
{
    public readonly IImmutableDictionary<Address, ShardRegionStats> Regions;

    public ClusterShardingStats(IImmutableDictionary<Address, ShardRegionStats> regions) => Regions = regions;

    public override bool Equals(object? obj) => obj is ClusterShardingStats other && Regions.Count == other.Regions.Count
        && Regions.All(r => other.Regions.TryGetValue(r.Key, out var s) && s.Equals(r.Value));

    public override int GetHashCode() => Regions.Aggregate(0, (h, r) => h ^ r.Key.GetHashCode());

    public override string ToString() => $"ClusterShardingStats({string.Join(", ", Regions.Select(r => $"{r.Key}: {r.Value}"))})";
}

/// <summary>Asks a region how many entities each of its shards has: <see cref="ShardRegionStats"/>.</summary>
public sealed class GetShardRegionStats : IShardRegionQuery, IClusterShardingSerializable
{
    public static readonly GetShardRegionStats Instance = new();

    private GetShardRegionStats() { }

    public override string ToString() => "GetShardRegionStats";
}

/// <summary>Number of entities by shard; shards that did not answer are <see cref="Failed"/>.</summary>
public sealed class ShardRegionStats : IClusterShardingSerializable
{
    public readonly IImmutableDictionary<string, int> Stats;
    public readonly IImmutableSet<string> Failed;

    public ShardRegionStats(IImmutableDictionary<string, int> stats) : this(stats, ImmutableHashSet<string>.Empty) { }

    public ShardRegionStats(IImmutableDictionary<string, int> stats, IImmutableSet<string> failed)
    {
        Stats = stats;
        Failed = failed;
    }

    public override bool Equals(object? obj) => obj is ShardRegionStats other && Stats.Count == other.Stats.Count
        && Stats.All(s => other.Stats.TryGetValue(s.Key, out var n) && n == s.Value) && Failed.SetEquals(other.Failed);

    public override int GetHashCode() => Stats.Aggregate(0, (h, s) => h ^ HashCode.Combine(s.Key, s.Value));

    public override string ToString() => $"ShardRegionStats({string.Join(", ", Stats.Select(s => $"{s.Key}: {s.Value}"))})";
}

/// <summary>Asks a region for the entities that it hosts: <see cref="CurrentShardRegionState"/>.</summary>
public sealed class GetShardRegionState : IShardRegionQuery, IClusterShardingSerializable
{
    public static readonly GetShardRegionState Instance = new();

    private GetShardRegionState() { }

    public override string ToString() => "GetShardRegionState";
}

/// <summary>The shards of a region with their running entities.</summary>
public sealed class CurrentShardRegionState : IClusterShardingSerializable
{
    public readonly IImmutableSet<ShardState> Shards;
    public readonly IImmutableSet<string> Failed;

    public CurrentShardRegionState(IImmutableSet<ShardState> shards) : this(shards, ImmutableHashSet<string>.Empty) { }

    public CurrentShardRegionState(IImmutableSet<ShardState> shards, IImmutableSet<string> failed)
    {
        Shards = shards;
        Failed = failed;
    }

    public override bool Equals(object? obj) =>
        obj is CurrentShardRegionState other && Shards.SetEquals(other.Shards) && Failed.SetEquals(other.Failed);

    public override int GetHashCode() => Shards.Aggregate(0, (h, s) => h ^ s.GetHashCode());

    public override string ToString() => $"CurrentShardRegionState({string.Join(", ", Shards)})";
}

/// <summary>One shard and its running entities.</summary>
public sealed class ShardState : IClusterShardingSerializable
{
    public readonly string ShardId;
    public readonly IImmutableSet<string> EntityIds;

    public ShardState(string shardId, IImmutableSet<string> entityIds)
    {
        ShardId = shardId;
        EntityIds = entityIds;
    }

    public override bool Equals(object? obj) => obj is ShardState other && other.ShardId == ShardId && EntityIds.SetEquals(other.EntityIds);

    public override int GetHashCode() => HashCode.Combine(ShardId, EntityIds.Count);

    public override string ToString() => $"ShardState({ShardId}, {string.Join(", ", EntityIds)})";
}
