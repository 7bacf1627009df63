namespace Akka.Actor;

/// <summary>Handles a message; false when it does not know it.</summary>
public delegate bool Receive(object message);

/// <summary>Handles a message.</summary>
public delegate void UntypedReceive(object message);

/// <summary>Base of every actor: state that only one message at a time touches.</summary>
public abstract class ActorBase
{
    private IActorRef? _clearedSelf;

    /// <exception cref="ActorInitializationException">Called other than by an actor system.</exception>
    protected ActorBase()
    {
        if (ActorCell.CurrentCell is not { } cell)
            throw new ActorInitializationException("Do not create actors using 'new', always create them using an ActorContext/System");
        cell.Become(Receive);
    }

    /// <exception cref="NotSupportedException">Used outside the actor's turn.</exception>
    protected static IActorContext Context => ActorCell.CurrentCell ?? throw new NotSupportedException(
        "There is no active ActorContext, this is most likely due to use of async operations from within this actor.");

    protected IActorRef Self => _clearedSelf ?? Context.Self;

    protected IActorRef Sender => Context.Sender;

    protected static Receive EmptyReceive => static _ => false;

    protected abstract bool Receive(object message);

    protected virtual bool AroundReceive(Receive receive, object message)
    {
        if (receive(message)) return true;
        Unhandled(message);
        return false;
    }

    internal bool Handle(Receive receive, object message) => AroundReceive(receive, message);

    protected virtual void Unhandled(object message) => ((ActorCell)Context).Unhandled(message);

    protected void Become(Receive receive) => Context.Become(receive);

    protected void BecomeStacked(Receive receive) => Context.BecomeStacked(receive);

    protected void UnbecomeStacked() => Context.UnbecomeStacked();

    protected void SetReceiveTimeout(TimeSpan? timeout) => Context.SetReceiveTimeout(timeout);

    protected virtual SupervisorStrategy SupervisorStrategy() => null!;

    internal SupervisorStrategy? OwnStrategy => SupervisorStrategy();

    protected virtual void PreStart()
    {
    }

    /// <summary>Runs on the failed instance: by default stops the children and calls <see cref="PostStop"/>.</summary>
    protected virtual void PreRestart(Exception reason, object message)
    {
        foreach (var child in Context.GetChildren().ToList())
        {
            Context.Unwatch(child);
            Context.Stop(child);
        }
        PostStop();
    }

    /// <summary>Runs on the new instance: by default calls <see cref="PreStart"/>.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    protected virtual void PostStop()
    {
    }

    public virtual void AroundPreStart() => PreStart();

    public virtual void AroundPreRestart(Exception cause, object message) => PreRestart(cause, message);

    public virtual void AroundPostRestart(Exception cause, object message) => PostRestart(cause);

    public virtual void AroundPostStop() => PostStop();

    /// <summary>The constructor, subclasses' included, has run.</summary>
    internal virtual void Constructed()
    {
    }

    internal void Clear(IActorRef self) => _clearedSelf = self;
}

/// <summary>An actor with one method for all messages.</summary>
public abstract class UntypedActor : ActorBase
{
    protected sealed override bool Receive(object message)
    {
        OnReceive(message);
        return true;
    }

    protected abstract void OnReceive(object message);

    protected static new IUntypedActorContext Context => (IUntypedActorContext)ActorBase.Context;

    protected void Become(UntypedReceive receive) => Context.Become(receive);

    protected void BecomeStacked(UntypedReceive receive) => Context.BecomeStacked(receive);

    protected void RunTask(Action action) => Akka.Dispatch.ActorTaskScheduler.RunTask(action);

    protected void RunTask(Func<Task> action) => Akka.Dispatch.ActorTaskScheduler.RunTask(action);
}

/// <summary>An untyped actor with a stash.</summary>
public abstract class UntypedActorWithStash : UntypedActor, IWithStash
{
    public IStash Stash { get; set; } = null!;
}
