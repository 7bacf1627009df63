using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Tools.Client;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Configuration;
using Eos.Tests.Support;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Eos.Tests.Engine.Embedded;

/// <summary>What the embedded engine does by itself: clients by their own key, and settings that it has not.</summary>
[Collection(ClustersCollection.Name)]
public class ClusterToolsTests
{
    private const string Keys = "akka.remote.embedded { peer-key = for-nodes \n client-key = for-clients \n connection-class = peer }";

    [Fact]
    public async Task A_client_by_its_own_key_is_served_by_registered_services_and_can_stop_none()
    {
        await using var cluster = await LoopbackCluster.Start(2, Keys);
        var service = cluster[1].ActorOf(Props.Create(() => new Echo()), "service");
        ClusterClientReceptionist.Get(cluster[0]);
        ClusterClientReceptionist.Get(cluster[1]).RegisterService(service);
        using var outsider = LoopbackCluster.Outsider("akka.remote.embedded.client-key = for-clients");
        var client = outsider.ActorOf(ClusterClient.Props(ClusterClientSettings.Create(outsider).WithInitialContacts(
            cluster.Nodes.Select(n => ActorPath.Parse($"{AkkaCluster.Get(n).SelfAddress}/system/receptionist")).ToImmutableHashSet())));
        await Eventually.Is(() => Ask(client), a => a == "echo: hello", "the service answers");

        client.Tell(new ClusterClient.Send("/user/service", PoisonPill.Instance));
        client.Tell(new ClusterClient.Send("/user/service", Kill.Instance));
        outsider.ActorSelection($"{AkkaCluster.Get(cluster[1]).SelfAddress}/user/service").Tell("direct");

        Assert.Equal("echo: hello", await Eventually.Is(() => Ask(client), _ => true, "the service still answers"));
        await Assert.ThrowsAsync<AskTimeoutException>(() =>
            outsider.ActorSelection($"{AkkaCluster.Get(cluster[1]).SelfAddress}/user/service").Ask<string>("direct", TimeSpan.FromSeconds(1)));
        await outsider.Terminate();
    }

    /// <summary>There is no gossip of the registry within this test: who subscribes is told to the other nodes at once.</summary>
    [Fact]
    public async Task The_first_message_from_another_node_waits_for_no_gossip()
    {
        await using var cluster = await LoopbackCluster.Start(2, "akka.cluster.pub-sub.gossip-interval = 1h");
        var inbox = new Inbox(cluster[1]);
        await DistributedPubSub.Get(cluster[1]).Mediator.Ask<SubscribeAck>(new Subscribe("fast", inbox.Ref), Eventually.Patience);
        await Eventually.True(() =>
        {
            DistributedPubSub.Get(cluster[0]).Mediator.Tell(new Publish("fast", "ping"));
            return inbox.Saw("ping");
        }, "what is published arrives");
    }

    /// <summary>On the dispatcher of the calling thread all actors of the cluster are started before the constructor of the extension goes on.</summary>
    [Fact]
    public async Task A_node_whose_actors_run_before_its_extension_is_made_becomes_a_member()
    {
        await using var peers = new Peers();
        var cluster = AkkaCluster.Get(peers.StartNode("early", "akka.cluster.use-dispatcher = calling-thread-dispatcher"));
        Assert.False(cluster.IsTerminated);
        await Eventually.True(() => cluster.IsUp, "the node is up");
    }

    [Theory]
    [InlineData("remember-entities = on", "remember-entities")]
    [InlineData("state-store-mode = ddata", "state-store-mode")]
    public async Task Settings_that_this_engine_has_not_are_refused_with_their_name(string setting, string name)
    {
        await using var cluster = await LoopbackCluster.Start(1, $"akka.cluster.sharding.{setting}");
        var refusal = Assert.Throws<ConfigurationException>(() => CounterEntity.Start(cluster[0], new CounterEntity.Ledger()));
        Assert.Contains(name, refusal.Message);
    }

    private static Task<string> Ask(IActorRef client) => client.Ask<string>(new ClusterClient.Send("/user/service", "hello"), TimeSpan.FromSeconds(1));

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell($"echo: {message}");
    }
}
