using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Tools.Client;
using Akka.Event;
using Eos.Tests.Support;

namespace Eos.Tests.Engine.Embedded;

/// <summary>A cluster client on a client-class connection: the receptionist's services and nothing more.</summary>
[Collection(ClustersCollection.Name)]
public sealed class ClientOfClusterTests : IAsyncLifetime
{
    private readonly Peers _peers = new();
    private readonly ActorSystem _node;
    private readonly IActorRef _client;
    private readonly Hearing _hidden;

    public ClientOfClusterTests()
    {
        _node = _peers.StartNode("node", """
            akka.remote.embedded {
              peer-key = for-nodes
              client-key = for-clients
            }
            """);
        ClusterClientReceptionist.Get(_node).RegisterService(_node.ActorOf(Props.Create(() => new Echo()), "gateway"));
        (_, _hidden) = Ear.In(_node, "directory");
        var outside = _peers.Start("outside", "akka.remote.embedded.client-key = for-clients");
        _client = outside.ActorOf(ClusterClient.Props(ClusterClientSettings.Create(outside)
            .WithInitialContacts(ImmutableHashSet.Create(ActorPath.Parse(Peers.AddressOf(_node) + "/system/receptionist")))));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _peers.DisposeAsync();

    private Task<string> AskGateway(string question) => _client.Ask<string>(new ClusterClient.Send("/user/gateway", question, localAffinity: true), Hearing.Patience);

    [Fact]
    public async Task The_gateway_answers_a_client_that_does_not_listen()
    {
        Assert.Equal("ls", await AskGateway("ls"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => AskGateway($"{i}")));
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"{i}"), answers);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stop_wrapped_for_the_gateway_is_refused(bool toAll)
    {
        await AskGateway("before");
        var warnings = Peers.Events<Warning>(_node);
        _client.Tell(toAll
            ? new ClusterClient.SendToAll("/user/gateway", PoisonPill.Instance)
            : new ClusterClient.Send("/user/gateway", PoisonPill.Instance));
        Assert.Contains("receptionist only", (await warnings.Until<Warning>("refusal")).Message.ToString());
        Assert.Equal("after", await AskGateway("after"));
    }

    [Fact]
    public async Task What_is_not_registered_is_out_of_reach()
    {
        await AskGateway("before");
        _client.Tell(new ClusterClient.Send("/user/directory", "rm"));
        Assert.Equal("after", await AskGateway("after"));
        Assert.True(_hidden.IsEmpty);
    }
}
