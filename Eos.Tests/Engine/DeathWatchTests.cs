using Akka.Actor;
using Eos.Tests.Support;

namespace Eos.Tests.Engine;

/// <summary>Learning of other actors' ends.</summary>
public class DeathWatchTests : ActorTest
{
    private readonly record struct Gone(string Name);

    private IActorRef Watcher(Action<Scripted, object> on) => Sys.ActorOf(Scripted.Of(on));

    [Fact]
    public void A_watcher_is_told_once_when_the_watched_stops()
    {
        var actor = Sys.ActorOf<Echo>();
        Watch(actor);
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        ExpectNoMsg(80);
    }

    [Fact]
    public void Every_watcher_is_told()
    {
        var actor = Sys.ActorOf<Echo>();
        var probes = Enumerable.Range(0, 5).Select(_ => CreateTestProbe()).ToList();
        foreach (var probe in probes) probe.Watch(actor);
        actor.Tell(PoisonPill.Instance);
        foreach (var probe in probes) probe.ExpectTerminated(actor);
    }

    [Fact]
    public void Watching_the_already_dead_tells_at_once()
    {
        var actor = Watch(Sys.ActorOf<Echo>());
        Sys.Stop(actor);
        ExpectTerminated(actor);
        CreateTestProbe().Watch(actor);
        Watch(actor);
        ExpectTerminated(actor);
    }

    [Fact]
    public async Task Watching_what_never_was_says_that_its_existence_is_not_confirmed()
    {
        var identity = await Sys.ActorSelection("/user/never").Ask<ActorIdentity>(new Identify(1), TimeSpan.FromSeconds(60));
        Assert.Null(identity.Subject);
        var ghost = ((ExtendedActorSystem)Sys).Provider.ResolveActorRef($"akka://{Sys.Name}/user/never");
        Watch(ghost);
        Assert.False(ExpectTerminated(ghost).ExistenceConfirmed);
    }

    [Fact]
    public void After_unwatch_nothing_is_told()
    {
        var actor = Sys.ActorOf<Echo>();
        Watch(actor);
        Unwatch(actor);
        var other = CreateTestProbe();
        other.Watch(actor);
        Sys.Stop(actor);
        other.ExpectTerminated(actor);
        ExpectNoMsg(80);
    }

    [Fact]
    public void Unwatch_also_takes_back_what_is_in_the_mailbox_already()
    {
        var actor = Sys.ActorOf<Echo>();
        using var gate = new ManualResetEventSlim();
        var watcher = Watcher((self, m) =>
        {
            switch (m)
            {
                case "watch":
                    self.Ctx.Watch(actor);
                    self.From.Tell("watching");
                    break;
                case "wait":
                    gate.Wait(60_000);
                    self.Ctx.Unwatch(actor);
                    break;
                case Terminated:
                    TestActor.Tell("told");
                    break;
                default:
                    self.From.Tell(m);
                    break;
            }
        });
        watcher.Tell("watch");
        ExpectMsg("watching");
        watcher.Tell("wait");
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        gate.Set();
        watcher.Tell("done");
        ExpectMsg("done");
        ExpectNoMsg(50);
    }

    [Fact]
    public void WatchWith_tells_the_given_message()
    {
        var actor = Sys.ActorOf<Echo>();
        var watcher = Watcher((self, m) =>
        {
            if (m is IActorRef watched) self.Ctx.WatchWith(watched, new Gone("echo"));
            else TestActor.Tell(m);
        });
        watcher.Tell(actor);
        watcher.Tell("watching");
        ExpectMsg("watching");
        Sys.Stop(actor);
        ExpectMsg(new Gone("echo"));
    }

    [Fact]
    public void Watching_again_with_another_message_is_an_error()
    {
        var watcher = Watcher((self, m) =>
        {
            self.Ctx.Watch((IActorRef)m);
            self.From.Tell(Record.Exception(() => self.Ctx.WatchWith((IActorRef)m, "gone"))!.GetType());
        });
        watcher.Tell(Sys.ActorOf<Echo>());
        ExpectMsg(typeof(InvalidOperationException));
    }

    [Fact]
    public void A_watcher_that_does_not_handle_the_end_dies_of_it()
    {
        EventFilter.Exception<DeathPactException>().Mute();
        var actor = Sys.ActorOf<Echo>();
        var watcher = Watch(Watcher((self, m) =>
        {
            if (m is IActorRef watched) self.From.Tell(self.Ctx.Watch(watched));
            else self.Refuse(m);
        }));
        watcher.Tell(actor);
        ExpectMsg(actor);
        Sys.Stop(actor);
        ExpectTerminated(watcher);
    }

    [Fact]
    public void The_end_is_told_after_all_that_the_watched_sent_before()
    {
        var actor = Watch(Sys.ActorOf(Scripted.Of((self, _) =>
        {
            for (var i = 0; i < 100; i++) self.From.Tell(i);
            self.Ctx.Stop(self.Me);
        })));
        actor.Tell("go");
        Assert.Equal(Enumerable.Range(0, 100), ReceiveN(100).Cast<int>());
        ExpectTerminated(actor);
    }

    [Fact]
    public void An_end_is_told_with_the_dead_as_sender()
    {
        var actor = Watch(Sys.ActorOf<Echo>());
        Sys.Stop(actor);
        ExpectMsgFrom<Terminated>(actor);
    }

    [Fact]
    public void A_parent_may_watch_its_child_and_use_its_name_when_told()
    {
        var parent = Sys.ActorOf(Scripted.Of((self, m) =>
        {
            switch (m)
            {
                case "make":
                    self.Ctx.Watch(self.Ctx.ActorOf<Echo>("child"));
                    break;
                case "stop":
                    self.Ctx.Stop(self.Ctx.Child("child"));
                    break;
                case Terminated:
                    TestActor.Tell(self.Ctx.ActorOf<Echo>("child").Path.Name);
                    break;
            }
        }));
        parent.Tell("make");
        parent.Tell("stop");
        ExpectMsg("child");
    }
}
