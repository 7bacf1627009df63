using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The engine's side of one actor: instance, behaviours, children, watches, failures. Everything here but
/// <see cref="ActorOf"/> and the look-up of children runs in the actor's own turn.</summary>
internal sealed partial class ActorCell : IUntypedActorContext
{
    [ThreadStatic] private static ActorCell? _current;

    private readonly ActorSystemImpl _system;
    private readonly LocalActorRef _self;
    private readonly IInternalActorRef _parent;
    private readonly Props _props;
    private readonly Mailbox _mailbox;
    private ActorBase? _actor;
    private Stack<Receive>? _behaviours;
    private Receive? _behaviour;
    private ActorTaskScheduler? _taskScheduler;
    private IActorRef? _sender;

    public ActorCell(ActorSystemImpl system, LocalActorRef self, Props props, MessageDispatcher dispatcher, IInternalActorRef parent)
    {
        _system = system;
        _self = self;
        _props = props;
        _parent = parent;
        _mailbox = new Mailbox(this, dispatcher);
    }

    /// <summary>The cell whose turn runs on this thread. A test kit sets its test actor's, to be the sender of what the test tells.</summary>
    public static ActorCell? CurrentCell
    {
        get => _current;
        set => _current = value;
    }

    public static IActorRef? CurrentSelf => _current?._self;

    public static IActorRef? CurrentSender => _current?._sender;

    public Mailbox Mailbox => _mailbox;

    public ActorTaskScheduler TaskScheduler => _taskScheduler ??= new ActorTaskScheduler(this);

    public object? CurrentMessage { get; private set; }

    public ActorBase? Actor => _actor;

    public ActorSystemImpl SystemImpl => _system;

    public bool IsTerminated => _mailbox.IsClosed;

    public LocalActorRef Self => _self;

    public IInternalActorRef Parent => _parent;

    IActorRef IActorContext.Self => _self;

    IActorRef IActorContext.Parent => _parent;

    public Props Props => _props;

    public IActorRef Sender => _sender ?? _system.DeadLetters;

    public ActorSystem System => _system;

    public MessageDispatcher Dispatcher => _mailbox.Dispatcher;

    /// <summary>Handles one user message.</summary>
    public void Invoke(object message, IActorRef? sender)
    {
        var outer = _current;
        _current = this;
        CurrentMessage = message;
        _sender = sender;
        try
        {
            if (_receiveTimeout.HasValue) CancelReceiveTimeoutFor(message);
            if (message is IAutoReceivedMessage) AutoReceive(message);
            else if (message is TimerScheduler.Tick tick) TimerTick(tick);
            else Deliver(message);
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }
        finally
        {
            if (_receiveTimeout.HasValue) CheckReceiveTimeout();
            // Kept for the rest of an asynchronous handler, and, after a failure, for PreRestart.
            if (_taskScheduler?.CurrentMessage is null && !_failed) ForgetMessage();
            _current = outer;
        }
    }

    private void Deliver(object message)
    {
        var actor = _actor ?? throw new IllegalActorStateException("no actor instance");
        actor.Handle(_behaviour!, message);
    }

    private void AutoReceive(object message)
    {
        switch (message)
        {
            case Terminated t:
                ReceivedTerminated(t);
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            case PoisonPill:
                _self.Stop();
                break;
            case ActorSelectionMessage selection:
                Akka.Actor.ActorSelection.Deliver(this, selection);
                break;
            case Identify identify:
                Sender.Tell(new ActorIdentity(identify.MessageId, _self), _self);
                break;
            default:
                Deliver(message);
                break;
        }
    }

    public void Unhandled(object message)
    {
        if (message is Terminated t) throw new DeathPactException(t.ActorRef);
        _system.EventStream.Publish(new UnhandledMessage(message, Sender, _self));
    }

    /// <summary>Handles one system message.</summary>
    public void SystemInvoke(ISystemMessage message)
    {
        var outer = _current;
        _current = this;
        try
        {
            switch (message)
            {
                case TaskStep step:
                    RunStep(step);
                    break;
                case Create:
                    CreateInstance();
                    break;
                case Recreate m:
                    FaultRecreate(m.Cause);
                    break;
                case Suspend:
                    FaultSuspend();
                    break;
                case Resume m:
                    FaultResume(m.CausedByFailure);
                    break;
                case Terminate:
                    BeginTerminate();
                    break;
                case Failed m:
                    HandleFailed(m);
                    break;
                case Watch m:
                    AddWatcher(m.Watchee, m.Watcher);
                    break;
                case Unwatch m:
                    RemoveWatcher(m.Watchee, m.Watcher);
                    break;
                case DeathWatchNotification m:
                    WatchedActorTerminated(m.Actor, m.ExistenceConfirmed, m.AddressTerminated);
                    break;
                case AddressTerminated m:
                    AddressHasTerminated(m.Address);
                    break;
            }
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }
        finally
        {
            _current = outer;
        }
    }

