namespace Akka.Actor;

/// <summary>Sends a task's outcome to an actor: the result, or <see cref="Status.Failure"/>.</summary>
public static class PipeToSupport
{
    public static Task PipeTo<T>(this Task<T> taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<T, object>? success = null, Func<Exception, object>? failure = null) =>
        taskToPipe.PipeTo(recipient, false, sender, success, failure);

    public static async Task PipeTo<T>(this Task<T> taskToPipe, ICanTell recipient, bool useConfigureAwait, IActorRef? sender = null, Func<T, object>? success = null, Func<Exception, object>? failure = null)
    {
        sender ??= ActorRefs.NoSender;
        try
        {
            var result = await taskToPipe.ConfigureAwait(useConfigureAwait);
            recipient.Tell(success is not null ? success(result) : result!, sender);
        }
        catch (Exception e)
        {
            recipient.Tell(failure is not null ? failure(e) : new Status.Failure(e), sender);
        }
    }

    public static Task PipeTo(this Task taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<object>? success = null, Func<Exception, object>? failure = null) =>
        taskToPipe.PipeTo(recipient, false, sender, success, failure);

    /// <summary>Without a result, nothing is sent on success unless <paramref name="success"/> makes something.</summary>
    public static async Task PipeTo(this Task taskToPipe, ICanTell recipient, bool useConfigureAwait, IActorRef? sender = null, Func<object>? success = null, Func<Exception, object>? failure = null)
    {
        sender ??= ActorRefs.NoSender;
        try
        {
            await taskToPipe.ConfigureAwait(useConfigureAwait);
            if (success is not null) recipient.Tell(success(), sender);
        }
        catch (Exception e)
        {
            recipient.Tell(failure is not null ? failure(e) : new Status.Failure(e), sender);
        }
    }
}

/// <summary>Stopping and waiting for it.</summary>
public static class GracefulStopSupport
{
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) => target.GracefulStop(timeout, PoisonPill.Instance);

    /// <summary>True once the actor has stopped; a cancelled task when it has not in time.</summary>
    public static async Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        var internalTarget = (IInternalActorRef)target;
        if (internalTarget.IsTerminated) return true;
        if ((target as ISystemBound)?.System is not { } system) return false;
        var promise = new PromiseActorRef<object>(system);
        promise.Arm(timeout, CancellationToken.None);
        internalTarget.SendSystemMessage(new Akka.Dispatch.SysMsg.Watch(internalTarget, promise));
        target.Tell(stopMessage, ActorRefs.NoSender);
        try
        {
            var answer = await promise.Answer.ConfigureAwait(false);
            return answer is Terminated;
        }
        catch (AskTimeoutException e)
        {
            internalTarget.SendSystemMessage(new Akka.Dispatch.SysMsg.Unwatch(internalTarget, promise));
            throw new TaskCanceledException($"{target} did not stop within {timeout}", e);
        }
    }
}
