using Akka.Actor;
using Eos.Tests.Support;

namespace Eos.Tests.Engine;

/// <summary>Handlers that await.</summary>
public class ReceiveAsyncTests : ActorTest
{
    private sealed class Awaits : ReceiveActor
    {
        private readonly int _id = Random.Shared.Next();

        public Awaits()
        {
            ReceiveAsync<int>(async i =>
            {
                var (self, sender) = (Self, Sender);
                await Elsewhere(i % 10);
                await Task.Yield();
                sender.Tell((i, Self.Equals(self), Sender.Equals(sender), Context.Self.Equals(self)));
            });
            ReceiveAsync<Exception>(async e =>
            {
                await Elsewhere(5);
                throw e;
            });
            ReceiveAsync<Task>(async t =>
            {
                Sender.Tell("waits");
                await t;
                Sender.Tell("awoke");
            });
            ReceiveAsync<char>(async _ =>
            {
                await Elsewhere(5);
                Become(() => ReceiveAny(_ => Sender.Tell("another")));
            });
            Receive<string>(_ => Sender.Tell(_id));
        }

        /// <summary>Goes on after some milliseconds, on a thread of the pool.</summary>
        private static async Task Elsewhere(int milliseconds)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1 + milliseconds));
            await timer.WaitForNextTickAsync();
        }
    }

    private readonly IActorRef _actor;

    public ReceiveAsyncTests()
    {
        EventFilter.Exception<Exception>().Mute();
        _actor = Sys.ActorOf<Awaits>();
    }

    [Fact]
    public void The_next_message_waits_until_the_handler_has_ended()
    {
        for (var i = 0; i < 20; i++) _actor.Tell(i);
        Assert.Equal(Enumerable.Range(0, 20), ReceiveN(20).Select(m => (((int, bool, bool, bool))m).Item1));
    }

    [Fact]
    public void Self_sender_and_context_are_there_after_an_await()
    {
        _actor.Tell(1);
        ExpectMsg((1, true, true, true));
    }

    [Fact]
    public void A_failure_after_an_await_is_the_actors()
    {
        _actor.Tell("id");
        var id = ExpectMsg<int>();
        _actor.Tell(new Oops());
        _actor.Tell("id");
        Assert.NotEqual(id, ExpectMsg<int>());
    }

    [Fact]
    public void Behaviour_can_change_after_an_await()
    {
        _actor.Tell('x');
        _actor.Tell("?");
        ExpectMsg("another");
    }

    [Fact]
    public void Other_actors_go_on_meanwhile()
    {
        var wait = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _actor.Tell(wait.Task);
        ExpectMsg("waits");
        Sys.ActorOf<Echo>().Tell("meanwhile");
        ExpectMsg("meanwhile");
        wait.SetResult();
        ExpectMsg("awoke");
    }

    [Fact]
    public void An_actor_can_be_stopped_while_it_awaits()
    {
        var wait = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Watch(_actor);
        _actor.Tell(wait.Task);
        ExpectMsg("waits");
        Sys.Stop(_actor);
        wait.SetResult();
        FishForMessage(m => m is Terminated t && t.ActorRef.Equals(_actor));
    }
}
