using Akka.Actor;
using Eos.Tests.Support;

namespace Eos.Tests.Engine;

/// <summary>The scheduler, on real time.</summary>
public class SchedulerTests : ActorTest
{
    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);

    [Fact]
    public void A_message_comes_after_its_delay_and_not_before()
    {
        var began = System.Diagnostics.Stopwatch.StartNew();
        Sys.Scheduler.ScheduleTellOnce(Ms(100), TestActor, "later", ActorRefs.NoSender);
        ExpectMsg("later");
        Assert.True(began.ElapsedMilliseconds >= 80, $"it came after {began.ElapsedMilliseconds} ms");
    }

    [Fact]
    public void A_repeated_message_comes_again_and_again_until_it_is_cancelled()
    {
        var cancel = Sys.Scheduler.ScheduleTellRepeatedlyCancelable(Ms(10), Ms(10), TestActor, "tick", TestActor);
        ReceiveN(3);
        cancel.Cancel();
        TestActor.Tell("cancelled");
        FishForMessage(m => m is "cancelled");
        Assert.InRange(ReceiveWhile<object>(Ms(200), m => m).Count, 0, 1); // one may have been on its way
    }

    [Fact]
    public void A_cancelled_message_does_not_come()
    {
        var cancel = Sys.Scheduler.ScheduleTellOnceCancelable(Ms(500), TestActor, "never", TestActor);
        cancel.Cancel();
        Assert.True(cancel.IsCancellationRequested);
        Sys.Scheduler.ScheduleTellOnce(Ms(600), TestActor, "later", TestActor);
        ExpectMsg("later");
    }

    [Fact]
    public void An_action_runs_after_its_delay()
    {
        Sys.Scheduler.Advanced.ScheduleOnce(Ms(10), () => TestActor.Tell("ran"));
        ExpectMsg("ran");
    }

    [Fact]
    public void A_negative_delay_is_an_error() =>
        Assert.ThrowsAny<ArgumentException>(() => Sys.Scheduler.ScheduleTellOnce(Ms(-1), TestActor, "x", ActorRefs.NoSender));

    [Fact]
    public void An_action_that_throws_does_not_stop_others()
    {
        EventFilter.Exception<Oops>().Mute();
        Sys.Scheduler.Advanced.ScheduleOnce(Ms(5), () => throw new Oops());
        Sys.Scheduler.Advanced.ScheduleOnce(Ms(30), () => TestActor.Tell("ran"));
        ExpectMsg("ran");
    }

    [Fact]
    public void A_cancelable_can_be_cancelled_later()
    {
        var cancel = new Cancelable(Sys.Scheduler);
        cancel.CancelAfter(20);
        AwaitCondition(() => cancel.IsCancellationRequested, TimeSpan.FromSeconds(60));
    }
}
