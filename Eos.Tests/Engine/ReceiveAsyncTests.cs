using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace Eos.Tests.Engine;

/// <summary>Handlers that await.</summary>
public class ReceiveAsyncTests : TestKit
{
    private sealed class Awaits : ReceiveActor
    {
        private readonly int _id = Random.Shared.Next();

        public Awaits()
        {
            ReceiveAsync<int>(async i =>
            {
                var (self, sender) = (Self, Sender);
                await Task.Delay(Random.Shared.Next(10));
                await Task.Yield();
                sender.Tell((i, Self.Equals(self), Sender.Equals(sender), Context.Self.Equals(self)));
            });
            ReceiveAsync<Exception>(async e =>
            {
                await Task.Delay(5);
                throw e;
            });
            ReceiveAsync<TimeSpan>(async t =>
            {
                await Task.Delay(t);
                Sender.Tell("slept");
            });
            ReceiveAsync<char>(async _ =>
            {
                await Task.Delay(5);
                Become(() => ReceiveAny(_ => Sender.Tell("another")));
            });
            Receive<string>(_ => Sender.Tell(_id));
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
        _actor.Tell(TimeSpan.FromMilliseconds(300));
        Sys.ActorOf<Echo>().Tell("meanwhile");
        ExpectMsg("meanwhile");
        ExpectMsg("slept");
    }

    [Fact]
    public void An_actor_can_be_stopped_while_it_awaits()
    {
        Watch(_actor);
        _actor.Tell(TimeSpan.FromMilliseconds(100));
        Sys.Stop(_actor);
        FishForMessage(m => m is Terminated t && t.ActorRef.Equals(_actor));
    }
}
