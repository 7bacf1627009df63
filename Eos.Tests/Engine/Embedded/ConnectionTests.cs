using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Akka.Remote;
using Eos.Tests.Support;

namespace Eos.Tests.Engine.Embedded;

/// <summary>What happens when connections break; a relay stands before the server.</summary>
[Collection(ClustersCollection.Name)]
public sealed class ConnectionTests : IAsyncLifetime
{
    /// <summary>Heartbeats are frequent, and a silence is forgiven for longer than any test takes.</summary>
    private const string Quick = """
        akka.remote {
          retry-gate-closed-for = 500ms
          watch-failure-detector {
            heartbeat-interval = 200ms
            acceptable-heartbeat-pause = 10m
            expected-response-after = 200ms
            unreachable-nodes-reaper-interval = 200ms
          }
        }
        """;

    private readonly Peers _peers = new();
    private readonly Relay _relay = new();
    private readonly ActorSystem _server;
    private readonly ActorSystem _client;

    public ConnectionTests()
    {
        var port = FreePort.Take(1)[0];
        _relay.To(port);
        _server = _peers.Start("server", $"{Quick}\nakka.remote.dot-netty.tcp.public-port = {_relay.Port}", port);
        _client = _peers.Start("client", Quick);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _peers.DisposeAsync();
        _relay.Dispose();
    }

    private IActorRef Seen(IActorRef actor, ActorSystem? from = null) => Peers.Seen(from ?? _client, _server, actor);

    [Fact]
    public async Task After_a_cut_messages_flow_again_without_a_word_from_the_application()
    {
        var (ear, heard) = Ear.In(_server);
        Seen(ear).Tell("one", ActorRefs.NoSender);
        await heard.Next<string>("before the cut");
        _relay.Cut();
        await Repeats(ear, heard);
        Assert.Equal("two", await heard.Next<string>("after the cut"));
        Assert.True(_relay.Connections >= 2);
    }

    [Fact]
    public async Task Death_watch_survives_a_cut()
    {
        var subject = _server.ActorOf(Props.Create(() => new Echo()));
        var (ear, heard) = Ear.In(_client);
        ear.Tell(new Ear.Watch(Seen(subject)));
        await heard.Next("watch");
        await Seen(subject).Ask<string>("up", Hearing.Patience);
        _relay.Stall();
        _server.Stop(subject);
        _relay.Cut();
        _relay.Resume();
        var terminated = await heard.Next<Terminated>("end, told again after the reconnect");
        Assert.False(terminated.AddressTerminated);
    }

    [Fact]
    public async Task Every_end_is_told_once_although_the_connection_is_cut_again_and_again()
    {
        const int Actors = 200;
        var subjects = Enumerable.Range(0, Actors).Select(_ => _server.ActorOf(Props.Create(() => new Echo()))).ToList();
        var (ear, heard) = Ear.In(_client);
        foreach (var subject in subjects)
        {
            ear.Tell(new Ear.Watch(Seen(subject)));
            await heard.Next("watch");
        }
        await Seen(subjects[^1]).Ask<string>("up", Hearing.Patience);
        var ended = new HashSet<IActorRef>();
        for (var i = 0; i < Actors; i++)
        {
            if (i % 20 == 0)
            {
                // the ends of the last round have begun to come: each cut hits a connection in use
                if (i > 0) await HearsAnEnd();
                _relay.Cut();
            }
            _server.Stop(subjects[i]);
        }
        while (ended.Count < Actors) await HearsAnEnd();
        Assert.True(heard.IsEmpty);

        async Task HearsAnEnd()
        {
            var terminated = await heard.Next<Terminated>($"end {ended.Count}");
            Assert.False(terminated.AddressTerminated);
            Assert.True(ended.Add(terminated.ActorRef));
        }
    }

    [Fact]
    public async Task Garbage_on_a_proven_connection_closes_that_connection_only()
    {
        var (ear, heard) = Ear.In(_server);
        Seen(ear).Tell("one", ActorRefs.NoSender);
        await heard.Next<string>("before");
        var lost = Peers.Events<DisassociatedEvent>(_server);
        _relay.Inject([0xff, 0xff, 0xff, 0x7f, 1, 2, 3]);
        await lost.Next<DisassociatedEvent>("closed");
        await Repeats(ear, heard);
    }

    /// <summary>Says "two" until it is heard.</summary>
    private Task Repeats(IActorRef ear, Hearing heard) => Eventually.True(
        () =>
        {
            Seen(ear).Tell("two", ActorRefs.NoSender);
            return !heard.IsEmpty;
        },
        "messages flow again");

