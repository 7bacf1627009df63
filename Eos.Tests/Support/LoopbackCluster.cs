using Akka.Actor;
using Akka.Configuration;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Eos.Tests.Support;

/// <summary>
/// Actor systems of this process that are one cluster on loopback, with one journal file for all. The first node is the oldest. A node
/// misses another one only after a silence that no busy machine makes.
/// </summary>
public sealed class LoopbackCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const string Base = """
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          actor.provider = cluster
          remote.dot-netty.tcp {
            hostname = 127.0.0.1
            port = 0
          }
          coordinated-shutdown {
            run-by-actor-system-terminate = off
            run-by-clr-shutdown-hook = off
          }
          cluster {
            gossip-interval = 100ms
            leader-actions-interval = 100ms
            periodic-tasks-initial-delay = 100ms
            unreachable-nodes-reaper-interval = 100ms
            failure-detector {
              heartbeat-interval = 250ms
              expected-response-after = 250ms
              acceptable-heartbeat-pause = 8s
            }
            split-brain-resolver.stable-after = 1s
            singleton.hand-over-retry-interval = 250ms
            sharding {
              state-store-mode = persistence
              retry-interval = 200ms
              waiting-for-state-timeout = 500ms
              updating-state-timeout = 1s
              coordinator-failure-backoff = 500ms
              shard-failure-backoff = 500ms
              rebalance-interval = 500ms
              handoff-timeout = 5s
            }
          }
        }
        """;

    private readonly List<ActorSystem> nodes = [];
    private readonly TemporaryFolder folder = new();
    private readonly string hocon;
    private readonly Config rest;

    private LoopbackCluster(string hocon, Config rest) => (this.hocon, this.rest) = (hocon, rest);

    public ActorSystem this[int index] => nodes[index];

    public IReadOnlyList<ActorSystem> Nodes => nodes;

    /// <summary>Starts that many nodes, one after another, until each is Up.</summary>
    /// <param name="rest">What all settings fall back to.</param>
    public static async Task<LoopbackCluster> Start(int count, string hocon = "", Config? rest = null)
    {
        var cluster = new LoopbackCluster(hocon, rest ?? Config.Empty);
        for (var i = 0; i < count; i++) await cluster.Add();
        return cluster;
    }

    /// <summary>Starts one more node and waits until it is Up.</summary>
    public async Task<ActorSystem> Add(string more = "")
    {
        var system = ActorSystem.Create("loopback", ConfigurationFactory.ParseString(more + "\n" + hocon + "\n")
            .WithFallback(ConfigurationFactory.ParseString(Base + "\n" + SqlitePlugins.Hocon(folder.Of("journal.db"))))
            .WithFallback(rest));
        var cluster = AkkaCluster.Get(system);
        await cluster.JoinAsync(nodes.Count == 0 ? cluster.SelfAddress : AkkaCluster.Get(nodes[0]).SelfAddress).WaitAsync(Patience);
        nodes.Add(system);
        return system;
    }

    /// <summary>A system on the same journal that is no member and listens for nobody in particular.</summary>
    public static ActorSystem Outsider(string more = "", Config? rest = null) => ActorSystem.Create("outsider", ConfigurationFactory.ParseString(more).WithFallback("""
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          log-dead-letters = off
          actor.provider = remote
          remote.dot-netty.tcp {
            hostname = 127.0.0.1
            port = 0
          }
          cluster.client {
            heartbeat-interval = 250ms
            acceptable-heartbeat-pause = 1s
            establishing-get-contacts-interval = 250ms
          }
        }
        """).WithFallback(rest ?? Config.Empty));

    /// <summary>Ends a node without a word, and has the others remove it.</summary>
    public async Task Crash(ActorSystem node)
    {
        var address = AkkaCluster.Get(node).SelfAddress;
        nodes.Remove(node);
        await node.Terminate().WaitAsync(Patience);
        if (nodes.Count == 0) return;
        AkkaCluster.Get(nodes[0]).Down(address);
    }

    /// <summary>Lets a node leave in good order.</summary>
    public async Task Leave(ActorSystem node)
    {
        nodes.Remove(node);
        await CoordinatedShutdown.Get(node).Run(CoordinatedShutdown.ClrExitReason.Instance).WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(nodes.Select(n => n.Terminate()));
        folder.Dispose();
    }
}
