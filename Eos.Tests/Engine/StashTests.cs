using Akka.Actor;
using Eos.Tests.Support;

namespace Eos.Tests.Engine;

/// <summary>Putting messages aside.</summary>
public class StashTests : ActorTest
{
    /// <summary>Closed, it stashes all numbers; told to open, it answers them.</summary>
    private sealed class Door : UntypedActorWithStash
    {
        private bool _open;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "open":
                    _open = true;
                    Stash.UnstashAll();
                    break;
                case "one":
                    _open = true;
                    Stash.Unstash();
                    break;
                case "close":
                    _open = false;
                    break;
                case Exception e:
                    throw e;
                case "count":
                    Sender.Tell(Stash.Count);
                    break;
                default:
                    if (_open) Sender.Tell(message);
                    else Stash.Stash();
                    break;
            }
        }
    }

    private sealed class StashesTwice : UntypedActorWithStash
    {
        protected override void OnReceive(object message)
        {
            Stash.Stash();
            Sender.Tell(Record.Exception(() => Stash.Stash())!.GetType());
        }
    }

    private sealed class Overflows : UntypedActor, IWithStash
    {
        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            try
            {
                Stash.Stash();
            }
            catch (StashOverflowException)
            {
                Sender.Tell($"no room for {message}");
            }
        }
    }

    private IActorRef Closed(int stashed)
    {
        var door = Sys.ActorOf(Props.Create<Door>());
        for (var i = 1; i <= stashed; i++) door.Tell(i);
        return door;
    }

    [Fact]
    public void Unstashed_messages_come_in_the_order_in_which_they_were_stashed()
    {
        Closed(5).Tell("open");
        Assert.Equal([1, 2, 3, 4, 5], ReceiveN(5).Cast<int>());
    }

    [Fact]
    public void Unstashed_messages_come_before_those_that_wait_in_the_mailbox()
    {
        var door = Closed(2);
        door.Tell("open");
        door.Tell(3);
        Assert.Equal([1, 2, 3], ReceiveN(3).Cast<int>());
    }

    [Fact]
    public void Unstashed_messages_keep_their_senders()
    {
        var probe = CreateTestProbe();
        var door = Sys.ActorOf(Props.Create<Door>());
        probe.Send(door, 1);
        door.Tell(2);
        door.Tell("open");
        probe.ExpectMsg(1);
        ExpectMsg(2);
    }

    [Fact]
    public void Unstash_takes_back_the_oldest_only()
    {
        var door = Closed(3);
        door.Tell("one");
        ExpectMsg(1);
        door.Tell("count");
        ExpectMsg(2);
    }

    [Fact]
    public void A_message_may_be_stashed_again()
    {
        var door = Closed(2);
        door.Tell("one");
        ExpectMsg(1);
        door.Tell("close");
        door.Tell(7);
        door.Tell("open");
        Assert.Equal([2, 7], ReceiveN(2).Cast<int>());
    }

    [Fact]
    public void The_same_message_cannot_be_stashed_twice()
    {
        Sys.ActorOf(Props.Create<StashesTwice>()).Tell(new object());
        ExpectMsg(typeof(IllegalActorStateException));
    }

    [Fact]
    public void A_full_stash_is_an_error()
    {
        var actor = Sys.ActorOf(Props.Create<Overflows>().WithStashCapacity(2));
        for (var i = 1; i <= 3; i++) actor.Tell(i);
        ExpectMsg("no room for 3");
    }

    [Fact]
    public void Before_a_restart_stashed_messages_go_back_to_the_mailbox()
    {
        EventFilter.Exception<Oops>().Mute();
        var door = Closed(3);
        door.Tell(new Oops());
        door.Tell("open");
        Assert.Equal([1, 2, 3], ReceiveN(3).Cast<int>());
    }

    [Fact]
    public void When_the_actor_stops_stashed_messages_are_dead_letters()
    {
        var door = Closed(2);
        EventFilter.DeadLetter<int>().Expect(2, () => door.Tell(PoisonPill.Instance));
    }
}
