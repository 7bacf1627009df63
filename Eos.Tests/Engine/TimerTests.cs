using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Configs;
using Eos.Tests.Support;

namespace Eos.Tests.Engine;

/// <summary>Timers of actors, and the receive timeout. Time passes only when the test says so.</summary>
public class TimerTests() : ActorTest(TestConfigs.TestSchedulerConfig)
{
    private TestScheduler Time => (TestScheduler)Sys.Scheduler;

    private sealed class Clock(IActorRef probe) : UntypedActor, IWithTimers
    {
        public ITimerScheduler Timers { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Action<ITimerScheduler> act:
                    act(Timers);
                    Sender.Tell("ok");
                    break;
                case Exception e:
                    throw e;
                default:
                    probe.Tell(message);
                    break;
            }
        }
    }

    private sealed class Sleepy(IActorRef probe) : UntypedActor
    {
        protected override void PreStart() => Context.SetReceiveTimeout(TimeSpan.FromSeconds(10));

        protected override void OnReceive(object message)
        {
            if (message is "never") Context.SetReceiveTimeout(null);
            probe.Tell(message);
        }
    }

    private IActorRef Sleeps() => Sys.ActorOf(Props.Create(() => new Sleepy(TestActor)));

    private sealed class Aside : INotInfluenceReceiveTimeout;

    private IActorRef Timed(Action<ITimerScheduler> act)
    {
        var clock = Sys.ActorOf(Props.Create(() => new Clock(TestActor)));
        Do(clock, act);
        return clock;
    }

    private void Do(IActorRef clock, Action<ITimerScheduler> act)
    {
        clock.Tell(act);
        ExpectMsg("ok");
    }

    private void Pass(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    private static TimeSpan Second => TimeSpan.FromSeconds(1);

    [Fact]
    public void A_single_timer_fires_once()
    {
        var clock = Timed(t => t.StartSingleTimer("k", "tick", Second));
        Pass(5);
        ExpectMsg("tick");
        ExpectNoMsg(50);
        Do(clock, t => Assert.False(t.IsTimerActive("k")));
    }

    [Fact]
    public void A_periodic_timer_fires_until_it_is_cancelled()
    {
        var clock = Timed(t => t.StartPeriodicTimer("k", "tick", Second));
        Pass(3.5);
        Assert.Equal(3, ReceiveN(3).Count);
        Do(clock, t => t.Cancel("k"));
        Pass(3);
        ExpectNoMsg(50);
    }

    [Fact]
    public void A_periodic_timer_may_start_with_a_delay_of_its_own()
    {
        Timed(t => t.StartPeriodicTimer("k", "tick", TimeSpan.Zero, Second));
        Pass(0);
        ExpectMsg("tick");
        Pass(1);
        ExpectMsg("tick");
    }

    [Fact]
    public void A_new_timer_replaces_the_one_with_its_key()
    {
        var clock = Timed(t => t.StartSingleTimer("k", "old", Second));
        Do(clock, t => t.StartSingleTimer("k", "new", Second));
        Pass(2);
        ExpectMsg("new");
        ExpectNoMsg(50);
    }

    [Fact]
    public void A_cancelled_timers_message_is_not_seen_even_if_it_is_in_the_mailbox()
    {
        var clock = Timed(_ => { });
        using var gate = new ManualResetEventSlim();
        using var inside = new ManualResetEventSlim();
        clock.Tell((Action<ITimerScheduler>)(t =>
        {
            t.StartSingleTimer("k", "late", Second);
            inside.Set();
            gate.Wait(60_000);
            t.Cancel("k");
        }));
        inside.Wait(60_000);
        Pass(2);
        gate.Set();
        ExpectMsg("ok");
        ExpectNoMsg(50);
    }

    [Fact]
    public void Timers_die_with_the_incarnation()
    {
        EventFilter.Exception<Oops>().Mute();
        var clock = Timed(t => t.StartPeriodicTimer("k", "tick", Second));
        clock.Tell(new Oops());
        Do(clock, t => Assert.False(t.IsTimerActive("k")));
        Pass(3);
        ExpectNoMsg(50);
    }

    private sealed class Reborn(IActorRef probe) : UntypedActor, IWithTimers
    {
        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => Timers.StartSingleTimer("k", "tick", Second);

        protected override void OnReceive(object message)
        {
            if (message is Action act) act();
            else probe.Tell(message);
        }
    }

    [Fact]
    public void A_tick_of_the_incarnation_before_is_not_taken_for_one_of_this()
    {
        EventFilter.Exception<Oops>().Mute();
        var actor = Sys.ActorOf(Props.Create(() => new Reborn(TestActor)));
        actor.Tell((Action)(() =>
        {
            Pass(1);
            actor.Tell("behind the tick");
            throw new Oops();
        }));
        ExpectMsg("behind the tick");
        Pass(1);
        ExpectMsg("tick");
    }

    [Fact]
    public void CancelAll_ends_every_timer()
    {
        var clock = Timed(t =>
        {
            t.StartPeriodicTimer(1, "a", Second);
            t.StartSingleTimer(2, "b", Second);
        });
        Do(clock, t => t.CancelAll());
        Pass(3);
        ExpectNoMsg(50);
    }

    [Fact]
    public void The_receive_timeout_comes_when_nothing_else_did_and_again_after_that()
    {
        var actor = Sleeps();
        Settled(actor);
        Pass(11);
        ExpectMsg(ReceiveTimeout.Instance);
        Settled(actor);
        Pass(11);
        ExpectMsg(ReceiveTimeout.Instance);
    }

    [Fact]
    public void A_message_restarts_the_receive_timeout()
    {
        var actor = Sleeps();
        Settled(actor);
        Pass(6);
        actor.Tell("hello");
        ExpectMsg("hello");
        Settled(actor);
        Pass(6);
        ExpectNoMsg(50);
        Pass(6);
        ExpectMsg(ReceiveTimeout.Instance);
    }

    [Fact]
    public void Some_messages_do_not_influence_the_receive_timeout()
    {
        var actor = Sleeps();
        Settled(actor);
        Pass(6);
        actor.Tell(new Aside());
        ExpectMsg<Aside>();
        Settled(actor);
        Pass(6);
        ExpectMsg(ReceiveTimeout.Instance);
    }

    [Fact]
    public void The_receive_timeout_can_be_taken_back()
    {
        var actor = Sleeps();
        actor.Tell("never");
        ExpectMsg("never");
        Settled(actor);
        Pass(20);
        ExpectNoMsg(50);
    }

    /// <summary>Lets the actor end the turn in which it armed its timeout, before the clock moves: the next turn, which leaves the timeout as it is, comes after that.</summary>
    private void Settled(IActorRef actor)
    {
        actor.Tell(new Aside());
        ExpectMsg<Aside>();
    }
}