    private void RunStep(TaskStep step)
    {
        if (step.Failure is { } failure) HandleInvokeFailure(failure);
        else step.Scheduler.Run(step.Task!);
    }

    /// <summary>The awaited handler has ended: what it kept alive is let go.</summary>
    public void AsyncHandlerEnded()
    {
        ForgetMessage();
        if (_receiveTimeout.HasValue) CheckReceiveTimeout();
    }

    private void ForgetMessage()
    {
        CurrentMessage = null;
        _sender = null;
    }

    /// <summary>What arrives after the end: watchers learn of it, the rest is dropped.</summary>
    public void SystemMessageAfterDeath(ISystemMessage message)
    {
        if (message is Watch watch && ReferenceEquals(watch.Watchee, _self))
            watch.Watcher.SendSystemMessage(new DeathWatchNotification(_self, ExistenceConfirmed: true, AddressTerminated: false));
    }

    public void MessageAfterDeath(object message, IActorRef? sender) =>
        _system.DeadLetters.Tell(new DeadLetter(message, sender.Or(_system.DeadLetters), _self), sender.Or(_system.DeadLetters));

    private void CreateInstance()
    {
        try
        {
            _actor = NewActor();
            _actor.AroundPreStart();
            if (_receiveTimeout.HasValue) CheckReceiveTimeout();
        }
        catch (Exception e)
        {
            ClearActor();
            throw e is ActorInitializationException ? e : new ActorInitializationException(_self, "Exception during creation", e);
        }
    }

    private ActorBase NewActor()
    {
        _behaviours = null;
        _behaviour = null;
        var instance = _props.NewActor() ?? throw new ActorInitializationException(_self, "Actor instance passed to actorOf can't be 'null'");
        instance.Constructed();
        if (instance is IActorStash stashing) stashing.Stash = new Stash(this, instance, _props.Deploy.StashCapacity);
        if (instance is IWithTimers withTimers) withTimers.Timers = new TimerScheduler(this);
        return instance;
    }

    public void Become(Receive receive)
    {
        if (_behaviours is { Count: > 0 })
        {
            _behaviours.Pop();
            _behaviours.Push(receive);
        }
        _behaviour = receive;
    }

    public void BecomeStacked(Receive receive)
    {
        _behaviours ??= new Stack<Receive>();
        if (_behaviours.Count == 0 && _behaviour is not null) _behaviours.Push(_behaviour);
        _behaviours.Push(receive);
        _behaviour = receive;
    }

    public void UnbecomeStacked()
    {
        if (_behaviours is { Count: > 1 })
        {
            _behaviours.Pop();
            _behaviour = _behaviours.Peek();
        }
    }

    void IUntypedActorContext.Become(UntypedReceive receive) => Become(Typed(receive));

    void IUntypedActorContext.BecomeStacked(UntypedReceive receive) => BecomeStacked(Typed(receive));

    private static Receive Typed(UntypedReceive receive) => message =>
    {
        receive(message);
        return true;
    };

    public ActorSelection ActorSelection(ActorPath actorPath) => new(_system.Provider.ResolveActorRef(actorPath.Root), actorPath.Elements);

    public ActorSelection ActorSelection(string actorPath) => Akka.Actor.ActorSelection.From(actorPath, _system, _self);

    private void ClearActor()
    {
        if (_actor is { } actor)
        {
            (actor as IWithTimers)?.Timers?.CancelAll();
            Dispose(actor);
            actor.Clear(_self);
            _props.Release(actor);
        }
        _actor = null;
        ForgetMessage();
    }

    private void Dispose(ActorBase actor)
    {
        try
        {
            (actor as IDisposable)?.Dispose();
        }
        catch (Exception e)
        {
            Publish(new Error(e, _self.Path.ToString(), actor.GetType(), $"disposing the actor failed: {e.Message}"));
        }
    }

}
