using System.Linq.Expressions;
using Akka.Actor;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    public IActorRef ActorOf(Props props) => Sys.ActorOf(props);
    public IActorRef ActorOf(Props props, string name) => Sys.ActorOf(props, name);
    public IActorRef ActorOf<TActor>() where TActor : ActorBase, new() => Sys.ActorOf(Props.Create<TActor>());
    public IActorRef ActorOf<TActor>(string name) where TActor : ActorBase, new() => Sys.ActorOf(Props.Create<TActor>(), name);
    public IActorRef ActorOf<TActor>(Expression<Func<TActor>> factory) where TActor : ActorBase => Sys.ActorOf(Props.Create(factory));
    public IActorRef ActorOf<TActor>(Expression<Func<TActor>> factory, string name) where TActor : ActorBase => Sys.ActorOf(Props.Create(factory), name);

    public ActorSelection ActorSelection(ActorPath actorPath) => Sys.ActorSelection(actorPath);
    public ActorSelection ActorSelection(string actorPath) => Sys.ActorSelection(actorPath);
    public ActorSelection ActorSelection(IActorRef anchorRef, string actorPath) => Sys.ActorSelection(anchorRef, actorPath);

    /// <summary>Makes an actor below the test actor, which restarts it whenever it fails.</summary>
    public IActorRef ChildActorOf(Props props, CancellationToken cancellationToken = default) => Run(Child(props, null, cancellationToken));
    public IActorRef ChildActorOf(Props props, string name, CancellationToken cancellationToken = default) => Run(Child(props, name, cancellationToken));
    public Task<IActorRef> ChildActorOfAsync(Props props, CancellationToken cancellationToken = default) => Child(props, null, cancellationToken);
    public Task<IActorRef> ChildActorOfAsync(Props props, string name, CancellationToken cancellationToken = default) => Child(props, name, cancellationToken);

    private Task<IActorRef> Child(Props props, string? name, CancellationToken cancellation)
    {
        var made = new TaskCompletionSource<IActorRef>(TaskCreationOptions.RunContinuationsAsynchronously);
        TestActor.Tell(new InternalTestActor.ChildOrder(props, name, made), ActorRefs.NoSender);
        return made.Task.WaitAsync(Dilated(TestKitSettings.DefaultTimeout), cancellation);
    }
}
