using Akka.Actor;
using Akka.Event;
using Akka.Remote;
using Eos.Tests.Support;

namespace Eos.Tests.Engine;

public sealed class RemotingTests : IAsyncLifetime
{
    private readonly Peers _peers = new();
    private readonly ActorSystem _here;
    private readonly ActorSystem _there;

    public RemotingTests()
    {
        _here = _peers.Start("here");
        _there = _peers.Start("there");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _peers.DisposeAsync();

    private IActorRef EchoThere(string? name = null) => Peers.Seen(_here, _there, _there.ActorOf(Props.Create(() => new Echo()), name));

    [Fact]
    public async Task A_message_reaches_an_actor_of_another_system_and_the_answer_comes_back()
    {
        Assert.Equal("hello", await EchoThere().Ask<string>("hello", Hearing.Patience));
        Assert.Equal(42, await EchoThere().Ask<int>(42, Hearing.Patience));
        Assert.Equal(1L << 40, await EchoThere().Ask<long>(1L << 40, Hearing.Patience));
        Assert.Equal([1, 2, 3], await EchoThere().Ask<byte[]>(new byte[] { 1, 2, 3 }, Hearing.Patience));
    }

    [Fact]
    public async Task Messages_of_one_sender_arrive_in_order()
    {
        var (ear, heard) = Ear.In(_there);
        var target = Peers.Seen(_here, _there, ear);
        for (var i = 0; i < 20_000; i++) target.Tell(i, ActorRefs.NoSender);
        for (var i = 0; i < 20_000; i++) Assert.Equal(i, await heard.Next<int>($"message {i}"));
    }

    [Fact]
    public async Task Both_systems_may_speak_first_at_the_same_time_and_nothing_is_lost()
    {
        var (earHere, heardHere) = Ear.In(_here);
        var (earThere, heardThere) = Ear.In(_there);
        var toThere = Peers.Seen(_here, _there, earThere);
        var toHere = Peers.Seen(_there, _here, earHere);
        using var start = new Barrier(2);
        await Task.WhenAll(Task.Run(() => Send(toThere)), Task.Run(() => Send(toHere)));
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(i, await heardThere.Next<int>($"message {i} there"));
            Assert.Equal(i, await heardHere.Next<int>($"message {i} here"));
        }

        void Send(IActorRef to)
        {
            start.SignalAndWait();
            for (var i = 0; i < 100; i++) to.Tell(i, ActorRefs.NoSender);
        }
    }

    [Fact]
    public async Task The_sender_of_a_remote_message_can_be_answered()
    {
        var (ear, heard) = Ear.In(_here);
        EchoThere().Tell("who?", ear);
        var (message, sender) = await heard.Next("answer");
        Assert.Equal("who?", message);
        Assert.Equal(Peers.AddressOf(_there), sender.Path.Address);
    }

    [Fact]
    public async Task A_forwarded_message_keeps_its_first_sender_also_one_of_the_receiving_system()
    {
        var (ear, heard) = Ear.In(_there);
        var seenEar = Peers.Seen(_here, _there, ear);
        var echo = EchoThere();
        seenEar.Tell("first", ActorRefs.NoSender);
        echo.Tell("to the ear", seenEar);
        seenEar.Tell("from the echo", echo);
        Assert.Equal("first", (await heard.Next("direct")).Message);
        var answers = new[] { await heard.Next("one"), await heard.Next("two") };
        Assert.All(answers, a => Assert.Equal(echo.Path.Name, a.Sender.Path.Name));
        Assert.All(answers, a => Assert.Equal(echo.Path.Uid, a.Sender.Path.Uid));
        Assert.Equal(["from the echo", "to the ear"], answers.Select(a => (string)a.Message).Order());
    }

    [Fact]
    public async Task A_reference_sent_along_leads_back_home()
    {
        var (ear, heard) = Ear.In(_here);
        var back = await EchoThere().Ask<IActorRef>(new ActorIdentity(1, ear), Hearing.Patience).ContinueWith(_ => ear);
        Assert.Same(ear, back);
        var identity = await EchoThere().Ask<ActorIdentity>(new ActorIdentity("id", ear), Hearing.Patience);
        Assert.Equal(ear, identity.Subject);
        identity.Subject.Tell("home");
        Assert.Equal("home", await heard.Next<string>("by the returned reference"));
    }

    [Fact]
    public async Task A_selection_finds_a_remote_actor_by_path()
    {
        EchoThere("target");
        var selection = _here.ActorSelection(new RootActorPath(Peers.AddressOf(_there)) / "user" / "target");
        Assert.Equal("found", await selection.Ask<string>("found", Hearing.Patience));
        var found = await selection.ResolveOne(Hearing.Patience);
        Assert.Equal("target", found.Path.Name);
        Assert.NotEqual(0, found.Path.Uid);
    }

