using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>A message of sharding that travels between nodes or is stored.</summary>
public interface IClusterShardingSerializable;

/// <summary>Tells a region to do something.</summary>
public interface IShardRegionCommand;

/// <summary>Asks a region what it knows.</summary>
public interface IShardRegionQuery;

/// <summary>
/// From an entity to its parent: stop me. The parent sends <see cref="StopMessage"/> back when it has begun to hold what
/// arrives for the entity; held messages start it again.
/// </summary>
public sealed class Passivate : IShardRegionCommand
{
    public Passivate(object stopMessage) => StopMessage = stopMessage;

    public object StopMessage { get; }
}

/// <summary>To the region: hand over all shards, then stop.</summary>
public sealed class GracefulShutdown : IShardRegionCommand
{
    public static readonly GracefulShutdown Instance = new();

    private GracefulShutdown() { }
}

/// <summary>Messages for an entity, with the entity's id beside them.</summary>
public sealed class ShardingEnvelope : IClusterShardingSerializable
{
    public ShardingEnvelope(string entityId, object message)
    {
        EntityId = entityId;
        Message = message;
    }

    public string EntityId { get; }

    public object Message { get; }

    public override bool Equals(object? obj) => obj is ShardingEnvelope e && e.EntityId == EntityId && Equals(e.Message, Message);

    public override int GetHashCode() => HashCode.Combine(EntityId, Message);

    public override string ToString() => $"ShardingEnvelope({EntityId}, {Message})";
}
