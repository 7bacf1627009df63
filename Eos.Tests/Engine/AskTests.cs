using Akka.Actor;
using Eos.Tests.Support;

namespace Eos.Tests.Engine;

/// <summary>Asking, and piping the outcome of tasks.</summary>
public class AskTests : ActorTest
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private sealed class Silent : UntypedActor
    {
        protected override void OnReceive(object message) { }
    }

    [Fact]
    public async Task An_ask_is_answered() => Assert.Equal("hello", await Sys.ActorOf<Echo>().Ask<string>("hello", Long));

    [Fact]
    public async Task Many_asks_each_get_their_own_answer()
    {
        var echo = Sys.ActorOf<Echo>();
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => echo.Ask<int>(i, Long)));
        Assert.Equal(Enumerable.Range(0, 1000), answers);
    }

    [Fact]
    public async Task An_ask_that_is_not_answered_in_time_fails() =>
        await Assert.ThrowsAsync<AskTimeoutException>(() => Sys.ActorOf<Silent>().Ask<string>("hello", Soon));

    [Fact]
    public async Task An_ask_can_be_cancelled()
    {
        using var cancel = new CancellationTokenSource(Soon);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Sys.ActorOf<Silent>().Ask<string>("hello", cancel.Token));
    }

    [Fact]
    public async Task A_failure_as_answer_fails_the_ask_with_its_cause()
    {
        var actor = Sys.ActorOf(Scripted.Of((self, _) => self.From.Tell(new Status.Failure(new Oops("no")))));
        var e = await Assert.ThrowsAnyAsync<Exception>(() => actor.Ask<string>("?", Long));
        Assert.Equal("no", (e as Oops ?? e.InnerException)?.Message);
    }

    [Fact]
    public async Task An_answer_of_another_type_fails_the_ask()
    {
        await Assert.ThrowsAnyAsync<Exception>(() => Sys.ActorOf<Echo>().Ask<int>("text", Long));
    }

    [Fact]
    public async Task An_ask_for_objects_takes_any_answer() => Assert.Equal(7, await Sys.ActorOf<Echo>().Ask(7, Long));

    [Fact]
    public async Task A_message_may_be_made_of_the_reference_to_answer_to()
    {
        var actor = Sys.ActorOf(Scripted.Of((_, m) => ((IActorRef)m).Tell("direct", ActorRefs.NoSender)));
        Assert.Equal("direct", await actor.Ask<string>(replyTo => replyTo, Long, CancellationToken.None));
    }

    [Fact]
    public async Task An_ask_of_the_dead_times_out_and_is_a_dead_letter()
    {
        var actor = Watch(Sys.ActorOf<Echo>());
        Sys.Stop(actor);
        ExpectTerminated(actor);
        await EventFilter.DeadLetter<string>().ExpectOneAsync(async () =>
        {
            await Assert.ThrowsAsync<AskTimeoutException>(() => actor.Ask<string>("hello", Soon));
        });
    }

    [Fact]
    public async Task A_late_answer_disturbs_nobody()
    {
        var actor = Sys.ActorOf(Scripted.Of((self, m) => TestActor.Tell(self.From)));
        await Assert.ThrowsAsync<AskTimeoutException>(() => actor.Ask<string>("hello", Soon));
        ExpectMsg<IActorRef>().Tell("late");
        ExpectNoMsg(50);
    }

    [Fact]
    public void A_tasks_result_is_piped()
    {
        Task.FromResult("done").PipeTo(TestActor);
        ExpectMsg("done");
    }

    [Fact]
    public void A_tasks_failure_is_piped_as_a_status()
    {
        Task.FromException<string>(new Oops("no")).PipeTo(TestActor);
        Assert.Equal("no", ExpectMsg<Status.Failure>().Cause.GetBaseException().Message);
        Task.FromException(new Oops("nor this")).PipeTo(TestActor);
        Assert.Equal("nor this", ExpectMsg<Status.Failure>().Cause.GetBaseException().Message);
    }

    [Fact]
    public void A_cancelled_task_is_piped_as_a_failure()
    {
        Task.FromCanceled<string>(new CancellationToken(true)).PipeTo(TestActor);
        Assert.IsAssignableFrom<OperationCanceledException>(ExpectMsg<Status.Failure>().Cause.GetBaseException());
    }

    [Fact]
    public void What_is_piped_can_be_changed_on_the_way()
    {
        Task.FromResult(3).PipeTo(TestActor, success: i => $"{i}!");
        ExpectMsg("3!");
        Task.FromException<int>(new Oops("no")).PipeTo(TestActor, failure: e => e.GetBaseException().Message);
        ExpectMsg("no");
        Task.CompletedTask.PipeTo(TestActor, success: () => "finished");
        ExpectMsg("finished");
    }

    [Fact]
    public void The_sender_of_what_is_piped_can_be_named()
    {
        var probe = CreateTestProbe();
        Task.FromResult("x").PipeTo(TestActor, probe.Ref);
        ExpectMsgFrom(probe.Ref, "x");
    }
}
