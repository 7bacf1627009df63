using Akka.Actor;
using Akka.Event;
using Akka.TestKit;
using Eos.Tests.Support;
using Xunit.Sdk;

namespace Eos.Tests.Engine;

/// <summary>The test kit itself: what its expectations accept, refuse and wait for.</summary>
public class TestKitTests : ActorTest
{
    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);
    }

    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [Fact]
    public void The_test_actor_is_the_sender_of_what_a_test_tells()
    {
        ActorOf<Echo>().Tell("hello");
        ExpectMsg("hello");
    }

    [Fact]
    public async Task It_still_is_after_an_await()
    {
        await Task.Yield();
        ActorOf<Echo>().Tell("hello");
        await ExpectMsgAsync("hello");
        ActorOf<Echo>().Tell("again");
        Assert.Equal("again", await ExpectMsgAsync<string>());
    }

    [Fact]
    public void It_still_is_in_an_assertion_that_is_tried_again()
    {
        var tries = 0;
        AwaitAssert(() =>
        {
            ActorOf<Echo>().Tell(++tries);
            ExpectMsg(tries);
            Assert.Equal(3, tries);
        });
        TestActor.Tell("go");
        ExpectMsg<string>(_ => ActorOf<Echo>().Tell("from an assertion"));
        ExpectMsg("from an assertion");
    }

    [Fact]
    public void ExpectMsg_fails_when_nothing_comes() => Assert.ThrowsAny<XunitException>(() => ExpectMsg<string>(Soon));

    [Fact]
    public void ExpectMsg_fails_for_another_type_another_value_and_a_false_predicate()
    {
        TestActor.Tell(1);
        TestActor.Tell("b");
        TestActor.Tell("c");
        Assert.ThrowsAny<XunitException>(() => ExpectMsg<string>(Soon));
        Assert.ThrowsAny<XunitException>(() => ExpectMsg("a", Soon));
        Assert.ThrowsAny<XunitException>(() => ExpectMsg<string>(m => m == "a", Soon));
    }

    [Fact]
    public void ExpectNoMsg_fails_when_something_comes()
    {
        ExpectNoMsg(Soon);
        TestActor.Tell("x");
        Assert.ThrowsAny<XunitException>(() => ExpectNoMsg(Long));
    }

    [Fact]
    public void ExpectMsgAllOf_takes_them_in_any_order()
    {
        foreach (var i in new[] { 3, 1, 2 }) TestActor.Tell(i);
        Assert.Equal(3, ExpectMsgAllOf(1, 2, 3).Count);
        TestActor.Tell(1);
        TestActor.Tell(5);
        Assert.ThrowsAny<XunitException>(() => ExpectMsgAllOf(1, 2));
    }

    [Fact]
    public void ReceiveN_and_ReceiveWhile_and_FishForMessage_read_on()
    {
        foreach (var i in Enumerable.Range(1, 9)) TestActor.Tell(i);
        Assert.Equal([1, 2, 3], ReceiveN(3).Cast<int>());
        Assert.Equal([4, 5], ReceiveWhile<object>(Long, m => (int)m < 6 ? m : null!).Cast<int>());
        Assert.Equal(8, FishForMessage<int>(i => i == 8));
        Assert.Equal(9, ReceiveOne(Long));
        Assert.Null(ReceiveOne(TimeSpan.Zero));
    }

    [Fact]
    public void A_probe_hears_answers_and_forwards()
    {
        var probe = CreateTestProbe();
        probe.Ref.Tell("ping");
        Assert.Equal(TestActor, probe.ExpectMsgFrom<string>(TestActor) is "ping" ? probe.Sender : null);
        probe.Reply("pong");
        ExpectMsgFrom<string>(probe.Ref, "pong");
        probe.Send(ActorOf<Echo>(), "echo");
        probe.ExpectMsg("echo");
        probe.Forward(TestActor, "on");
        ExpectMsg("on");
    }

    [Fact]
    public void A_probe_may_be_given_as_a_reference()
    {
        var probe = CreateTestProbe();
        ActorOf<Echo>().Tell("to the probe", probe);
        probe.ExpectMsg("to the probe");
        Assert.True(probe.Equals(probe.Ref));
    }

    [Fact]
    public void A_pilot_answers_for_a_probe_that_still_hears()
    {
        var probe = CreateTestProbe();
        probe.SetAutoPilot(new DelegateAutoPilot((sender, m) =>
        {
            sender.Tell($"{m}!");
            return KeepRunning.Instance;
        }));
        probe.Ref.Tell("a");
        probe.Ref.Tell("b");
        ExpectMsg("a!");
        ExpectMsg("b!");
        probe.ExpectMsg("a");
    }

    [Fact]
    public void A_watched_actors_end_is_expected()
    {
        var actor = Watch(ActorOf<Echo>());
        Sys.Stop(actor);
        ExpectTerminated(actor);
    }

    [Fact]
    public void Within_limits_the_expectations_in_it_and_fails_when_it_takes_longer()
    {
        Within(Long, () => Assert.True(Remaining <= Long));
        Assert.ThrowsAny<XunitException>(() => Within(Soon, () => ExpectMsg<string>()));
        Assert.ThrowsAny<XunitException>(() => Within(TimeSpan.FromMilliseconds(20), () => { new ManualResetEventSlim().Wait(60); }));
        Within(TimeSpan.FromMilliseconds(200), () => ExpectNoMsg());
    }

    [Fact]
    public async Task AwaitCondition_and_AwaitAssert_try_until_it_holds()
    {
        var tries = 0;
        AwaitCondition(() => ++tries == 3, Long);
        await AwaitAssertAsync(() => Assert.True(++tries > 5), Long, TimeSpan.FromMilliseconds(5));
        Assert.ThrowsAny<XunitException>(() => AwaitCondition(() => false, Soon));
        await Assert.ThrowsAnyAsync<XunitException>(() => AwaitAssertAsync(() => Assert.True(false), Soon));
    }

    [Fact]
    public void An_event_filter_counts_what_is_logged()
    {
        EventFilter.Warning(contains: "careful").ExpectOne(() => Log.Warning("be careful"));
        EventFilter.Error(start: "bad").Expect(2, () => { Log.Error("bad 1"); Log.Error("bad 2"); });
        EventFilter.Exception<InvalidOperationException>(contains: "why").ExpectOne(() => Log.Error(new InvalidOperationException("that is why"), "oops"));
        Assert.ThrowsAny<XunitException>(() =>
            EventFilter.Info("never").Expect(1, TimeSpan.FromMilliseconds(50), () => Log.Info("something else")));
        EventFilter.Info().Expect(0, TimeSpan.FromMilliseconds(50), () => Log.Warning("not info"));
    }

    [Fact]
    public void An_event_filter_sees_dead_letters() =>
        EventFilter.DeadLetter<string>(m => m == "lost").ExpectOne(() => Sys.DeadLetters.Tell("lost"));

    [Fact]
    public void Ignored_messages_are_not_heard()
    {
        IgnoreMessages<int>();
        TestActor.Tell(1);
        TestActor.Tell("x");
        ExpectMsg("x");
        IgnoreNoMessages();
        TestActor.Tell(2);
        ExpectMsg(2);
    }

    [Fact]
    public void A_latch_opens_when_counted_down()
    {
        var latch = CreateTestLatch(2);
        latch.CountDown();
        Assert.Throws<TimeoutException>(() => latch.Ready(TimeSpan.FromMilliseconds(20)));
        latch.CountDown();
        latch.Ready();
        Assert.True(latch.IsOpen);
    }
}

/// <summary>The scheduler whose time the test makes.</summary>
public class TestSchedulerTests() : ActorTest(Akka.TestKit.Configs.TestConfigs.TestSchedulerConfig)
{
    private TestScheduler Time => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void Nothing_happens_until_time_is_advanced_and_then_in_order()
    {
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromHours(2), TestActor, "second", ActorRefs.NoSender);
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromHours(1), TestActor, "first", ActorRefs.NoSender);
        ExpectNoMsg(50);
        Time.Advance(TimeSpan.FromHours(3));
        ExpectMsg("first");
        ExpectMsg("second");
    }

    [Fact]
    public void A_repeated_message_comes_once_for_each_interval_until_it_is_cancelled()
    {
        var cancel = new Cancelable(Sys.Scheduler);
        Sys.Scheduler.ScheduleTellRepeatedly(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TestActor, "tick", ActorRefs.NoSender, cancel);
        Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(3, ReceiveN(3).Count);
        cancel.Cancel();
        Time.Advance(TimeSpan.FromSeconds(3));
        ExpectNoMsg(50);
    }
}
