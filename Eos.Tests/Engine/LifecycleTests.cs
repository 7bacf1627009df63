using Akka.Actor;
using Eos.Tests.Support;

namespace Eos.Tests.Engine;

/// <summary>How actors begin and end.</summary>
public class LifecycleTests : ActorTest
{
    [Fact]
    public void PreStart_runs_before_the_first_message_and_PostStop_after_the_last()
    {
        var life = CreateTestProbe();
        var actor = Sys.ActorOf(Lively.Of(life.Ref));
        actor.Tell("hello", life.Ref);
        actor.Tell(PoisonPill.Instance);
        life.ExpectMsg("started");
        life.ExpectMsg("hello");
        life.ExpectMsg("stopped");
    }

    [Fact]
    public void Poison_waits_its_turn()
    {
        var actor = Watch(Sys.ActorOf<Echo>());
        for (var i = 0; i < 50; i++) actor.Tell(i);
        actor.Tell(PoisonPill.Instance);
        Assert.Equal(Enumerable.Range(0, 50), ReceiveN(50).Cast<int>());
        ExpectTerminated(actor);
    }

    [Fact]
    public void An_actor_that_stops_itself_handles_no_further_message()
    {
        using var gate = new ManualResetEventSlim();
        var actor = Watch(Sys.ActorOf(Scripted.Of((self, m) =>
        {
            self.From.Tell(m);
            gate.Wait(60_000);
            self.Ctx.Stop(self.Me);
        })));
        for (var i = 1; i <= 3; i++) actor.Tell(i);
        gate.Set();
        ExpectMsg(1);
        ExpectTerminated(actor);
    }

    [Fact]
    public void Children_stop_before_their_parent()
    {
        var life = CreateTestProbe();
        var parent = Sys.ActorOf(Props.Create(() => new Mortal(life.Ref, "parent", "child")));
        life.ExpectMsg("child started");
        Sys.Stop(parent);
        life.ExpectMsg("child stopped");
        life.ExpectMsg("parent stopped");
    }

    /// <summary>Has a child, if that has a name, and tells when it starts and ends.</summary>
    private sealed class Mortal(IActorRef probe, string name, string child) : UntypedActor
    {
        protected override void PreStart()
        {
            if (child.Length > 0) Context.ActorOf(Props.Create(() => new Mortal(probe, child, "")));
            else probe.Tell($"{name} started");
        }

        protected override void PostStop() => probe.Tell($"{name} stopped");

        protected override void OnReceive(object message)
        {
        }
    }

    [Fact]
    public void A_name_is_unique_among_siblings_and_free_again_after_the_end()
    {
        var actor = Watch(Sys.ActorOf<Echo>("named"));
        Assert.Throws<InvalidActorNameException>(() => Sys.ActorOf<Echo>("named"));
        Sys.Stop(actor);
        ExpectTerminated(actor);
        var again = Again("named");
        Assert.Equal(actor.Path, again.Path);
        Assert.NotEqual(actor, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("$mine")]
    [InlineData("a/b")]
    [InlineData("a b")]
    public void Some_names_are_none(string name) => Assert.Throws<InvalidActorNameException>(() => Sys.ActorOf<Echo>(name));

    [Fact]
    public void An_actor_without_a_name_gets_one_that_starts_with_a_dollar() =>
        Assert.StartsWith("$", Sys.ActorOf<Echo>().Path.Name);

    [Fact]
    public void A_new_actor_under_an_old_name_does_not_get_the_old_ones_messages()
    {
        var old = Watch(Sys.ActorOf<Echo>("again"));
        Sys.Stop(old);
        ExpectTerminated(old);
        Again("again");
        old.Tell("for the dead");
        ExpectNoMsg(80);
    }

    /// <summary>A new actor under the name of one that ended: the parent learns of the end by itself, as this test did, perhaps a little later.</summary>
    private IActorRef Again(string name)
    {
        IActorRef again = ActorRefs.Nobody;
        AwaitAssert(() => again = Sys.ActorOf<Echo>(name));
        return again;
    }

    [Fact]
    public void Paths_name_system_guardian_and_parents()
    {
        var parent = Sys.ActorOf(Parent.Of(new OneForOneStrategy(_ => Directive.Stop)), "p");
        parent.Tell((Props.Create<Echo>(), "c"));
        var child = ExpectMsg<IActorRef>();
        Assert.Equal($"akka://{Sys.Name}/user/p/c", child.Path.ToString());
        Assert.Equal(parent.Path, child.Path.Parent);
        Assert.Equal("c", child.Path.Name);
    }

    [Fact]
    public void An_actor_knows_itself_its_parent_and_its_children()
    {
        var actor = Sys.ActorOf(Scripted.Of((self, m) =>
        {
            var child = self.Ctx.ActorOf<Echo>("child");
            self.From.Tell((self.Me, self.Ctx.Parent.Path.Name, self.Ctx.Child("child").Equals(child), self.Ctx.Child("none").IsNobody(), self.Ctx.GetChildren().Count()));
        }));
        actor.Tell("?");
        ExpectMsg((actor, "user", true, true, 1));
    }

    [Fact]
    public void An_actor_made_with_new_is_an_error()
    {
        using var alone = new ManualResetEventSlim();
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Record.Exception(() => new Echo()));
        thread.Start();
        thread.Join();
        Assert.IsType<ActorInitializationException>(thrown);
    }

    [Fact]
    public void A_disposable_actor_is_disposed_when_it_restarts_and_when_it_stops()
    {
        EventFilter.Exception<Oops>().Mute();
        var actor = Sys.ActorOf(Props.Create(() => new Disposed(TestActor)));
        actor.Tell(new Oops());
        ExpectMsg("disposed");
        actor.Tell(PoisonPill.Instance);
        ExpectMsg("disposed");
    }

    private sealed class Disposed(IActorRef probe) : UntypedActor, IDisposable
    {
        protected override void OnReceive(object message) => throw (Exception)message;
        public void Dispose() => probe.Tell("disposed");
    }

    [Fact]
    public async Task A_graceful_stop_is_true_when_the_actor_has_ended() =>
        Assert.True(await Sys.ActorOf<Echo>().GracefulStop(TimeSpan.FromSeconds(60)));

    [Fact]
    public async Task A_system_that_terminates_stops_every_actor()
    {
        var life = CreateTestProbe();
        var system = ActorSystem.Create("other");
        system.ActorOf(Lively.Of(life.Ref));
        life.ExpectMsg("started");
        await system.Terminate();
        life.ExpectMsg("stopped");
        Assert.True(system.WhenTerminated.IsCompleted);
    }

    /// <summary>On the dispatcher of the calling thread a child ends while its parent still tells the children to stop.</summary>
    [Fact]
    public async Task A_parent_that_tells_its_children_to_stop_makes_no_more()
    {
        var made = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var system = ActorSystem.Create("other");
        system.ActorOf(Props.Create(() => new Heir(made)).WithDispatcher("calling-thread-dispatcher"));
        await system.Terminate();
        Assert.IsType<InvalidOperationException>(await made.Task);
    }

    private sealed class Heir(TaskCompletionSource<Exception?> made) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }

        protected override void PostStop() => made.TrySetResult(Record.Exception(() => { Context.System.ActorOf<Echo>(); }));
    }

    [Fact]
    public async Task What_is_registered_on_termination_runs_then()
    {
        var system = ActorSystem.Create("other");
        var order = new List<int>();
        system.RegisterOnTermination(() => order.Add(1));
        system.RegisterOnTermination(() => order.Add(2));
        await system.Terminate();
        AwaitAssert(() => Assert.Equal(2, order.Count));
    }
}
