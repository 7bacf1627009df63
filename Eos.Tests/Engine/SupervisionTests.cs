using Akka.Actor;
using Akka.TestKit;
using Eos.Tests.Support;

namespace Eos.Tests.Engine;

/// <summary>What happens when an actor fails.</summary>
public class SupervisionTests : ActorTest
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(80);

    public SupervisionTests() => EventFilter.Exception<Exception>().Mute();

    private IActorRef Child(IActorRef parent, TestProbe life, string name = "child")
    {
        parent.Tell((Lively.Of(life.Ref), name));
        var child = ExpectMsg<IActorRef>();
        life.ExpectMsg("started");
        return child;
    }

    private (IActorRef Child, TestProbe Life) Under(SupervisorStrategy strategy)
    {
        var life = CreateTestProbe();
        return (Child(Sys.ActorOf(Parent.Of(strategy)), life), life);
    }

    private static OneForOneStrategy Always(Directive directive) => new(_ => directive);

    private int Id(IActorRef actor)
    {
        actor.Tell("id");
        return ExpectMsg<int>();
    }

    [Fact]
    public void Resume_keeps_the_instance()
    {
        var (child, life) = Under(Always(Directive.Resume));
        var id = Id(child);
        child.Tell(new Oops());
        Assert.Equal(id, Id(child));
        life.ExpectNoMsg(Soon);
    }

    [Fact]
    public void Restart_makes_a_new_instance_behind_the_same_reference()
    {
        var (child, life) = Under(Always(Directive.Restart));
        var id = Id(child);
        child.Tell(new Oops());
        life.ExpectMsg("before restart: oops, Oops");
        life.ExpectMsg("stopped");
        life.ExpectMsg("after restart: oops");
        life.ExpectMsg("started");
        Assert.NotEqual(id, Id(child));
    }

    [Fact]
    public void Restart_keeps_the_mailbox_and_loses_only_the_message_that_failed()
    {
        var (child, _) = Under(Always(Directive.Restart));
        child.Tell(1);
        child.Tell(new Oops());
        child.Tell(2);
        child.Tell(3);
        ExpectMsg(1);
        ExpectMsg(2);
        ExpectMsg(3);
    }

    [Fact]
    public void Stop_ends_the_child()
    {
        var (child, life) = Under(Always(Directive.Stop));
        Watch(child);
        child.Tell(new Oops());
        ExpectTerminated(child);
        life.ExpectMsg("stopped");
        life.ExpectNoMsg(Soon);
    }

    [Fact]
    public void Escalate_makes_the_parent_fail_with_the_same_cause()
    {
        var life = CreateTestProbe();
        Exception? seen = null;
        var top = Sys.ActorOf(Parent.Of(new OneForOneStrategy(e =>
        {
            seen = e;
            return Directive.Restart;
        })));
        top.Tell((Parent.Of(Always(Directive.Escalate)), "middle"));
        var middle = ExpectMsg<IActorRef>();
        var child = Watch(Child(middle, life));
        var oops = new Oops();
        child.Tell(oops);
        ExpectTerminated(child);
        Assert.Same(oops, seen);
        middle.Tell("alive");
        ExpectMsg("alive");
    }

    [Fact]
    public void Escalate_and_resume_lets_the_child_go_on_and_fail_again()
    {
        var life = CreateTestProbe();
        var failures = 0;
        var top = Sys.ActorOf(Parent.Of(new OneForOneStrategy(_ =>
        {
            failures++;
            return Directive.Resume;
        })));
        top.Tell((Parent.Of(Always(Directive.Escalate)), "middle"));
        var child = Child(ExpectMsg<IActorRef>(), life);
        for (var i = 1; i <= 3; i++)
        {
            child.Tell(new Oops());
            child.Tell(i);
            ExpectMsg(i);
            Assert.Equal(i, failures);
        }
    }

    [Fact]
    public void One_for_one_leaves_the_siblings_alone()
    {
        var (life, other) = (CreateTestProbe(), CreateTestProbe());
        var parent = Sys.ActorOf(Parent.Of(Always(Directive.Restart)));
        var child = Child(parent, life, "a");
        Child(parent, other, "b");
        child.Tell(new Oops());
        life.FishForMessage(m => m is "after restart: oops");
        other.ExpectNoMsg(Soon);
    }

    [Fact]
    public void All_for_one_restarts_the_siblings_too()
    {
        var (life, other) = (CreateTestProbe(), CreateTestProbe());
        var parent = Sys.ActorOf(Parent.Of(new AllForOneStrategy(_ => Directive.Restart)));
        var child = Child(parent, life, "a");
        Child(parent, other, "b");
        child.Tell(new Oops());
        life.FishForMessage(m => m is "after restart: oops");
        other.FishForMessage(m => m is "after restart: oops");
    }

    [Fact]
    public void All_for_one_stops_the_siblings_too()
    {
        var parent = Sys.ActorOf(Parent.Of(new AllForOneStrategy(_ => Directive.Stop)));
        var child = Child(parent, CreateTestProbe(), "a");
        var sibling = Watch(Child(parent, CreateTestProbe(), "b"));
        child.Tell(new Oops());
        ExpectTerminated(sibling);
    }

    [Fact]
    public void By_default_a_failed_actor_is_restarted()
    {
        var life = CreateTestProbe();
        var actor = Sys.ActorOf(Lively.Of(life.Ref));
        actor.Tell(new Oops());
        life.FishForMessage(m => m is "after restart: oops");
    }

    [Fact]
    public void By_default_an_actor_that_cannot_be_made_is_stopped()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Unborn()));
        Watch(actor);
        ExpectTerminated(actor);
    }

    [Fact]
    public void By_default_an_actor_that_cannot_start_is_stopped()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Stillborn()));
        Watch(actor);
        ExpectTerminated(actor);
    }

    [Fact]
    public void A_failure_to_start_reaches_the_supervisor_as_an_initialization_failure_with_its_cause()
    {
        Exception? seen = null;
        var parent = Sys.ActorOf(Parent.Of(new OneForOneStrategy(e =>
        {
            seen = e;
            return Directive.Stop;
        })));
        parent.Tell((Props.Create(() => new Stillborn()), "child"));
        var child = Watch(ExpectMsg<IActorRef>());
        ExpectTerminated(child);
        Assert.IsType<Oops>(Assert.IsType<ActorInitializationException>(seen).InnerException);
    }

    [Fact]
    public void Kill_is_a_failure_that_by_default_stops()
    {
        var life = CreateTestProbe();
        var actor = Watch(Sys.ActorOf(Lively.Of(life.Ref)));
        actor.Tell(Kill.Instance);
        ExpectTerminated(actor);
    }

    [Fact]
    public void A_child_that_fails_too_often_is_stopped()
    {
        var (child, _) = Under(new OneForOneStrategy(2, TimeSpan.FromMinutes(1), _ => Directive.Restart));
        Watch(child);
        for (var i = 0; i < 2; i++)
        {
            child.Tell(new Oops());
            child.Tell(i);
            ExpectMsg(i);
        }
        child.Tell(new Oops());
        ExpectTerminated(child);
    }

    [Fact]
    public void Failures_longer_ago_than_the_time_range_do_not_count()
    {
        var (child, life) = Under(new OneForOneStrategy(1, TimeSpan.FromMilliseconds(50), _ => Directive.Restart));
        for (var i = 0; i < 3; i++)
        {
            child.Tell(new Oops());
            life.FishForMessage(m => m is "started");
            ExpectNoMsg(100);
        }
        child.Tell("alive");
        ExpectMsg("alive");
    }

    [Fact]
    public void Without_retries_a_restart_is_a_stop()
    {
        var (child, _) = Under(new OneForOneStrategy(0, TimeSpan.FromMinutes(1), _ => Directive.Restart));
        Watch(child);
        child.Tell(new Oops());
        ExpectTerminated(child);
    }

    [Fact]
    public void The_strategy_of_the_props_counts_before_the_actors_own()
    {
        var parent = Sys.ActorOf(Parent.Of(Always(Directive.Restart)).WithSupervisorStrategy(Always(Directive.Stop)));
        var child = Watch(Child(parent, CreateTestProbe()));
        child.Tell(new Oops());
        ExpectTerminated(child);
    }

    [Fact]
    public void A_restart_behind_the_same_reference_is_no_termination()
    {
        var (child, life) = Under(Always(Directive.Restart));
        Watch(child);
        child.Tell(new Oops());
        life.FishForMessage(m => m is "started");
        ExpectNoMsg(Soon);
    }

    [Fact]
    public void An_actor_that_fails_while_its_parent_stops_does_not_hinder_it()
    {
        var parent = Sys.ActorOf(Parent.Of(Always(Directive.Restart)));
        var children = Enumerable.Range(0, 10).Select(i => Child(parent, CreateTestProbe(), $"c{i}")).ToList();
        Watch(parent);
        foreach (var child in children) child.Tell(new Oops());
        Sys.Stop(parent);
        foreach (var child in children) child.Tell(new Oops());
        ExpectTerminated(parent);
    }

    private sealed class Unborn : UntypedActor
    {
        public Unborn() => throw new Oops();
        protected override void OnReceive(object message) { }
    }

    private sealed class Stillborn : UntypedActor
    {
        protected override void PreStart() => throw new Oops();
        protected override void OnReceive(object message) { }
    }
}
