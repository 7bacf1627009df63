using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Event;
using Akka.Remote;
using Eos.Tests.Support;

namespace Eos.Tests.Engine.Embedded;

/// <summary>Systems that fall silent, come back, or start anew at the same address; a relay stands before the server.</summary>
[Collection(ClustersCollection.Name)]
public sealed class IncarnationTests : IAsyncLifetime
{
    private readonly Peers _peers = new();
    private readonly Relay _relay = new();
    private readonly int _port = FreePort.Take(1)[0];

    public IncarnationTests()
    {
        _relay.To(_port);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _peers.DisposeAsync();
        _relay.Dispose();
    }

    private static string Settings(string watchPause) => $$"""
        akka.remote {
          retry-gate-closed-for = 300ms
          watch-failure-detector {
            heartbeat-interval = 200ms
            acceptable-heartbeat-pause = {{watchPause}}
            expected-response-after = 200ms
            unreachable-nodes-reaper-interval = 200ms
          }
        }
        """;

    private ActorSystem Server(string settings) =>
        _peers.Start("server", $"{settings}\nakka.remote.dot-netty.tcp.public-port = {_relay.Port}", _port);

    private static async Task<Hearing> Watching(ActorSystem client, IActorRef subject)
    {
        var (ear, heard) = Ear.In(client);
        ear.Tell(new Ear.Watch(subject));
        await heard.Next("watch");
        subject.Tell("up", ear);
        Assert.Equal("up", await heard.Next<string>("first answer"));
        return heard;
    }

    [Fact]
    public async Task An_actor_that_a_new_start_of_its_system_does_not_know_is_reported_dead()
    {
        var settings = Settings("60s");
        var server = Server(settings);
        var client = _peers.Start("client", settings);
        var heard = await Watching(client, Peers.Seen(client, server, server.ActorOf(Props.Create(() => new Echo()), "subject")));
        await _relay.Passes(8);
        _relay.Stall();
        await server.Terminate();
        _relay.Cut();
        _relay.Resume();
        Server(settings).ActorOf(Props.Create(() => new Echo()), "subject");
        var terminated = await heard.Next<Terminated>("the new start does not have it");
        Assert.False(terminated.AddressTerminated);
    }

    [Fact]
    public async Task A_quarantined_address_is_reached_again_when_its_system_has_started_anew()
    {
        var settings = Settings("4s");
        var server = Server(settings);
        var client = _peers.Start("client", settings);
        var quarantined = Peers.Events<QuarantinedEvent>(client);
        var heard = await Watching(client, Peers.Seen(client, server, server.ActorOf(Props.Create(() => new Echo()), "subject")));
        await _relay.Passes(8);
        _relay.Stall();
        await heard.Next<Terminated>("silence");
        await quarantined.Next<QuarantinedEvent>("quarantine");
        await server.Terminate();
        _relay.Cut();
        _relay.Resume();
        var reborn = Server(settings);
        reborn.ActorOf(Props.Create(() => new Echo()), "subject");
        await Reached(client, Peers.AddressOf(reborn) + "/user/subject");
    }

    /// <summary>Not only when the failure detector finds out: who hears late of an actor there must not wait for that.</summary>
    [Fact]
    public async Task An_actor_of_a_quarantined_system_counts_as_ended_for_whoever_begins_to_watch_it()
    {
        var settings = Settings("10m");
        var server = Server(settings);
        var client = _peers.Start("client", settings);
        var subject = Peers.Seen(client, server, server.ActorOf(Props.Create(() => new Echo()), "subject"));
        var heard = await Watching(client, subject);
        await subject.Ask<string>("up", Hearing.Patience);
        Remoting.Of(client)!.Quarantine(Peers.AddressOf(server), null, "for a test");
        await heard.Next<Terminated>("quarantine");
        var (ear, late) = Ear.In(client);
        ear.Tell(new Ear.Watch(subject));
        object[] said = [await late.Next<object>("watch or end"), await late.Next<object>("the other of the two")];
        Assert.False(Assert.Single(said.OfType<Terminated>()).ExistenceConfirmed);
    }

    [Fact]
    public async Task Who_began_to_watch_when_the_end_of_the_system_was_being_told_hears_it_from_the_remote_watcher()
    {
        var settings = Settings("10m");
        var server = Server(settings);
        var client = _peers.Start("client", settings);
        var late = await Watching(client, Peers.Seen(client, server, server.ActorOf(Props.Create(() => new Echo()), "subject")));
        var watcher = (IInternalActorRef)await client.ActorSelection("/system/remote-watcher").ResolveOne(Hearing.Patience);
        watcher.SendSystemMessage(new AddressTerminated(Peers.AddressOf(server)));
        Assert.False((await late.Next<Terminated>("the end")).ExistenceConfirmed);
    }

    [Fact]
    public async Task A_quarantined_system_that_did_not_restart_stays_shut_out_whoever_calls()
    {
        var settings = Settings("4s");
        var server = Server(settings);
        var client = _peers.Start("client", settings);
        var (ear, hears) = Ear.In(client, "ear");
        var heard = await Watching(client, Peers.Seen(client, server, server.ActorOf(Props.Create(() => new Echo()), "subject")));
        await _relay.Passes(8);
        _relay.Stall();
        await heard.Next<Terminated>("silence");
        var learned = Peers.Events<ThisActorSystemQuarantinedEvent>(server);
        _relay.Cut();
        _relay.Resume();
        await Eventually.True(
            () =>
            {
                Peers.Seen(server, client, ear).Tell("let me in", ActorRefs.NoSender);
                return !learned.IsEmpty;
            },
            "the server learns that it is shut out");
        Assert.True(hears.IsEmpty);
    }

