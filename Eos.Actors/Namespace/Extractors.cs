using System.Globalization;
using Akka.Cluster.Sharding;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>Tells sharding where a message for a directory goes.</summary>
/// <param name="shards">Fixed for the life of an instance.</param>
public sealed class DirectoryExtractor(int shards) : IMessageExtractor
{
    public string EntityId(object message) => message is IForDirectory m ? m.Directory.ToString() : null!;

    public object EntityMessage(object message) => message;

    public string ShardId(object message) => ShardId(EntityId(message), message);

    public string ShardId(string entityId, object? messageHint = null) => entityId is null
        ? null!
        : DirectorySharding.ShardOf(DirectorySharding.DirectoryOf(entityId), shards).ToString(CultureInfo.InvariantCulture);
}

/// <summary>All questions for numbers go to the one entity.</summary>
public sealed class IdExtractor : IMessageExtractor
{
    public string EntityId(object message) => message is IdProtocol.TakeBlock or IdProtocol.Reserve ? IdAllocator.Name : null!;
    public object EntityMessage(object message) => message;
    public string ShardId(object message) => EntityId(message);
    public string ShardId(string entityId, object? messageHint = null) => entityId;
}
