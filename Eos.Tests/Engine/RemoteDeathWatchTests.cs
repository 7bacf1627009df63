using Akka.Actor;
using Akka.Remote;
using Eos.Tests.Support;

namespace Eos.Tests.Engine;

public sealed class RemoteDeathWatchTests : IAsyncLifetime
{
    private const string Quick = """
        akka.remote {
          retry-gate-closed-for = 500ms
          flush-wait-on-shutdown = 30s
          watch-failure-detector {
            heartbeat-interval = 200ms
            acceptable-heartbeat-pause = 10m
            expected-response-after = 200ms
            unreachable-nodes-reaper-interval = 200ms
          }
        }
        """;

    private readonly Peers _peers = new();
    private readonly ActorSystem _here;
    private readonly ActorSystem _there;

    public RemoteDeathWatchTests()
    {
        _here = _peers.Start("here", Quick);
        _there = _peers.Start("there", Quick);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _peers.DisposeAsync();

    private IActorRef EchoThere(string? name = null) => Peers.Seen(_here, _there, _there.ActorOf(Props.Create(() => new Echo()), name));

    private async Task<(IActorRef Ear, Hearing Heard)> Watching(IActorRef subject, ActorSystem? from = null)
    {
        var (ear, heard) = Ear.In(from ?? _here);
        ear.Tell(new Ear.Watch(subject));
        await heard.Next("watch");
        return (ear, heard);
    }

    [Fact]
    public async Task A_watcher_learns_that_a_remote_actor_stopped()
    {
        var local = _there.ActorOf(Props.Create(() => new Echo()));
        var remote = Peers.Seen(_here, _there, local);
        var (_, heard) = await Watching(remote);
        await remote.Ask<string>("up", Hearing.Patience);
        _there.Stop(local);
        var terminated = await heard.Next<Terminated>("stop");
        Assert.Equal(remote, terminated.ActorRef);
        Assert.True(terminated.ExistenceConfirmed);
        Assert.False(terminated.AddressTerminated);
    }

    [Fact]
    public async Task A_watcher_of_a_remote_actor_that_never_was_learns_it()
    {
        var ghost = ((ExtendedActorSystem)_here).Provider.ResolveActorRef(Peers.AddressOf(_there) + "/user/ghost#7");
        var (_, heard) = await Watching(ghost);
        Assert.False((await heard.Next<Terminated>("ghost")).ExistenceConfirmed);
    }

    [Fact]
    public async Task The_last_words_of_a_remote_actor_come_before_its_end()
    {
        var (ear, heard) = Ear.In(_here);
        var local = _there.ActorOf(Props.Create(() => new Talker(Peers.Seen(_there, _here, ear))));
        ear.Tell(new Ear.Watch(Peers.Seen(_here, _there, local)));
        await heard.Next("watch");
        await Peers.Seen(_here, _there, local).Ask<string>("ping", Hearing.Patience);
        local.Tell("talk", ActorRefs.NoSender);
        for (var i = 0; i < 100; i++) Assert.Equal(i, await heard.Next<int>($"word {i}"));
        await heard.Next<Terminated>("end");
    }

    private sealed class Talker : UntypedActor
    {
        private readonly IActorRef _listener;

        public Talker(IActorRef listener)
        {
            _listener = listener;
        }

        protected override void OnReceive(object message)
        {
            if (message is "ping")
            {
                Sender.Tell("pong");
                return;
            }
            for (var i = 0; i < 100; i++) _listener.Tell(i);
            Context.Stop(Self);
        }
    }

    [Fact]
    public async Task A_system_that_was_never_reached_counts_as_terminated()
    {
        var strict = _peers.Start("strict", $"{Quick}\nakka.remote.watch-failure-detector.acceptable-heartbeat-pause = 1s");
        var nowhere = ((ExtendedActorSystem)strict).Provider.ResolveActorRef("akka.tcp://nobody@127.0.0.1:1/user/x#1");
        var (_, heard) = await Watching(nowhere, strict);
        Assert.True((await heard.Next<Terminated>("unreachable")).AddressTerminated);
    }

    [Fact]
    public async Task When_a_system_ends_the_watchers_of_its_actors_learn_it()
    {
        var remote = EchoThere();
        var (_, heard) = await Watching(remote);
        await remote.Ask<string>("up", Hearing.Patience);
        await _there.Terminate();
        Assert.Equal(remote, (await heard.Next<Terminated>("system end")).ActorRef);
    }

    [Fact]
    public async Task An_unwatched_actor_is_silent()
    {
        var local = _there.ActorOf(Props.Create(() => new Echo()));
        var other = _there.ActorOf(Props.Create(() => new Echo()));
        var (ear, heard) = Ear.In(_here);
        var watcher = _here.ActorOf(Props.Create(() => new Fickle(Peers.Seen(_here, _there, local), Peers.Seen(_here, _there, other), ear)));
        watcher.Tell("go");
        await heard.Next("both watched, one unwatched");
        await Peers.Seen(_here, _there, other).Ask<string>("flush", Hearing.Patience);
        _there.Stop(local);
        _there.Stop(other);
        Assert.Equal(other.Path.Name, (await heard.Next<string>("the one that is watched")));
        Assert.True(heard.IsEmpty);
    }

    private sealed class Fickle : ReceiveActor
    {
        public Fickle(IActorRef first, IActorRef second, IActorRef report)
        {
            Receive<string>(_ =>
            {
                Context.Watch(first);
                Context.Unwatch(first);
                Context.Watch(second);
                report.Tell("ready");
            });
            Receive<Terminated>(t => report.Tell(t.ActorRef.Path.Name));
        }
    }
}