    [Fact]
    public async Task A_selection_with_a_wildcard_reaches_every_match()
    {
        var (first, heardFirst) = Ear.In(_there, "wild-1");
        var (second, heardSecond) = Ear.In(_there, "wild-2");
        _here.ActorSelection(Peers.AddressOf(_there) + "/user/wild-*").Tell("all", ActorRefs.NoSender);
        await heardFirst.Next<string>(first.Path.Name);
        await heardSecond.Next<string>(second.Path.Name);
    }

    [Fact]
    public async Task Identify_of_nobody_is_answered_without_a_subject()
    {
        var identity = await _here.ActorSelection(Peers.AddressOf(_there) + "/user/nobody").Ask<ActorIdentity>(new Identify("x"), Hearing.Patience);
        Assert.Null(identity.Subject);
        Assert.Equal("x", identity.MessageId);
    }

    [Fact]
    public async Task A_failure_fails_the_remote_ask_with_its_message()
    {
        var failing = EchoThere();
        var error = await Assert.ThrowsAnyAsync<Exception>(() => failing.Ask<string>(new Status.Failure(new InvalidOperationException("no good")), Hearing.Patience));
        Assert.Contains("no good", error.ToString());
    }

    [Fact]
    public async Task PoisonPill_stops_a_remote_actor()
    {
        var (ear, heard) = Ear.In(_here);
        var remote = EchoThere();
        ear.Tell(new Ear.Watch(remote));
        await heard.Next("watch");
        remote.Tell(PoisonPill.Instance);
        Assert.Equal(remote, (await heard.Next<Terminated>("end")).ActorRef);
    }

    [Fact]
    public async Task A_message_to_an_address_where_nobody_is_becomes_a_dead_letter()
    {
        var heard = Peers.Events<DeadLetter>(_here);
        var nowhere = ((ExtendedActorSystem)_here).Provider.ResolveActorRef("akka.tcp://nobody@127.0.0.1:1/user/x");
        nowhere.Tell("lost", ActorRefs.NoSender);
        while (true)
        {
            if ((await heard.Next<DeadLetter>("dead letter")).Message is "lost") break;
            nowhere.Tell("lost", ActorRefs.NoSender);
        }
    }

    [Fact]
    public async Task Associations_are_told_on_the_event_stream()
    {
        var heard = Peers.Events<RemotingLifecycleEvent>(_here);
        await EchoThere().Ask<string>("x", Hearing.Patience);
        var associated = await heard.Until<AssociatedEvent>("association");
        Assert.Equal(Peers.AddressOf(_there), associated.RemoteAddress);
        Assert.Equal(Peers.AddressOf(_here), associated.LocalAddress);
        await _there.Terminate();
        Assert.Equal(Peers.AddressOf(_there), (await heard.Until<DisassociatedEvent>("end")).RemoteAddress);
    }

    [Fact]
    public async Task A_message_larger_than_a_frame_is_not_sent_and_later_ones_are()
    {
        var (ear, heard) = Ear.In(_there);
        var target = Peers.Seen(_here, _there, ear);
        target.Tell("before", ActorRefs.NoSender);
        target.Tell(new byte[200_000], ActorRefs.NoSender);
        target.Tell("after", ActorRefs.NoSender);
        Assert.Equal("before", await heard.Next<string>("before"));
        Assert.Equal("after", await heard.Next<string>("after"));
    }

    [Fact]
    public void A_port_in_use_is_an_error_at_start() =>
        Assert.ThrowsAny<Exception>(() => _peers.Start("second", port: Peers.AddressOf(_there).Port!.Value));

    [Fact]
    public async Task A_restarted_system_at_the_same_address_is_reached_again()
    {
        var port = FreePort.Take(1)[0];
        var before = _peers.Start("again", port: port);
        before.ActorOf(Props.Create(() => new Echo()), "reborn");
        await _here.ActorSelection(Peers.AddressOf(before) + "/user/reborn").Ask<string>("first", Hearing.Patience);
        await before.Terminate();
        var again = _peers.Start("again", port: port);
        again.ActorOf(Props.Create(() => new Echo()), "reborn");
        var selection = _here.ActorSelection(Peers.AddressOf(again) + "/user/reborn");
        using var limit = new CancellationTokenSource(Hearing.Patience);
        while (true)
        {
            try
            {
                Assert.Equal("second", await selection.Ask<string>("second", TimeSpan.FromSeconds(1), limit.Token));
                break;
            }
            catch (AskTimeoutException) when (!limit.IsCancellationRequested)
            {
                // The gate is still closed.
            }
        }
    }
}
