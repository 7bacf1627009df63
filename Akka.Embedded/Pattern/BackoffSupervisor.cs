using Akka.Actor;

namespace Akka.Pattern;

/// <summary>Starts its child again, after a growing pause, whenever the child stops.</summary>
public sealed class BackoffSupervisor : BackoffSupervisorBase
{
    private readonly SupervisorStrategy _strategy;

    public BackoffSupervisor(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor)
        : this(childProps, childName, minBackoff, maxBackoff, new AutoReset(minBackoff), randomFactor, Actor.SupervisorStrategy.DefaultStrategy) { }

    public BackoffSupervisor(
        Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, IBackoffReset reset, double randomFactor,
        SupervisorStrategy strategy, object? replyWhileStopped = null, Func<object, bool>? finalStopMessage = null)
        : base(childProps, childName, minBackoff, maxBackoff, reset, randomFactor, replyWhileStopped, finalStopMessage) => _strategy = strategy;

    public static Props Props(BackoffOptions options) => options.Props;

    public static Props Props(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor) =>
        Backoff.OnStop(childProps, childName, minBackoff, maxBackoff, randomFactor).Props;

    public static Props Props(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries) =>
        Backoff.OnStop(childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries).Props;

    protected override SupervisorStrategy SupervisorStrategy() => _strategy;

    protected override bool Receive(object message)
    {
        if (message is not Terminated dead || !dead.ActorRef.Equals(Child)) return HandleBackoff(message);
        Child = null!;
        StartAgainLater(_strategy is OneForOneStrategy one ? one.MaxNumberOfRetries : -1);
        return true;
    }

    internal static void Check(TimeSpan min, TimeSpan max, double randomFactor)
    {
        if (min <= TimeSpan.Zero) throw new ArgumentException("MinBackoff must be greater than 0", nameof(min));
        if (max < min) throw new ArgumentException("MaxBackoff must be greater than MinBackoff", nameof(max));
        if (randomFactor is < 0 or > 1) throw new ArgumentException("RandomFactor must be between 0.0 and 1.0", nameof(randomFactor));
    }

    /// <summary>Asks for the child; answered with <see cref="CurrentChild"/>.</summary>
    public sealed class GetCurrentChild
    {
        public static readonly GetCurrentChild Instance = new();
        private GetCurrentChild() { }
    }

    /// <summary>The child, or null while it waits to be started.</summary>
    public sealed class CurrentChild(IActorRef @ref)
    {
        public IActorRef Ref { get; } = @ref;
    }

    /// <summary>Sets the count of restarts to zero, where that is done by hand.</summary>
    public sealed new class Reset
    {
        public static readonly Reset Instance = new();
        private Reset() { }
    }

    /// <summary>Asks how often the child was restarted; answered with <see cref="RestartCount"/>.</summary>
    public sealed class GetRestartCount
    {
        public static readonly GetRestartCount Instance = new();
        private GetRestartCount() { }
    }

    /// <summary>How often the child was restarted since the last reset.</summary>
    public sealed class RestartCount(int count)
    {
        public int Count { get; } = count;
    }

    /// <summary>The pause is over.</summary>
    public sealed class StartChild
    {
        public static readonly StartChild Instance = new();
        private StartChild() { }
    }

    /// <summary>The child has run long enough since that restart.</summary>
    public sealed class ResetRestartCount(int current)
    {
        public int Current { get; } = current;
    }
}
