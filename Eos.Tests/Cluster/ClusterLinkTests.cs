using Akka.Actor;
using Akka.Cluster.Tools.Client;
using Akka.Configuration;
using Eos.Client;
using Eos.Gateway;
using Eos.Kernel;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Eos.Tests.Cluster;

/// <summary>A client from outside the cluster: by its key to the gateway, and to another node's when that one is gone.</summary>
[Collection(ClustersCollection.Name)]
public sealed class ClusterLinkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Answers who asks, from the second time on: as if the first message had been lost.</summary>
    private sealed class ForgetfulGateway : ReceiveActor
    {
        private readonly HashSet<OpId> _seen = [];

        public ForgetfulGateway(string node) => Receive<Administer>(m =>
        {
            if (!_seen.Add(m.Head.Op)) Sender.Tell(new Report(m.Head.Op, [], [$"{m.Head.Claim.Uid}", $"{m.Head.Claim.Gid}", m.Head.Claim.Name, node]));
        });
    }

    private async Task<LoopbackCluster> Nodes(int count)
    {
        var keys = Keytab.OpenOrCreate(_folder.Of("keytab"));
        var cluster = await LoopbackCluster.Start(count, $"{File.ReadAllText(_folder.Of("keytab"))}\n{Serializer}");
        Assert.NotEmpty(keys.GetString("akka.remote.embedded.peer-key"));
        for (var i = 0; i < count; i++)
        {
            var name = $"node{i}";
            var gateway = cluster[i].ActorOf(Props.Create(() => new ForgetfulGateway(name)), "gateway");
            ClusterClientReceptionist.Get(cluster[i]).RegisterService(gateway);
        }
        return cluster;
    }

    private static string Serializer => EosSerializer.Bindings.ToString()!;

    private static EosClient Client(LoopbackCluster cluster, string keytab, TimeSpan timeout, out ActorSystem system, params int[] nodes)
    {
        system = ActorSystem.Create("outside", ConfigurationFactory.ParseString("eos.client { system = loopback, first-retry = 100ms }")
            .WithFallback(ClusterLink.Configuration(keytab)));
        var endpoints = nodes.Select(i => AkkaCluster.Get(cluster[i]).SelfAddress).Select(a => $"{a.Host}:{a.Port}");
        return new EosClient(ClusterLink.To(system, endpoints), new Claim(4001, 5001, "ann", "here", "test"), timeout);
    }

    private static async Task<string[]> WhoAmI(EosClient client) => [.. (await client.AdministerAsync("whoami", "", [])).Lines];

    [Fact]
    public async Task A_lost_request_is_repeated_and_answered()
    {
        await using var cluster = await Nodes(1);
        await using var client = Client(cluster, _folder.Of("keytab"), TimeSpan.FromSeconds(60), out var system, 0);
        using (system)
        {
            Assert.Equal(["4001", "5001", "ann", "node0"], await WhoAmI(client));
            await system.Terminate();
        }
    }

    [Fact]
    public async Task When_its_node_is_gone_the_client_goes_on_with_another()
    {
        await using var cluster = await Nodes(2);
        await using var client = Client(cluster, _folder.Of("keytab"), TimeSpan.FromSeconds(60), out var system, 0, 1);
        using (system)
        {
            var first = (await WhoAmI(client))[3];
            await cluster.Crash(cluster[first == "node0" ? 0 : 1]);
            Assert.Equal(first == "node0" ? "node1" : "node0", (await WhoAmI(client))[3]);
            await system.Terminate();
        }
    }

    [Fact]
    public async Task Another_key_gets_no_answer()
    {
        await using var cluster = await Nodes(1);
        var other = Keytab.OpenOrCreate(_folder.Of("other"));
        Assert.NotEmpty(other.GetString("akka.remote.embedded.client-key"));
        await using var client = Client(cluster, _folder.Of("other"), TimeSpan.FromSeconds(2), out var system, 0);
        using (system)
        {
            Assert.Equal(Errno.NoNetwork, (await Assert.ThrowsAsync<EosException>(() => WhoAmI(client))).Why);
            await system.Terminate();
        }
    }
}
