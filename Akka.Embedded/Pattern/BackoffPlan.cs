using Akka.Actor;

namespace Akka.Pattern;

/// <summary>The options as they are kept.</summary>
internal sealed class BackoffPlan(bool onFailure, Props childProps, string childName, TimeSpan min, TimeSpan max, double randomFactor) : BackoffOptions
{
    private IBackoffReset? _reset;
    private OneForOneStrategy _strategy = new(SupervisorStrategy.DefaultDecider);
    private object? _reply;
    private Func<object, bool>? _isFinalStop;

    public override BackoffOptions WithAutoReset(TimeSpan resetBackoff) => With(p => p._reset = new AutoReset(resetBackoff));
    public override BackoffOptions WithManualReset() => With(p => p._reset = new ManualReset());
    public override BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy) => With(p => p._strategy = supervisorStrategy);
    public override BackoffOptions WithReplyWhileStopped(object replyWhileStopped) => With(p => p._reply = replyWhileStopped);
    public override BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage) => With(p => p._isFinalStop = isFinalStopMessage);

    public override BackoffOptions WithDefaultStoppingStrategy() =>
        With(p => p._strategy = new OneForOneStrategy(_strategy.MaxNumberOfRetries, _strategy.WithinTimeRangeMilliseconds, SupervisorStrategy.StoppingStrategy.Decider));

    public override BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries) =>
        With(p => p._strategy = new OneForOneStrategy(maxNrOfRetries, _strategy.WithinTimeRangeMilliseconds, _strategy.Decider));

    internal override Props Props
    {
        get
        {
            BackoffSupervisor.Check(min, max, randomFactor);
            var reset = _reset ?? new AutoReset(min);
            return onFailure
                ? Props.Create(() => new BackoffOnRestartSupervisor(childProps, childName, min, max, reset, randomFactor, _strategy, _reply, _isFinalStop))
                : Props.Create(() => new BackoffSupervisor(childProps, childName, min, max, reset, randomFactor, _strategy, _reply, _isFinalStop));
        }
    }

    private BackoffPlan With(Action<BackoffPlan> change)
    {
        var copy = (BackoffPlan)MemberwiseClone();
        change(copy);
        return copy;
    }
}