    [Fact]
    public async Task Frames_of_random_bytes_never_stop_the_server()
    {
        _server.ActorOf(Props.Create(() => new Echo()), "steady");
        var random = new Random(7);
        for (var round = 0; round < 20; round++)
        {
            await Answers("steady");
            var frame = new byte[4 + random.Next(1, 60)];
            random.NextBytes(frame);
            BitConverter.TryWriteBytes(frame, frame.Length - 4);
            frame[4] = (byte)random.Next(0, 8);
            _relay.Inject(frame);
        }
        await Answers("steady");
    }

    private async Task Answers(string name)
    {
        using var limit = new CancellationTokenSource(Hearing.Patience);
        while (true)
        {
            try
            {
                await _client.ActorSelection(Peers.AddressOf(_server) + "/user/" + name).Ask<string>("there?", TimeSpan.FromSeconds(1), limit.Token);
                return;
            }
            catch (AskTimeoutException)
            {
                // The connection is being made anew.
            }
        }
    }

    [Fact]
    public async Task A_silent_system_is_quarantined_and_learns_it_and_its_actors_count_as_terminated()
    {
        var strict = _peers.Start("strict", $"{Quick}\nakka.remote.watch-failure-detector.acceptable-heartbeat-pause = 4s");
        var quarantined = Peers.Events<QuarantinedEvent>(strict);
        var learned = Peers.Events<ThisActorSystemQuarantinedEvent>(_server);
        var (subject, _) = Ear.In(_server);
        var (ear, heard) = Ear.In(strict);
        ear.Tell(new Ear.Watch(Seen(subject, strict)));
        await heard.Next("watch");
        Seen(_server.ActorOf(Props.Create(() => new Echo())), strict).Tell("up", ear);
        await heard.Next<string>("up");
        await _relay.Passes(8);
        _relay.Stall();
        Assert.True((await heard.Next<Terminated>("silence")).AddressTerminated);
        Assert.Equal(Peers.AddressOf(_server), (await quarantined.Next<QuarantinedEvent>("quarantine")).Address);
        _relay.Resume();
        Assert.Equal(Peers.AddressOf(strict), (await learned.Next<ThisActorSystemQuarantinedEvent>("news")).RemoteAddress);
        var letters = Peers.Events<DeadLetter>(strict);
        Seen(subject, strict).Tell("shut out", ActorRefs.NoSender);
        while ((await letters.Next<DeadLetter>("dead letter")).Message is not "shut out")
        {
            // the engine's own
        }
    }

    [Fact]
    public async Task A_full_send_queue_overflows_into_dead_letters()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var small = _peers.Start("small", "akka.remote.embedded.send-queue-size = 10");
        var letters = Peers.Events<DeadLetter>(small);
        var nowhere = ((ExtendedActorSystem)small).Provider.ResolveActorRef($"akka.tcp://x@127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/user/x");
        for (var i = 0; i < 15; i++) nowhere.Tell(i, ActorRefs.NoSender);
        for (var i = 10; i < 15; i++) Assert.Equal(i, (await letters.Next<DeadLetter>($"overflow {i}")).Message);
    }

    [Fact]
    public async Task Large_messages_pass_up_to_the_configured_frame_and_a_larger_one_is_an_error_event()
    {
        var wide = _peers.Start("wide", "akka.remote.dot-netty.tcp.maximum-frame-size = 4194304b");
        var widest = _peers.Start("widest", "akka.remote.dot-netty.tcp.maximum-frame-size = 4194304b");
        var echo = Peers.Seen(wide, widest, widest.ActorOf(Props.Create(() => new Echo())));
        var large = new byte[4_000_000];
        new Random(1).NextBytes(large);
        Assert.Equal(large, await echo.Ask<byte[]>(large, Hearing.Patience));
        var errors = Peers.Events<AssociationErrorEvent>(wide);
        var letters = Peers.Events<DeadLetter>(wide);
        echo.Tell(new byte[5_000_000], ActorRefs.NoSender);
        Assert.Contains("maximum-frame-size", (await errors.Next<AssociationErrorEvent>("too large")).Cause.Message);
        Assert.IsType<byte[]>((await letters.Next<DeadLetter>("too large")).Message);
        Assert.Equal(large, await echo.Ask<byte[]>(large, Hearing.Patience));
    }

    [Fact]
    public async Task An_unbound_message_is_an_error_event_and_a_dead_letter()
    {
        var (ear, heard) = Ear.In(_server);
        var errors = Peers.Events<AssociationErrorEvent>(_client);
        Seen(ear).Tell(new Version(1, 2), ActorRefs.NoSender);
        Assert.Contains("System.Version", (await errors.Next<AssociationErrorEvent>("unbound")).Cause.Message);
        Seen(ear).Tell("bound", ActorRefs.NoSender);
        Assert.Equal("bound", await heard.Next<string>("later message"));
    }
}
