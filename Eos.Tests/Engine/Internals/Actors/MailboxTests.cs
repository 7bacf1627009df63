using Akka.Actor;
using Akka.Dispatch;
using Eos.Tests.Support;

namespace Eos.Tests.Engine.Internals.Actors;

/// <summary>A mailbox whose turns are given by the test.</summary>
public class MailboxTests : ActorTest
{
    private sealed class Turns(int throughput) : MessageDispatcher("turns", throughput)
    {
        public int Asked { get; private set; }

        internal override void Execute(Mailbox mailbox, bool local) => Asked++;
    }

    [Fact]
    public void An_actor_that_has_handled_its_share_lets_others_run_first()
    {
        var handled = 0;
        var actor = Sys.ActorOf(Scripted.Of((self, m) =>
        {
            if (m is "are you there") self.From.Tell(m);
            else handled++;
        }));
        actor.Tell("are you there");
        ExpectMsg("are you there");
        var turns = new Turns(throughput: 3);
        var mailbox = new Mailbox(((LocalActorRef)actor).Cell, turns);
        for (var i = 0; i < 7; i++) mailbox.Post("more", ActorRefs.NoSender);
        foreach (var (turn, expected) in new[] { (1, 3), (2, 6), (3, 7) })
        {
            Assert.Equal(turn, turns.Asked);
            mailbox.Execute();
            Assert.Equal(expected, handled);
        }
        Assert.Equal(3, turns.Asked);
    }
}
