using Akka.Actor;
using Akka.Pattern;
using Akka.TestKit;
using Eos.Tests.Support;

namespace Eos.Tests.Engine;

/// <summary>Supervision with growing pauses.</summary>
public class BackoffTests : ActorTest
{
    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);

    private readonly TestProbe _life;

    public BackoffTests()
    {
        EventFilter.Exception<Exception>().Mute();
        _life = CreateTestProbe();
    }

    private BackoffOptions OnStop(int min = 50, int max = 400) => Backoff.OnStop(Lively.Of(_life.Ref), "child", Ms(min), Ms(max), 0);
    private BackoffOptions OnFailure(int min = 50, int max = 400) => Backoff.OnFailure(Lively.Of(_life.Ref), "child", Ms(min), Ms(max), 0);

    private IActorRef Start(BackoffOptions options)
    {
        var supervisor = Sys.ActorOf(BackoffSupervisor.Props(options));
        _life.ExpectMsg("started");
        return supervisor;
    }

    private IActorRef ChildOf(IActorRef supervisor)
    {
        supervisor.Tell(BackoffSupervisor.GetCurrentChild.Instance);
        return ExpectMsg<BackoffSupervisor.CurrentChild>().Ref;
    }

    /// <summary>How long it takes until the child, told its end, is started again.</summary>
    private TimeSpan StartedAgain(IActorRef child, object end)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        child.Tell(end);
        _life.ExpectMsg("stopped");
        _life.ExpectMsg("started");
        return clock.Elapsed;
    }

    private int Restarts(IActorRef supervisor)
    {
        supervisor.Tell(BackoffSupervisor.GetRestartCount.Instance);
        return ExpectMsg<BackoffSupervisor.RestartCount>().Count;
    }

    [Fact]
    public void The_child_gets_what_the_supervisor_gets_and_answers_for_it()
    {
        var supervisor = Start(OnStop());
        supervisor.Tell("hello");
        ExpectMsg("hello");
        Assert.Equal("child", ChildOf(supervisor).Path.Name);
    }

    [Fact]
    public void A_child_that_stops_is_started_again_after_a_pause()
    {
        var supervisor = Start(OnStop(150).WithManualReset());
        Assert.True(StartedAgain(ChildOf(supervisor), PoisonPill.Instance) >= Ms(140));
        Assert.Equal(1, Restarts(supervisor));
    }

    [Fact]
    public void The_pause_grows_with_each_restart()
    {
        var supervisor = Start(OnStop(40, 10_000).WithManualReset());
        for (var pause = 40; pause <= 320; pause *= 2)
            Assert.True(StartedAgain(ChildOf(supervisor), PoisonPill.Instance) >= Ms(pause - 10));
        Assert.Equal(4, Restarts(supervisor));
    }

    [Fact]
    public void A_child_that_fails_is_restarted_at_once_where_only_stopping_counts()
    {
        var supervisor = Start(OnStop(600_000, 600_000));
        ChildOf(supervisor).Tell(new Oops());
        _life.FishForMessage(m => m is "after restart: oops");
        Assert.Equal(0, Restarts(supervisor));
    }

    [Fact]
    public void With_the_stopping_strategy_a_failure_is_a_stop()
    {
        var supervisor = Start(OnStop().WithDefaultStoppingStrategy().WithManualReset());
        ChildOf(supervisor).Tell(new Oops());
        _life.ExpectMsg("stopped");
        _life.ExpectMsg("started");
        Assert.Equal(1, Restarts(supervisor));
    }

    [Fact]
    public void A_child_that_fails_is_started_again_after_a_pause_where_failing_counts()
    {
        var supervisor = Start(OnFailure(150).WithManualReset());
        Assert.True(StartedAgain(ChildOf(supervisor), new Oops()) >= Ms(140));
        Assert.Equal(1, Restarts(supervisor));
    }

    [Fact]
    public void Where_failing_counts_the_supervisor_stops_with_a_child_that_stops()
    {
        var supervisor = Watch(Start(OnFailure()));
        ChildOf(supervisor).Tell(PoisonPill.Instance);
        ExpectTerminated(supervisor);
    }

    [Fact]
    public void After_too_many_restarts_the_supervisor_stops()
    {
        var supervisor = Watch(Start(OnStop(10).WithManualReset().WithMaxNrOfRetries(1)));
        ChildOf(supervisor).Tell(PoisonPill.Instance);
        _life.ExpectMsg("stopped");
        _life.ExpectMsg("started");
        AwaitAssert(() => Assert.False(ChildOf(supervisor).IsNobody()));
        ChildOf(supervisor).Tell(PoisonPill.Instance);
        ExpectTerminated(supervisor);
    }

    [Fact]
    public void A_child_that_runs_long_enough_has_a_clean_record()
    {
        var supervisor = Start(OnStop(10).WithAutoReset(Ms(150)));
        ChildOf(supervisor).Tell(PoisonPill.Instance);
        _life.FishForMessage(m => m is "started");
        AwaitAssert(() => Assert.Equal(0, Restarts(supervisor)), interval: Ms(20));
    }

    [Fact]
    public void By_hand_the_record_is_clean_when_somebody_says_so()
    {
        var supervisor = Start(OnStop(10).WithManualReset());
        ChildOf(supervisor).Tell(PoisonPill.Instance);
        _life.FishForMessage(m => m is "started");
        Assert.Equal(1, Restarts(supervisor));
        supervisor.Tell(BackoffSupervisor.Reset.Instance);
        Assert.Equal(0, Restarts(supervisor));
    }

    [Fact]
    public void While_the_child_is_away_messages_are_dead_letters_or_answered()
    {
        var silent = Start(OnStop(600_000, 600_000));
        ChildOf(silent).Tell(PoisonPill.Instance);
        _life.ExpectMsg("stopped");
        AwaitAssert(() => Assert.True(ChildOf(silent).IsNobody()));
        EventFilter.DeadLetter<string>().ExpectOne(() => silent.Tell("anybody?"));

        var polite = Start(OnStop(600_000, 600_000).WithReplyWhileStopped("come back later"));
        ChildOf(polite).Tell(PoisonPill.Instance);
        _life.ExpectMsg("stopped");
        AwaitAssert(() => Assert.True(ChildOf(polite).IsNobody()));
        polite.Tell("anybody?");
        ExpectMsg("come back later");
    }

    [Fact]
    public void After_a_final_message_the_supervisor_stops_with_the_child()
    {
        var supervisor = Watch(Start(OnStop().WithFinalStopMessage(m => m is "finish")));
        supervisor.Tell("finish");
        ExpectMsg("finish");
        ChildOf(supervisor).Tell(PoisonPill.Instance);
        ExpectTerminated(supervisor);
    }

    [Theory]
    [InlineData(0, 100, 0)]
    [InlineData(100, 50, 0)]
    [InlineData(50, 100, 1.5)]
    public void Nonsense_is_refused(int min, int max, double factor) =>
        Assert.ThrowsAny<ArgumentException>(() =>
            BackoffSupervisor.Props(Backoff.OnStop(Lively.Of(_life.Ref), "child", Ms(min), Ms(max), factor)));
}
