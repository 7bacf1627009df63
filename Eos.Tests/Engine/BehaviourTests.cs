using Akka.Actor;
using Akka.Event;
using Eos.Tests.Support;

namespace Eos.Tests.Engine;

/// <summary>Which handler gets a message.</summary>
public class BehaviourTests : ActorTest
{
    private sealed class Moody : ReceiveActor
    {
        public Moody() => Neutral();

        private void Neutral()
        {
            Receive<string>(m => m == "who", _ => Sender.Tell("neutral"));
            Common();
        }

        private void Happy()
        {
            Receive<string>(m => m == "who", _ => Sender.Tell("happy"));
            Common();
        }

        private void Angry()
        {
            Receive<string>(m => m == "who", _ => Sender.Tell("angry"));
            Common();
        }

        private void Common()
        {
            Receive<string>(m => m == "become happy", _ => Become(Happy));
            Receive<string>(m => m == "stack happy", _ => BecomeStacked(Happy));
            Receive<string>(m => m == "stack angry", _ => BecomeStacked(Angry));
            Receive<string>(m => m == "unbecome", _ => UnbecomeStacked());
            Receive<Exception>(e => throw e);
        }
    }

    private sealed class Typed : ReceiveActor
    {
        public Typed()
        {
            Receive<int>(i => i > 10, _ => Sender.Tell("big"));
            Receive<int>(_ => Sender.Tell("int"));
            Receive<IFormattable>(_ => Sender.Tell("formattable"));
            Receive<string>(s =>
            {
                if (s == "no") return false;
                Sender.Tell("string");
                return true;
            });
            Receive(typeof(bool), _ => Sender.Tell("bool"));
            ReceiveAny(_ => Sender.Tell("any"));
        }
    }

    private sealed class Deaf : ReceiveActor
    {
        public Deaf() => Receive<int>(_ => { });
    }

    private void Asked(IActorRef actor, string answer, params string[] first)
    {
        foreach (var m in first) actor.Tell(m);
        actor.Tell("who");
        ExpectMsg(answer);
    }

    [Fact]
    public void Become_replaces_the_behaviour() => Asked(Sys.ActorOf<Moody>(), "happy", "become happy");

    [Fact]
    public void Stacked_behaviours_are_left_in_reverse_order()
    {
        var actor = Sys.ActorOf<Moody>();
        Asked(actor, "angry", "stack happy", "stack angry");
        Asked(actor, "happy", "unbecome");
        Asked(actor, "neutral", "unbecome");
        Asked(actor, "neutral", "unbecome");
    }

    [Fact]
    public void Become_on_a_stack_replaces_only_the_top()
    {
        var actor = Sys.ActorOf<Moody>();
        Asked(actor, "happy", "stack angry", "become happy");
        Asked(actor, "neutral", "unbecome");
    }

    [Fact]
    public void A_restart_begins_with_the_first_behaviour()
    {
        EventFilter.Exception<Oops>().Mute();
        var actor = Sys.ActorOf<Moody>();
        Asked(actor, "happy", "become happy");
        actor.Tell(new Oops());
        Asked(actor, "neutral");
    }

    [Theory]
    [InlineData(11, "big")]
    [InlineData(1, "int")]
    [InlineData(1.5, "formattable")]
    [InlineData("yes", "string")]
    [InlineData("no", "any")]
    [InlineData(true, "bool")]
    [InlineData('c', "formattable")]
    public void The_first_handler_that_fits_gets_the_message(object message, string handler)
    {
        Sys.ActorOf<Typed>().Tell(message);
        ExpectMsg(handler);
    }

    [Fact]
    public void A_handler_after_the_one_for_everything_is_an_error()
    {
        var error = CreateTestProbe();
        Sys.ActorOf(Props.Create(() => new TooMany(error.Ref)));
        error.ExpectMsg("refused");
    }

    [Fact]
    public void What_nobody_handles_is_published_as_unhandled()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(UnhandledMessage));
        var actor = Sys.ActorOf<Deaf>();
        actor.Tell("hello");
        var unhandled = ExpectMsg<UnhandledMessage>();
        Assert.Equal(("hello", TestActor, actor), (unhandled.Message, unhandled.Sender, unhandled.Recipient));
    }

    private sealed class TooMany : ReceiveActor
    {
        public TooMany(IActorRef probe)
        {
            ReceiveAny(_ => { });
            if (Record.Exception(() => Receive<string>(_ => { })) is InvalidOperationException) probe.Tell("refused");
        }
    }
}
