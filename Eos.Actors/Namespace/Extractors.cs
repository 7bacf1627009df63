using System.Globalization;
using Akka.Cluster.Sharding;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>Tells sharding where a message for a directory goes.</summary>
/// <param name="shards">Fixed for the life of an instance.</param>
public sealed class DirectoryExtractor(int shards) : IMessageExtractor
{
    public string EntityId(object message) => message switch
    {
        DirectoryProtocol.Peek m => SleepReader.NameOf(DirectorySharding.ShardOf(m.Directory, shards)),
        IForDirectory m => m.Directory.ToString(),
        _ => null!,
    };

    public object EntityMessage(object message) => message;

    public string ShardId(object message) => ShardId(EntityId(message), message);

    public string ShardId(string entityId, object? messageHint = null) => entityId is null ? null!
        : entityId[0] == SleepReader.Mark ? entityId[1..]
        : DirectorySharding.ShardOf(DirectorySharding.DirectoryOf(entityId), shards).ToString(CultureInfo.InvariantCulture);
}

/// <summary>All moves of directories go to the one entity.</summary>
public sealed class MoverExtractor : IMessageExtractor
{
    public string EntityId(object message) => message is MoverProtocol.MoveDirectory ? Mover.Name : null!;
    public object EntityMessage(object message) => message;
    public string ShardId(object message) => EntityId(message);
    public string ShardId(string entityId, object? messageHint = null) => entityId;
}

/// <summary>All questions for numbers go to the one entity.</summary>
public sealed class IdExtractor : IMessageExtractor
{
    public string EntityId(object message) => message is IdProtocol.TakeBlock or IdProtocol.Reserve ? IdAllocator.Name : null!;
    public object EntityMessage(object message) => message;
    public string ShardId(object message) => EntityId(message);
    public string ShardId(string entityId, object? messageHint = null) => entityId;
}
