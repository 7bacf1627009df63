namespace Akka.Actor;

/// <summary>Base of the engine's exceptions.</summary>
public abstract class AkkaException : Exception
{
    protected AkkaException()
    {
    }

    protected AkkaException(string message, Exception? cause = null) : base(message, cause)
    {
    }
}

/// <summary>An actor could not be made or started; by default it is stopped.</summary>
public class ActorInitializationException : AkkaException
{
    public ActorInitializationException(string message) : base(message)
    {
    }

    public ActorInitializationException(string message, Exception cause) : base(message, cause)
    {
    }

    public ActorInitializationException(IActorRef actor, string message, Exception? cause = null) : base(message, cause)
    {
        Actor = actor;
    }

    public IActorRef? Actor { get; set; }

    public override string ToString() => Actor is null ? base.ToString() : $"{Actor}: {base.ToString()}";
}

/// <summary>The actor got <see cref="Kill"/>.</summary>
public class ActorKilledException : AkkaException
{
    public ActorKilledException(string message) : base(message)
    {
    }
}

/// <summary>A watched actor stopped and the watcher did not handle <see cref="Terminated"/>.</summary>
public class DeathPactException : AkkaException
{
    public DeathPactException(IActorRef deadActor) : base($"Monitored actor [{deadActor}] terminated")
    {
        DeadActor = deadActor;
    }

    public IActorRef DeadActor { get; }
}

/// <summary>The name is taken or is none that an actor may have.</summary>
public sealed class InvalidActorNameException : AkkaException
{
    public InvalidActorNameException(string message) : base(message)
    {
    }

    public InvalidActorNameException(string message, Exception innerException) : base(message, innerException)
    {
    }
}

/// <summary>There is no such actor.</summary>
public sealed class ActorNotFoundException : AkkaException
{
    public ActorNotFoundException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}

/// <summary>An ask was not answered in time.</summary>
public class AskTimeoutException : AkkaException
{
    public AskTimeoutException(string message) : base(message)
    {
    }
}

/// <summary>null is no message.</summary>
public class InvalidMessageException : AkkaException
{
    public InvalidMessageException(string message) : base(message)
    {
    }
}

/// <summary>Something was asked of an actor in a state in which it can't be done.</summary>
public class IllegalActorStateException : AkkaException
{
    public IllegalActorStateException(string message) : base(message)
    {
    }
}

/// <summary>PreRestart failed.</summary>
public class PreRestartException : AkkaException
{
    private readonly Exception _restart;

    public PreRestartException(IActorRef actor, Exception restartException, Exception cause, object optionalMessage)
        : base($"Exception in PreRestart(exception = {cause.GetType()}, message = {optionalMessage?.GetType()})", restartException)
    {
        Actor = actor;
        _restart = restartException;
        OptionalMessage = optionalMessage!;
    }

    internal IActorRef Actor { get; }

    public Exception RestartException => _restart;

    public object OptionalMessage { get; }
}

/// <summary>The new instance could not be made or started.</summary>
public class PostRestartException : ActorInitializationException
{
    public PostRestartException(IActorRef actor, Exception cause, Exception originalCause)
        : base(actor, $"Exception post restart ({originalCause.GetType()})", cause)
    {
        OriginalCause = originalCause;
    }

    public Exception OriginalCause { get; }
}

/// <summary>The stash is full.</summary>
public class StashOverflowException : AkkaException
{
    public StashOverflowException(string message, Exception? cause = null) : base(message, cause)
    {
    }
}
