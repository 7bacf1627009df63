using Akka.Actor;
using Eos.Tests.Support;

namespace Eos.Tests.Engine;

/// <summary>What an actor keeps and what it loses when it is restarted.</summary>
public class RestartTests : ActorTest
{
    public RestartTests() => EventFilter.Exception<Exception>().Mute();

    [Fact]
    public void Children_that_PreRestart_spares_are_restarted_with_their_parent()
    {
        var life = CreateTestProbe();
        var parent = Sys.ActorOf(Props.Create(() => new Sparing(life.Ref)));
        parent.Tell("child");
        var child = Watch(ExpectMsg<IActorRef>());
        life.ExpectMsg("started");
        parent.Tell(new Oops());
        life.FishForMessage(m => m is "after restart: oops");
        child.Tell("alive");
        ExpectMsg("alive");
    }

    [Fact]
    public void What_waits_behind_a_failure_is_for_the_next_incarnation()
    {
        using var judgement = new ManualResetEventSlim();
        var parent = Sys.ActorOf(Parent.Of(new OneForOneStrategy(_ =>
        {
            judgement.Wait(60_000);
            return Directive.Restart;
        })));
        parent.Tell((Lively.Of(CreateTestProbe().Ref), "child"));
        var child = ExpectMsg<IActorRef>();
        child.Tell("id");
        var failed = ExpectMsg<int>();
        child.Tell(new Oops());
        child.Tell("id");
        ExpectNoMsg(50);
        judgement.Set();
        Assert.NotEqual(failed, ExpectMsg<int>());
    }

    [Fact]
    public void A_restart_stops_the_children_by_default()
    {
        var parent = Sys.ActorOf(Scripted.Of((self, m) =>
        {
            if (m is Exception e) throw e;
            self.From.Tell(self.Ctx.ActorOf<Echo>());
        }));
        parent.Tell("make");
        var child = Watch(ExpectMsg<IActorRef>());
        parent.Tell(new Oops());
        ExpectTerminated(child);
    }

    [Fact]
    public void The_sender_of_a_failed_message_is_known_in_PreRestart()
    {
        var actor = Sys.ActorOf(Props.Create(() => new LastWords()));
        actor.Tell("boom");
        ExpectMsg("sorry about boom");
    }

    [Fact]
    public void A_failure_in_PostRestart_is_a_failure_of_the_new_instance()
    {
        Exception? seen = null;
        var parent = Sys.ActorOf(Parent.Of(new OneForOneStrategy(e =>
        {
            seen = e;
            return e is PostRestartException ? Directive.Stop : Directive.Restart;
        })));
        parent.Tell((Props.Create(() => new FailsAfterRestart()), "child"));
        var child = Watch(ExpectMsg<IActorRef>());
        child.Tell("boom");
        ExpectTerminated(child);
        Assert.IsType<PostRestartException>(seen);
    }

    [Fact]
    public void An_actor_that_could_not_start_and_is_restarted_tries_to_start_again()
    {
        var tries = 0;
        var count = () => ++tries;
        var parent = Sys.ActorOf(Parent.Of(new OneForOneStrategy(3, TimeSpan.FromMinutes(1), _ => Directive.Restart)));
        parent.Tell((Props.Create(() => new Third(count)), "child"));
        var child = ExpectMsg<IActorRef>();
        child.Tell("alive");
        ExpectMsg("alive");
        Assert.Equal(3, tries);
    }

    [Fact]
    public void What_an_actor_watches_it_still_watches_after_a_restart()
    {
        var watched = Sys.ActorOf<Echo>();
        var watcher = Sys.ActorOf(Scripted.Of((self, m) =>
        {
            switch (m)
            {
                case IActorRef actor:
                    self.Ctx.Watch(actor);
                    break;
                case Exception e:
                    throw e;
                case Terminated t:
                    TestActor.Tell(("gone", t.ActorRef));
                    break;
                default:
                    self.From.Tell(m);
                    break;
            }
        }));
        watcher.Tell(watched);
        watcher.Tell(new Oops());
        watcher.Tell("again");
        ExpectMsg("again");
        Sys.Stop(watched);
        ExpectMsg(("gone", watched));
    }

    private sealed class Sparing(IActorRef life) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is Exception e) throw e;
            Sender.Tell(Context.ActorOf(Lively.Of(life)));
        }

        protected override void PreRestart(Exception reason, object message) { }
    }

    private sealed class Third(Func<int> count) : UntypedActor
    {
        protected override void PreStart()
        {
            if (count() < 3) throw new Oops();
        }

        protected override void OnReceive(object message) => Sender.Tell(message);
    }

    private sealed class LastWords : UntypedActor
    {
        protected override void OnReceive(object message) => throw new Oops();
        protected override void PreRestart(Exception reason, object message) => Sender.Tell($"sorry about {message}");
    }

    private sealed class FailsAfterRestart : UntypedActor
    {
        protected override void OnReceive(object message) => throw new Oops();
        protected override void PostRestart(Exception reason) => throw new Oops();
    }
}
