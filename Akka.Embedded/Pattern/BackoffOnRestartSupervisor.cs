using Akka.Actor;

namespace Akka.Pattern;

/// <summary>Where its strategy says restart, stops the failed child and starts it again after a growing pause. Stops when the child stops by itself.</summary>
internal sealed class BackoffOnRestartSupervisor(
    Props childProps, string childName, TimeSpan min, TimeSpan max, IBackoffReset reset, double randomFactor,
    OneForOneStrategy strategy, object? replyWhileStopped, Func<object, bool>? finalStopMessage)
    : BackoffSupervisorBase(childProps, childName, min, max, reset, randomFactor, replyWhileStopped, finalStopMessage)
{
    private bool _failed;

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(cause =>
    {
        var directive = strategy.Decider.Decide(cause);
        if (directive != Directive.Restart) return directive;
        _failed = true;
        return Directive.Stop;
    });

    protected override bool Receive(object message)
    {
        if (message is not Terminated dead || !dead.ActorRef.Equals(Child)) return HandleBackoff(message);
        Child = null!;
        if (_failed) StartAgainLater(strategy.MaxNumberOfRetries);
        else Context.Stop(Self);
        _failed = false;
        return true;
    }
}
