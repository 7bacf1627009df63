using Akka.Actor;

namespace Akka.Dispatch.SysMsg;

/// <summary>A message about an actor's life; handled before user messages, also while the mailbox is suspended.</summary>
internal interface ISystemMessage
{
}

/// <summary>First message of an actor: make the instance and start it.</summary>
internal sealed record Create : ISystemMessage
{
    public static readonly Create Instance = new();
}

/// <summary>Make a new instance because of that failure.</summary>
internal sealed record Recreate(Exception Cause) : ISystemMessage;

/// <summary>Stop handling user messages until resumed.</summary>
internal sealed record Suspend : ISystemMessage
{
    public static readonly Suspend Instance = new();
}

/// <summary>Go on; a cause means that this actor's own failure is forgiven.</summary>
internal sealed record Resume(Exception? CausedByFailure) : ISystemMessage;

/// <summary>Stop for good.</summary>
internal sealed record Terminate : ISystemMessage
{
    public static readonly Terminate Instance = new();
}

/// <summary>A child tells its parent that it failed.</summary>
internal sealed record Failed(IActorRef Child, Exception Cause, long Uid) : ISystemMessage;

/// <summary>The watcher wants to know when the watchee stops.</summary>
internal sealed record Watch(IInternalActorRef Watchee, IInternalActorRef Watcher) : ISystemMessage;

/// <summary>The watcher does not want to know any more.</summary>
internal sealed record Unwatch(IInternalActorRef Watchee, IInternalActorRef Watcher) : ISystemMessage;

/// <summary>That actor has stopped, or can't be reached any more.</summary>
internal sealed record DeathWatchNotification(IActorRef Actor, bool ExistenceConfirmed, bool AddressTerminated) : ISystemMessage;

/// <summary>Everything at that address is gone.</summary>
internal sealed record AddressTerminated(Address Address) : ISystemMessage;

/// <summary>A continuation of an actor's asynchronous handler, or the failure that it ended with.</summary>
internal sealed record TaskStep(ActorTaskScheduler Scheduler, Task? Task, Exception? Failure) : ISystemMessage;
