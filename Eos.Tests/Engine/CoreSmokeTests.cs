using Akka.Actor;

namespace Eos.Tests.Engine;

/// <summary>The engine's core as a plain program sees it, without the test kit.</summary>
public class CoreSmokeTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ActorSystem _system = ActorSystem.Create("smoke", "akka.loglevel = ERROR");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    private sealed class Echo : ReceiveActor
    {
        private int _restarts;

        public Echo()
        {
            Receive<string>(s => s == "boom", _ => throw new InvalidOperationException("boom"));
            ReceiveAsync<int>(async n =>
            {
                await Task.Yield();
                Sender.Tell(n + 1);
            });
            ReceiveAny(m => Sender.Tell(m));
        }

        protected override void PostRestart(Exception reason)
        {
            _restarts++;
            base.PostRestart(reason);
        }
    }

    [Fact]
    public async Task An_ask_is_answered_also_after_a_failure()
    {
        var echo = _system.ActorOf(Props.Create<Echo>(), "echo");
        Assert.Equal("hi", await echo.Ask<string>("hi", Patience));
        echo.Tell("boom", ActorRefs.NoSender);
        Assert.Equal("again", await echo.Ask<string>("again", Patience));
        Assert.Equal(8, await echo.Ask<int>(7, Patience));
        Assert.True(await echo.GracefulStop(Patience));
        await Assert.ThrowsAsync<AskTimeoutException>(() => echo.Ask<string>("dead", TimeSpan.FromMilliseconds(50)));
    }

    private sealed class Pong : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }

    private sealed class Ping(IActorRef pong, int rounds, TaskCompletionSource done) : UntypedActor
    {
        private int _left = rounds;

        protected override void PreStart() => pong.Tell("ball", Self);

        protected override void OnReceive(object message)
        {
            if (--_left == 0) done.SetResult();
            else pong.Tell(message, Self);
        }
    }

    [Fact]
    public async Task A_million_messages_go_back_and_forth()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var pong = _system.ActorOf(Props.Create<Pong>());
        var clock = System.Diagnostics.Stopwatch.StartNew();
        _system.ActorOf(Props.Create(() => new Ping(pong, 500_000, done)));
        await done.Task.WaitAsync(Patience);
        Console.WriteLine($"{1_000_000 / clock.Elapsed.TotalSeconds:N0} messages/s");
    }

    [Fact]
    public async Task Selections_reach_by_path_and_wildcard()
    {
        var echo = _system.ActorOf(Props.Create<Echo>(), "sel-1");
        var identity = await _system.ActorSelection("/user/sel-1").Ask<ActorIdentity>(new Identify(1), Patience);
        Assert.Equal(echo, identity.Subject);
        Assert.Equal(echo, await _system.ActorSelection("/user/sel*").ResolveOne(Patience));
        await Assert.ThrowsAsync<ActorNotFoundException>(() => _system.ActorSelection("/user/none").ResolveOne(Patience));
    }
}
