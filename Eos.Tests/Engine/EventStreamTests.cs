using Akka.Actor;
using Akka.Event;
using Eos.Tests.Support;

namespace Eos.Tests.Engine;

/// <summary>Publishing to whom it may concern.</summary>
public class EventStreamTests : ActorTest
{
    private interface IMarked;
    private record Base(int N);
    private sealed record Derived(int N) : Base(N), IMarked;

    [Fact]
    public void A_subscriber_gets_what_is_of_its_class_or_derived()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Base));
        Sys.EventStream.Publish(new Derived(1));
        Sys.EventStream.Publish("something else");
        Sys.EventStream.Publish(new Base(2));
        ExpectMsg(new Derived(1));
        ExpectMsg(new Base(2));
    }

    [Fact]
    public void A_subscriber_may_name_an_interface()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(IMarked));
        Sys.EventStream.Publish(new Base(1));
        Sys.EventStream.Publish(new Derived(2));
        ExpectMsg(new Derived(2));
    }

    [Fact]
    public void An_event_of_two_subscribed_classes_comes_once()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Base));
        Sys.EventStream.Subscribe(TestActor, typeof(IMarked));
        Sys.EventStream.Publish(new Derived(1));
        ExpectMsg(new Derived(1));
        ExpectNoMsg(50);
    }

    [Fact]
    public void Subscribing_twice_is_one_subscription()
    {
        Assert.True(Sys.EventStream.Subscribe(TestActor, typeof(Base)));
        Assert.False(Sys.EventStream.Subscribe(TestActor, typeof(Base)));
    }

    [Fact]
    public void After_unsubscribing_nothing_comes()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Base));
        Sys.EventStream.Unsubscribe(TestActor, typeof(Base));
        Sys.EventStream.Subscribe(TestActor, typeof(IMarked));
        Sys.EventStream.Unsubscribe(TestActor);
        Sys.EventStream.Publish(new Derived(1));
        ExpectNoMsg(50);
    }

    [Fact]
    public void A_subscriber_that_stopped_is_forgotten()
    {
        var actor = Watch(Sys.ActorOf<Echo>());
        Sys.EventStream.Subscribe(actor, typeof(Base));
        Sys.Stop(actor);
        ExpectTerminated(actor);
        // the stream learns of the end by itself, as this test did: perhaps a little later
        AwaitAssert(() => EventFilter.DeadLetter<Base>().Expect(0, TimeSpan.FromMilliseconds(50), () => Sys.EventStream.Publish(new Base(1))));
    }

    [Fact]
    public void A_dead_letter_for_a_subscriber_that_stopped_is_not_published_again()
    {
        var actor = Watch(Sys.ActorOf<Echo>());
        Sys.Stop(actor);
        ExpectTerminated(actor);
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        Sys.EventStream.Subscribe(actor, typeof(DeadLetter));
        actor.Tell("late");
        Assert.Equal("late", ExpectMsg<DeadLetter>().Message);
        ExpectNoMsg(50);
    }
}

/// <summary>Logging by actors.</summary>
public class LoggingTests() : ActorTest("akka.loglevel = INFO")
{
    private sealed class Logs : UntypedActor
    {
        private readonly ILoggingAdapter _log = Context.GetLogger();

        protected override void OnReceive(object message)
        {
            _log.Debug("not at this level {0}", message);
            _log.Info("info {0}", message);
            _log.Warning("warning {0} of {1}", message, 2);
            _log.Error(new Oops("why"), "error {0}", message);
        }
    }

    [Fact]
    public void What_an_actor_logs_is_published_with_its_path_as_source()
    {
        foreach (var kind in new[] { typeof(Debug), typeof(Info), typeof(Warning), typeof(Error) }) Sys.EventStream.Subscribe(TestActor, kind);
        var actor = Sys.ActorOf<Logs>();
        EventFilter.Exception<Oops>().Mute();
        actor.Tell(1);
        Assert.Equal("info 1", ExpectMsg<Info>().Message.ToString());
        Assert.Equal("warning 1 of 2", ExpectMsg<Warning>().Message.ToString());
        var error = ExpectMsg<Error>();
        Assert.Equal(("error 1", "why", true), (error.Message.ToString(), error.Cause!.Message, error.LogSource.Contains(actor.Path.ToStringWithoutAddress())));
        ExpectNoMsg(50);
    }

    [Fact]
    public void A_level_can_be_asked_for()
    {
        Assert.False(Log.IsDebugEnabled);
        Assert.True(Log.IsInfoEnabled);
        Assert.True(Log.IsErrorEnabled);
    }

    [Fact]
    public void A_failure_is_logged_with_its_cause() =>
        EventFilter.Exception<Oops>("broken").ExpectOne(() =>
            Sys.ActorOf(Scripted.Of((_, _) => throw new Oops("broken"))).Tell("go"));
}
