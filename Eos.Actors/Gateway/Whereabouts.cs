using System.Collections.Concurrent;
using Akka.Actor;
using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Gateway;

/// <summary>
/// On which node directories live, learnt from their answers: those of one shard live together. Only a hint, to spread what is asked at once; wrong for a while after
/// a shard has moved. Shared by workers, lock-free.
/// </summary>
/// <param name="shards">Of the instance: `eos.namespace.shards`.</param>
public sealed class Whereabouts(int shards)
{
    public const int UsualShards = 256;

    private readonly ConcurrentDictionary<int, Address> _nodes = new();

    public void Saw(DirectoryId directory, Address node)
    {
        var shard = DirectorySharding.ShardOf(directory, shards);
        if (!_nodes.TryGetValue(shard, out var known) || known != node) _nodes[shard] = node;
    }

    /// <summary>Null: not heard of yet. Those count as one node.</summary>
    public Address? Of(DirectoryId directory) => _nodes.GetValueOrDefault(DirectorySharding.ShardOf(directory, shards));
}
