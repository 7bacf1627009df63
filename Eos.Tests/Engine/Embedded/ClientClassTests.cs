using System.Diagnostics.Metrics;
using Akka.Actor;
using Akka.Event;
using Eos.Tests.Support;

namespace Eos.Tests.Engine.Embedded;

public sealed class ClientClassTests : IAsyncLifetime
{
    private readonly Peers _peers = new();
    private readonly ActorSystem _node;
    private readonly ActorSystem _client;
    private readonly IActorRef _directory;
    private readonly IActorRef _raft;
    private readonly IActorRef _receptionist;
    private readonly Hearing _directoryHeard;
    private readonly Hearing _raftHeard;
    private readonly Hearing _warnings;

    public ClientClassTests()
    {
        _node = _peers.Start("node", "akka.remote.embedded { peer-key = for-nodes, client-key = for-clients }");
        _client = _peers.Start("client", "akka.remote.embedded.client-key = for-clients");
        (_directory, _directoryHeard) = Ear.In(_node, "directory");
        (_raft, _raftHeard) = Ear.In(_node, "raft");
        _receptionist = ((ExtendedActorSystem)_node).SystemActorOf(Props.Create(() => new Echo()), "receptionist");
        _warnings = Peers.Events<Warning>(_node);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _peers.DisposeAsync();

    private IActorRef Seen(IActorRef actor) => Peers.Seen(_client, _node, actor);

    private Task<string> AskReceptionist() => Seen(_receptionist).Ask<string>("served", Hearing.Patience);

    /// <summary>What came before on the same connection has been judged once the receptionist answers.</summary>
    private async Task IsRefused(Action attempt)
    {
        await AskReceptionist();
        attempt();
        Assert.Contains("receptionist only", (await _warnings.Until<Warning>("refusal")).Message.ToString());
        Assert.Equal("served", await AskReceptionist());
        Assert.True(_directoryHeard.IsEmpty);
        Assert.True(_raftHeard.IsEmpty);
    }

    [Fact]
    public async Task A_client_is_served_by_the_receptionist_without_listening_itself()
    {
        Assert.Equal("served", await AskReceptionist());
        Assert.Equal(0, Peers.AddressOf(_client).Port);
        Assert.Equal("found", await _client.ActorSelection(Peers.AddressOf(_node) + "/system/receptionist").Ask<string>("found", Hearing.Patience));
        var identity = await _client.ActorSelection(Peers.AddressOf(_node) + "/system/receptionist").Ask<ActorIdentity>(new Identify(1), Hearing.Patience);
        Assert.Equal(Seen(_receptionist), identity.Subject);
    }

    [Fact]
    public async Task The_node_answers_a_client_over_the_clients_own_connection()
    {
        var (ear, heard) = Ear.In(_client);
        Seen(_receptionist).Tell("to the ear", ear);
        Assert.Equal("to the ear", await heard.Next<string>("answer"));
        ((ExtendedActorSystem)_node).Provider.ResolveActorRef(ear.Path.ToSerializationFormatWithAddress(Peers.AddressOf(_client))).Tell("later", ActorRefs.NoSender);
        Assert.Equal("later", await heard.Next<string>("later message"));
    }

    [Fact]
    public Task A_directory_is_out_of_reach() => IsRefused(() => Seen(_directory).Tell("rm", ActorRefs.NoSender));

    [Fact]
    public Task A_Raft_node_is_out_of_reach() => IsRefused(() => Seen(_raft).Tell("vote", ActorRefs.NoSender));

    [Fact]
    public Task A_directory_can_not_be_stopped() => IsRefused(() => Seen(_directory).Tell(PoisonPill.Instance, ActorRefs.NoSender));

    [Theory]
    [InlineData("/user/directory")]
    [InlineData("/user/*")]
    [InlineData("/system/receptionist/../../user/directory")]
    [InlineData("/system/*")]
    [InlineData("/system/receptionist/tunnel")]
    public Task A_selection_is_no_way_around(string path) =>
        IsRefused(() => _client.ActorSelection(Peers.AddressOf(_node) + path).Tell("rm", ActorRefs.NoSender));

    /// <summary>By a tunnel answers go to a client: another client must not speak there.</summary>
    [Fact]
    public Task What_is_below_the_receptionist_is_out_of_reach() =>
        IsRefused(() => ((ExtendedActorSystem)_client).Provider.ResolveActorRef(Peers.AddressOf(_node) + "/system/receptionist/tunnel").Tell("rm", ActorRefs.NoSender));

    [Fact]
    public Task The_receptionist_can_not_be_poisoned() => IsRefused(() => Seen(_receptionist).Tell(PoisonPill.Instance, ActorRefs.NoSender));

    [Fact]
    public Task The_receptionist_can_not_be_killed() => IsRefused(() => Seen(_receptionist).Tell(Kill.Instance, ActorRefs.NoSender));

    [Fact]
    public Task The_receptionist_can_not_be_poisoned_through_a_selection() =>
        IsRefused(() => _client.ActorSelection(Peers.AddressOf(_node) + "/system/receptionist").Tell(PoisonPill.Instance, ActorRefs.NoSender));

    [Fact]
    public Task A_system_message_is_refused() => IsRefused(() => _client.Stop(Seen(_receptionist)));

    [Fact]
    public Task A_client_can_not_speak_in_the_name_of_others() => IsRefused(() => Seen(_receptionist).Tell("served", Seen(_directory)));

    [Fact]
    public async Task A_client_that_claims_to_be_a_peer_needs_the_peers_secret()
    {
        var cheat = _peers.Start("cheat", "akka.remote.embedded { peer-key = for-clients, connection-class = peer }");
        var errors = Peers.Events<Akka.Remote.AssociationErrorEvent>(cheat);
        Peers.Seen(cheat, _node, _directory).Tell("rm", ActorRefs.NoSender);
        Assert.Contains("secret", (await errors.Next<Akka.Remote.AssociationErrorEvent>("refusal")).Cause.Message);
    }

    [Fact]
    public async Task Refused_messages_are_counted()
    {
        await IsRefused(() => Seen(_directory).Tell("rm", ActorRefs.NoSender));
        long refused = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == "Akka.Embedded.Remote" && instrument.Name == "akka.remote.messages.refused") l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (tags[0].Value as string == Peers.AddressOf(_node).ToString()) refused = value;
        });
        listener.Start();
        listener.RecordObservableInstruments();
        Assert.Equal(1, refused);
    }

    [Fact]
    public async Task A_peer_reaches_everything()
    {
        var peer = _peers.Start("peer", "akka.remote.embedded.peer-key = for-nodes");
        Peers.Seen(peer, _node, _directory).Tell("mkdir", ActorRefs.NoSender);
        Assert.Equal("mkdir", await _directoryHeard.Next<string>("by a peer"));
    }
}