    [Fact]
    public async Task An_idle_connection_lives_by_its_heartbeats_and_a_silent_one_is_closed()
    {
        const string Idle = "akka.remote.transport-failure-detector { heartbeat-interval = 200ms, acceptable-heartbeat-pause = 5s }";
        var server = Server(Idle);
        var client = _peers.Start("client", Idle);
        server.ActorOf(Props.Create(() => new Echo()), "subject");
        await Reached(client, Peers.AddressOf(server) + "/user/subject");
        var lost = Peers.Events<DisassociatedEvent>(client);
        await Eventually.Stays(() => lost.IsEmpty, TimeSpan.FromSeconds(7), "the idle connection was closed");
        _relay.Stall();
        await lost.Next<DisassociatedEvent>("silence");
    }

    [Fact]
    public async Task Systems_that_call_each_other_at_once_lose_nothing_however_often_they_try()
    {
        for (var round = 0; round < 15; round++)
        {
            await using var pair = new Peers();
            var a = pair.Start("a");
            var b = pair.Start("b");
            var (earA, heardA) = Ear.In(a);
            var (earB, heardB) = Ear.In(b);
            var toA = Peers.Seen(b, a, earA);
            var toB = Peers.Seen(a, b, earB);
            using var start = new Barrier(2);
            await Task.WhenAll(Task.Run(() => Send(toA)), Task.Run(() => Send(toB)));
            for (var i = 0; i < 50; i++)
            {
                Assert.Equal(i, await heardA.Next<int>($"round {round}, message {i} to a"));
                Assert.Equal(i, await heardB.Next<int>($"round {round}, message {i} to b"));
            }

            void Send(IActorRef to)
            {
                start.SignalAndWait();
                for (var i = 0; i < 50; i++) to.Tell(i, ActorRefs.NoSender);
            }
        }
    }

    [Fact]
    public async Task A_connection_that_its_opener_has_given_up_replaces_none()
    {
        // "client" is the lower name: it is the client's own attempt that stays when both dial.
        var client = _peers.Start("client", $"akka.remote.dot-netty.tcp.public-port = {_relay.Port}", _port);
        var server = _peers.Start("server");
        var (earOfClient, heardByClient) = Ear.In(client);
        var (earOfServer, heardByServer) = Ear.In(server);
        _relay.StallAfter(2);
        Peers.Seen(server, client, earOfClient).Tell("late", ActorRefs.NoSender);
        await _relay.Holds();
        var toServer = Peers.Seen(client, server, earOfServer);
        toServer.Tell(0, ActorRefs.NoSender);
        Assert.Equal(0, await heardByServer.Next<int>("message 0"));
        Assert.Equal("late", await heardByClient.Next<string>("what waited, by the connection that was made"));
        _relay.Resume();
        await Eventually.True(() => _relay.Open == 0, "the connection that was given up is closed");
        for (var i = 1; i < 50; i++)
        {
            toServer.Tell(i, ActorRefs.NoSender);
            Assert.Equal(i, await heardByServer.Next<int>($"message {i}"));
        }
    }

    [Fact]
    public async Task A_start_that_connects_while_the_earlier_one_is_being_quarantined_does_not_disturb()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        var client = _peers.Start("client");
        var (reached, go) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new ManualResetEventSlim());
        client.ActorOf(Props.Create(() => new Holder(reached, go)).WithDispatcher("calling-thread-dispatcher"));
        var quarantined = Peers.Events<QuarantinedEvent>(client);
        var address = new Address("akka.tcp", "server", "127.0.0.1", port);
        ((ExtendedActorSystem)client).Provider.ResolveActorRef(new RootActorPath(address) / "user" / "nobody").Tell("held", ActorRefs.NoSender);
        using var dialled = await silent.AcceptTcpClientAsync();

        // It holds the quarantine where what waited goes to dead letters.
        var quarantine = Task.Run(() => Remoting.Of(client)!.Quarantine(address, 1, "an earlier start"));
        await reached.Task.WaitAsync(Hearing.Patience);
        var (ear, heard) = Ear.In(client);
        Peers.Seen(_peers.Start("server", $"akka.remote.dot-netty.tcp.public-port = {port}"), client, ear).Tell("new", ActorRefs.NoSender);
        Assert.Equal("new", await heard.Next<string>("the new start is heard"));
        go.Set();

        await quarantine;
        Assert.Equal(1, (await quarantined.Next<QuarantinedEvent>("the quarantine")).Uid);
    }

    private sealed class Holder(TaskCompletionSource reached, ManualResetEventSlim go) : UntypedActor
    {
        protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));

        protected override void OnReceive(object message)
        {
            if (message is not DeadLetter { Message: "held" }) return;
            reached.TrySetResult();
            go.Wait(Hearing.Patience);
        }
    }

    private static async Task Reached(ActorSystem client, string path)
    {
        using var limit = new CancellationTokenSource(Hearing.Patience);
        while (true)
        {
            try
            {
                await client.ActorSelection(path).Ask<string>("there?", TimeSpan.FromSeconds(1), limit.Token);
                return;
            }
            catch (AskTimeoutException)
            {
                // Not yet.
            }
        }
    }
}
