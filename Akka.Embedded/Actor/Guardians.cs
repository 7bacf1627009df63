using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The parent of what users or the engine make at the top; makes nothing and handles nothing itself.</summary>
internal sealed class Guardian : UntypedActor
{
    protected override void OnReceive(object message)
    {
        if (message is StopChild stop) Context.Stop(stop.Child);
        else Unhandled(message);
    }

    protected override void PreRestart(Exception reason, object message)
    {
        // Its children are others' business: they live on.
    }

    internal sealed record StopChild(IActorRef Child) : INoSerializationVerificationNeeded;
}

/// <summary>The root: ends the system's part when the users' part has ended, then itself.</summary>
internal sealed class RootGuardian : UntypedActor
{
    internal sealed record Begin(IActorRef User, IActorRef System) : INoSerializationVerificationNeeded;

    private IActorRef? _user;
    private IActorRef? _system;

    protected override SupervisorStrategy SupervisorStrategy() => Akka.Actor.SupervisorStrategy.StoppingStrategy;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Begin begin:
                _user = Context.Watch(begin.User);
                _system = Context.Watch(begin.System);
                break;
            case Terminated t when t.ActorRef.Equals(_user):
                Context.Stop(_system!);
                break;
            case Terminated t when t.ActorRef.Equals(_system):
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }
}

/// <summary>The root's parent, which learns of the end.</summary>
internal sealed class TopRef(ActorPath path, ActorSystemImpl system) : InternalActorRef
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Ended => _ended.Task;

    public override ActorPath Path => path;

    protected override void TellInternal(object message, IActorRef sender)
    {
    }

    public override void SendSystemMessage(ISystemMessage message)
    {
        switch (message)
        {
            case DeathWatchNotification:
                _ended.TrySetResult();
                break;
            case Failed failed:
                system.Log.Error(failed.Cause, "guardian failed, shutting down system");
                ((IInternalActorRef)failed.Child).Stop();
                break;
        }
    }
}
