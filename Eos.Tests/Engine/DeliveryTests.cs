using Akka.Actor;
using Akka.Event;
using Eos.Tests.Support;

namespace Eos.Tests.Engine;

/// <summary>How messages reach actors, or nobody.</summary>
public class DeliveryTests : ActorTest
{
    private sealed record From(int Sender, int Number);

    [Fact]
    public void Messages_of_one_sender_to_one_receiver_keep_their_order()
    {
        const int senders = 8, each = 2000;
        var receiver = Sys.ActorOf(Scripted.Of((_, m) => TestActor.Tell(m)));
        for (var s = 0; s < senders; s++)
        {
            var number = s;
            Sys.ActorOf(Scripted.Of((_, _) =>
            {
                for (var i = 0; i < each; i++) receiver.Tell(new From(number, i));
            })).Tell("go");
        }
        var next = new int[senders];
        foreach (var m in ReceiveN(senders * each, TimeSpan.FromSeconds(60)).Cast<From>()) Assert.Equal(next[m.Sender]++, m.Number);
    }

    [Fact]
    public void An_actor_handles_one_message_at_a_time()
    {
        var (inside, worst) = (0, 0);
        var actor = Sys.ActorOf(Scripted.Of((self, m) =>
        {
            worst = Math.Max(worst, Interlocked.Increment(ref inside));
            Thread.SpinWait(50);
            Interlocked.Decrement(ref inside);
            if (m is "last") self.From.Tell("done");
        }));
        Parallel.For(0, 2000, _ => actor.Tell("x"));
        actor.Tell("last");
        ExpectMsg("done");
        Assert.Equal(1, worst);
    }

    [Fact]
    public void Null_is_no_message() => Assert.Throws<InvalidMessageException>(() => Sys.ActorOf<Echo>().Tell(null!));

    [Fact]
    public void A_forwarded_message_keeps_its_sender()
    {
        var echo = Sys.ActorOf<Echo>();
        Sys.ActorOf(Scripted.Of((_, m) => echo.Forward(m))).Tell("hello");
        ExpectMsg("hello");
    }

    [Fact]
    public void Without_a_sender_the_sender_is_dead_letters()
    {
        Sys.ActorOf(Scripted.Of((self, _) => TestActor.Tell(self.From))).Tell("hello", ActorRefs.NoSender);
        ExpectMsg(Sys.DeadLetters);
    }

    [Fact]
    public void A_message_to_the_dead_is_a_dead_letter_that_tells_message_sender_and_recipient()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        var actor = Watch(Sys.ActorOf<Echo>());
        Sys.Stop(actor);
        ExpectTerminated(actor);
        actor.Tell("too late");
        var letter = ExpectMsg<DeadLetter>();
        Assert.Equal(("too late", TestActor, actor), (letter.Message, letter.Sender, letter.Recipient));
    }

    [Fact]
    public void What_waits_in_the_mailbox_of_an_actor_that_stops_becomes_dead_letters()
    {
        using var gate = new ManualResetEventSlim();
        var actor = Sys.ActorOf(Scripted.Of((self, _) =>
        {
            gate.Wait(60_000);
            self.Ctx.Stop(self.Me);
        }));
        EventFilter.DeadLetter<int>().Expect(3, () =>
        {
            actor.Tell("go");
            for (var i = 0; i < 3; i++) actor.Tell(i);
            gate.Set();
        });
    }

    [Fact]
    public void Some_messages_are_worth_no_dead_letter()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        Sys.DeadLetters.Tell(new Unimportant());
        Sys.DeadLetters.Tell("important");
        Assert.Equal("important", ExpectMsg<DeadLetter>().Message);
    }

    [Fact]
    public void Nobody_takes_everything()
    {
        ActorRefs.Nobody.Tell("anything");
        Assert.True(ActorRefs.Nobody.IsNobody());
    }

    [Fact]
    public void Actors_answer_Identify_themselves()
    {
        var actor = Sys.ActorOf<Echo>();
        actor.Tell(new Identify(42));
        var identity = ExpectMsg<ActorIdentity>();
        Assert.Equal((42, actor), (identity.MessageId, identity.Subject));
    }

    private sealed class Unimportant : IDeadLetterSuppression;
}
