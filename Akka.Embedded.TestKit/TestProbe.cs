using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.TestKit;

/// <summary>A further test actor with expectations of its own; may be used wherever a reference is wanted.</summary>
public class TestProbe : TestKitBase, INoImplicitSender, IInternalActorRef
{
    public TestProbe(ActorSystem system, ITestKitAssertions assertions, string? testProbeName = null)
        : base(assertions, system, testProbeName) { }

    public IActorRef Ref => TestActor;

    /// <summary>Who sent the last message.</summary>
    public IActorRef Sender => LastSender;

    /// <summary>Sends a message with this probe as the sender.</summary>
    public void Send(IActorRef actor, object message) => actor.Tell(message, TestActor);

    /// <summary>Answers the sender of the last message.</summary>
    public void Reply(object message) => Sender.Tell(message, TestActor);

    /// <summary>Passes the last message on, with its own sender.</summary>
    public void Forward(IActorRef actor) => Forward(actor, LastMessage);

    public void Forward(IActorRef actor, object message) => actor.Tell(message, Sender);

    public override bool Equals(object? obj) => TestActor.Equals(obj is TestProbe probe ? probe.TestActor : obj);
    public override int GetHashCode() => TestActor.GetHashCode();
    public override string ToString() => TestActor.ToString()!;
    public int CompareTo(object? obj) => TestActor.CompareTo(obj is TestProbe probe ? probe.TestActor : obj);

    ActorPath IActorRef.Path => TestActor.Path;
    void ICanTell.Tell(object message, IActorRef sender) => TestActor.Tell(message, sender);
    bool IEquatable<IActorRef>.Equals(IActorRef? other) => Equals(other);
    int IComparable<IActorRef>.CompareTo(IActorRef? other) => CompareTo(other);

    private IInternalActorRef Inner => (IInternalActorRef)TestActor;
    IInternalActorRef IInternalActorRef.Parent => Inner.Parent;
    bool IInternalActorRef.IsTerminated => Inner.IsTerminated;
    bool IInternalActorRef.IsLocal => Inner.IsLocal;
    void IInternalActorRef.Start() => Inner.Start();
    void IInternalActorRef.Suspend() => Inner.Suspend();
    void IInternalActorRef.Resume(Exception? causedByFailure) => Inner.Resume(causedByFailure);
    void IInternalActorRef.Restart(Exception cause) => Inner.Restart(cause);
    void IInternalActorRef.Stop() => Inner.Stop();
    void IInternalActorRef.SendSystemMessage(ISystemMessage message) => Inner.SendSystemMessage(message);
    IInternalActorRef IInternalActorRef.GetChild(IReadOnlyList<string> names, int from) => Inner.GetChild(names, from);
}
