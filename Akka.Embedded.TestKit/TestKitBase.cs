using System.Threading.Channels;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>A test that takes part in an actor system through a test actor, and says what that actor should receive.</summary>
/// <remarks>The expectations are asynchronous inside; their blocking forms wait for them on the test's thread.</remarks>
public abstract partial class TestKitBase
{
    private static int _names;

    private readonly ITestKitAssertions _assertions;
    private readonly Channel<MessageEnvelope> _queue = Channel.CreateUnbounded<MessageEnvelope>();
    private MessageEnvelope _last = NullMessageEnvelope.Instance;

    protected TestKitBase(ITestKitAssertions assertions, ActorSystem? system = null, string? testActorName = null)
        : this(assertions, system ?? ActorSystem.Create("test", DefaultConfig), testActorName, system is null) { }

    protected TestKitBase(ITestKitAssertions assertions, Config config, string? actorSystemName = null, string? testActorName = null)
        : this(assertions, ActorSystem.Create(actorSystemName ?? "test", config.SafeWithFallback(DefaultConfig)), testActorName, true) { }

    private TestKitBase(ITestKitAssertions assertions, ActorSystem system, string? testActorName, bool owns)
    {
        _assertions = assertions ?? throw new ArgumentNullException(nameof(assertions));
        Sys = system;
        TestKitSettings = TestKitExtension.For(system);
        Log = Logging.GetLogger(system, GetType());
        EventFilter = new EventFilterFactory(this, system);
        var name = testActorName ?? (this is TestProbe ? "testProbe" : "testActor") + Interlocked.Increment(ref _names);
        var queue = _queue.Writer;
        TestActor = ((ExtendedActorSystem)system).SystemActorOf(Props.CreateBy(new Producer(queue)), name);
        if (owns || this is not INoImplicitSender) ImplicitSender.Enter(this);
    }

    /// <summary>What a system made by a test kit is configured with.</summary>
    public static Config DefaultConfig => Configs.TestConfigs.DefaultConfig;

    /// <summary>As much logging as the engine can give.</summary>
    public static Config FullDebugConfig { get; } = ConfigurationFactory.ParseString("""
        akka.loglevel = DEBUG
        akka.actor.debug { receive = on, autoreceive = on, lifecycle = on, event-stream = on, unhandled = on }
        """);

    public ActorSystem Sys { get; }
    public TestKitSettings TestKitSettings { get; }

    /// <summary>The actor whose messages the expectations read; the sender of what the test tells.</summary>
    public IActorRef TestActor { get; }

    public ILoggingAdapter Log { get; }
    public EventFilterFactory EventFilter { get; }
    public bool HasMessages => _queue.Reader.Count > 0;
    public object LastMessage => _last.Message;
    public IActorRef LastSender => _last.Sender;

    public EventFilterFactory CreateEventFilter(ActorSystem system) => new(this, system);

    public virtual TestProbe CreateTestProbe(string? name = null) => CreateTestProbe(Sys, name);

    public virtual TestProbe CreateTestProbe(ActorSystem system, string? name = null) => new(system, _assertions, name);

    public virtual TestLatch CreateTestLatch(int count = 1) => new(Dilated, TestKitSettings.DefaultTimeout, count);

    public void SetAutoPilot(AutoPilot pilot) => TestActor.Tell(new InternalTestActor.PilotOrder(pilot), ActorRefs.NoSender);

    public void IgnoreMessages(Func<object, bool> shouldIgnoreMessage) =>
        TestActor.Tell(new InternalTestActor.IgnoreOrder(shouldIgnoreMessage), ActorRefs.NoSender);

    public void IgnoreMessages<TMsg>() => IgnoreMessages(m => m is TMsg);

    public void IgnoreMessages<TMsg>(Func<TMsg, bool> shouldIgnoreMessage) => IgnoreMessages(m => m is TMsg t && shouldIgnoreMessage(t));

    public void IgnoreNoMessages() => TestActor.Tell(new InternalTestActor.IgnoreOrder(null), ActorRefs.NoSender);

    /// <summary>Lets the test actor watch an actor; it does when this returns.</summary>
    public IActorRef Watch(IActorRef actorToWatch) => Run(OrderWatch(actorToWatch, true));
    public Task<IActorRef> WatchAsync(IActorRef actorToWatch) => OrderWatch(actorToWatch, true);
    public IActorRef Unwatch(IActorRef actorToUnwatch) => Run(OrderWatch(actorToUnwatch, false));
    public Task<IActorRef> UnwatchAsync(IActorRef actorToUnwatch) => OrderWatch(actorToUnwatch, false);

    /// <summary>Terminates a system and waits until it has.</summary>
    public virtual void Shutdown(TimeSpan? duration = null, bool verifySystemShutdown = false) => Shutdown(Sys, duration, verifySystemShutdown);

    public virtual void Shutdown(ActorSystem system, TimeSpan? duration = null, bool verifySystemShutdown = false)
    {
        var wait = duration ?? Min(Dilated(TestKitSettings.DefaultTimeout), TimeSpan.FromSeconds(10));
        var ended = system.Terminate().Wait(wait);
        if (!ended && verifySystemShutdown) throw new TimeoutException($"Failed to stop [{system.Name}] within [{wait}]");
        if (!ended) system.Log.Warning("Failed to stop [{0}] within [{1}]", system.Name, wait);
    }

    private async Task<IActorRef> OrderWatch(IActorRef subject, bool watch)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        TestActor.Tell(new InternalTestActor.WatchOrder(subject, watch, done), ActorRefs.NoSender);
        await done.Task.WaitAsync(Dilated(TestKitSettings.DefaultTimeout)).ConfigureAwait(false);
        return subject;
    }

    private static T Run<T>(Task<T> task) => task.GetAwaiter().GetResult();
    private static T Run<T>(ValueTask<T> task) => task.IsCompletedSuccessfully ? task.GetAwaiter().GetResult() : Run(task.AsTask());
    private static void Run(Task task) => task.GetAwaiter().GetResult();
    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private sealed class Producer(ChannelWriter<MessageEnvelope> queue) : IIndirectActorProducer
    {
        public Type ActorType => typeof(InternalTestActor);
        public ActorBase Produce() => new InternalTestActor(queue);
        public void Release(ActorBase actor) { }
    }
}
