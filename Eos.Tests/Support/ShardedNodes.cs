using Akka.Actor;
using Akka.Cluster.Sharding;
using Eos.Client;
using Eos.Fst;
using Eos.Gateway;
using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Tests.Support;

/// <summary>Nodes in this process that hold directories and answer clients, with real sharding, on one journal; without filesystems.</summary>
internal sealed class ShardedNodes : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly List<(ActorSystem System, EosClient Client)> _nodes = [];
    private LoopbackCluster? _cluster;

    public int Count => _nodes.Count;

    public static async Task<ShardedNodes> StartedAsync(int count)
    {
        SQLitePCL.Batteries_V2.Init();
        var nodes = new ShardedNodes { _cluster = await LoopbackCluster.Start(count, """akka.cluster.roles = ["mgm"]""", EosNode.Configuration) };
        foreach (var system in nodes._cluster.Nodes)
        {
            var handles = EosNode.Start(system, [EosNode.Mgm], () => new CapabilityKey(1, [.. new byte[32]]));
            nodes._nodes.Add((system, EosNode.Connect(system, handles, new GatewayProtocol.Claim(0, 0, "root", "here", "test"), Patience)));
        }
        foreach (var (_, client) in nodes._nodes) await Eventually.Is(() => client.StatAsync("/eos"), _ => true, "the node serves");
        return nodes;
    }

    public EosClient Client(int node) => _nodes[node % _nodes.Count].Client;

    /// <summary>All entities of a shard type that are awake, on whichever node.</summary>
    public async Task<IReadOnlySet<string>> AwakeAsync(string type)
    {
        var states = await Task.WhenAll(_nodes.Select(n => StateAsync(n.System, type)));
        return states.SelectMany(s => s.Shards).SelectMany(s => s.EntityIds).ToHashSet();
    }

    /// <summary>The node where an entity is awake; -1: none.</summary>
    public async Task<int> HomeOfAsync(string type, string entity)
    {
        var states = await Task.WhenAll(_nodes.Select(n => StateAsync(n.System, type)));
        return Array.FindIndex(states, s => s.Shards.Any(shard => shard.EntityIds.Contains(entity)));
    }

    /// <summary>Directories go to sleep, as if their node had too little memory.</summary>
    public Task SleepAsync(IReadOnlyCollection<DirectoryId> directories) => Eventually.Is(
        () =>
        {
            foreach (var (system, _) in _nodes)
                foreach (var directory in directories) system.ActorSelection($"/system/sharding/{DirectorySharding.TypeName}/*/{directory}").Tell(new DirectoryMemory.Sleep());
            return AwakeAsync(DirectorySharding.TypeName);
        },
        awake => !directories.Any(d => awake.Contains(d.ToString())), "the directories sleep");

    /// <summary>A node ends without a word.</summary>
    public async Task CrashAsync(int node)
    {
        var (system, client) = _nodes[node];
        _nodes.RemoveAt(node);
        await client.DisposeAsync();
        await _cluster!.Crash(system);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, client) in _nodes) await client.DisposeAsync();
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    private static async Task<CurrentShardRegionState> StateAsync(ActorSystem system, string type)
    {
        var state = await ClusterSharding.Get(system).ShardRegion(type).Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Patience);
        return state.Failed.Count == 0 ? state : throw new InvalidOperationException("a shard did not answer");
    }
}
