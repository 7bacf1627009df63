namespace Akka.Cluster.Sharding;

/// <summary>Says of a message which entity and which shard it is for, and what the entity is to get.</summary>
public interface IMessageExtractor
{
    /// <summary>Id of the entity, or nothing if the message is not for an entity.</summary>
    string? EntityId(object message);

    /// <summary>What the entity is to get, the message itself or what it carries.</summary>
    object EntityMessage(object message);

    /// <summary>Id of the shard, by message.</summary>
    string? ShardId(object message);

    /// <summary>Id of the shard, by entity. Must be the same on every node for ever.</summary>
    string ShardId(string entityId, object? messageHint = null);
}

/// <summary>An extractor whose shard id is a stable hash of the entity id.</summary>
public abstract class HashCodeMessageExtractor : IMessageExtractor
{
    public readonly int MaxNumberOfShards;

    protected HashCodeMessageExtractor(int maxNumberOfShards)
    {
        if (maxNumberOfShards < 1) throw new ArgumentException("there must be at least one shard", nameof(maxNumberOfShards));
        MaxNumberOfShards = maxNumberOfShards;
    }

    /// <summary>An extractor made of functions; without <paramref name="messageExtractor"/> the entity gets the message itself.</summary>
    public static HashCodeMessageExtractor Create(
        int maxNumberOfShards, Func<object, string?> entityIdExtractor, Func<object, object>? messageExtractor = null) =>
        new OfFunctions(maxNumberOfShards, entityIdExtractor, messageExtractor ?? (m => m));

    public abstract string? EntityId(object message);

    public virtual object EntityMessage(object message) => message;

    public virtual string? ShardId(object message) => EntityId(message) is { } id ? ShardId(id, message) : null;

    public virtual string ShardId(string entityId, object? messageHint = null) =>
        (StableHash.Of(entityId) % (uint)MaxNumberOfShards).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private sealed class OfFunctions(int shards, Func<object, string?> id, Func<object, object> message) : HashCodeMessageExtractor(shards)
    {
        public override string? EntityId(object m) => id(m);

        public override object EntityMessage(object m) => message(m);
    }
}
