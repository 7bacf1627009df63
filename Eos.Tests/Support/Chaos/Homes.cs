using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Tests.Support.Chaos;

/// <summary>Where directories live: asks the shard regions of the nodes, as a node would.</summary>
internal sealed class Homes(QdbProcesses nodes) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ActorSystem _system = ActorSystem.Create("eos-homes", ConfigurationFactory.ParseString(
        """
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          loggers = []
          log-dead-letters = off
          actor.provider = remote
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        }
        """).WithFallback(Eos.Client.Keytab.Read(nodes.Keytab)).WithFallback(EosNode.Configuration));

    /// <summary>The directories that are awake on that node; null if it does not answer.</summary>
    public async Task<IReadOnlySet<DirectoryId>?> OnAsync(int node)
    {
        try
        {
            var state = await _system.ActorSelection($"akka.tcp://eos@{nodes.AddressOf(node)}/system/sharding/{DirectorySharding.TypeName}")
                .Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Patience);
            return state.Failed.Count > 0 ? null : state.Shards.SelectMany(s => s.EntityIds).Select(DirectorySharding.DirectoryOf).ToHashSet();
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    /// <summary>The node where that directory is awake; -1: none says so.</summary>
    public async Task<int> HomeOfAsync(DirectoryId directory)
    {
        for (var node = 0; node < nodes.Nodes.Count; node++)
            if (await OnAsync(node) is { } there && there.Contains(directory)) return node;
        return -1;
    }

    public void Dispose() => _system.Terminate().Wait(Patience);
}
