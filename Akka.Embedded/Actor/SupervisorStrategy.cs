using Akka.Event;

namespace Akka.Actor;

/// <summary>What a supervisor does about a child's failure.</summary>
public enum Directive
{
    Resume = 0,
    Restart = 1,
    Escalate = 2,
    Stop = 3,
}

/// <summary>Maps failures to directives.</summary>
public interface IDecider
{
    Directive Decide(Exception cause);
}

/// <summary>A decider from a function.</summary>
public class LocalOnlyDecider : IDecider
{
    private readonly Func<Exception, Directive> _decider;

    public LocalOnlyDecider(Func<Exception, Directive> decider)
    {
        _decider = decider;
    }

    public Directive Decide(Exception cause) => _decider(cause);
}

/// <summary>A decider from a table of exception types; the most derived match counts.</summary>
public class DeployableDecider : IDecider
{
    public DeployableDecider(Directive defaultDirective, params KeyValuePair<Type, Directive>[] pairs)
    {
        DefaultDirective = defaultDirective;
        Pairs = pairs;
    }

    public DeployableDecider(Directive defaultDirective, IEnumerable<KeyValuePair<Type, Directive>> pairs) : this(defaultDirective, pairs.ToArray())
    {
    }

    public Directive DefaultDirective { get; private set; }

    public KeyValuePair<Type, Directive>[] Pairs { get; private set; }

    public Directive Decide(Exception cause)
    {
        for (var type = cause.GetType(); type is not null; type = type.BaseType)
            foreach (var pair in Pairs)
                if (pair.Key == type) return pair.Value;
        return DefaultDirective;
    }
}

/// <summary>Makes deciders.</summary>
public static class Decider
{
    public static LocalOnlyDecider From(Func<Exception, Directive> localOnlyDecider) => new(localOnlyDecider);

    public static DeployableDecider From(Directive defaultDirective, params KeyValuePair<Type, Directive>[] pairs) => new(defaultDirective, pairs);

    public static DeployableDecider From(Directive defaultDirective, IEnumerable<KeyValuePair<Type, Directive>> pairs) => new(defaultDirective, pairs);
}

/// <summary>How a parent treats its children's failures.</summary>
public abstract class SupervisorStrategy
{
    /// <summary>Stops what could not be started or was killed, restarts everything else.</summary>
    public static readonly IDecider DefaultDecider = Akka.Actor.Decider.From(Directive.Restart,
        new KeyValuePair<Type, Directive>(typeof(ActorInitializationException), Directive.Stop),
        new KeyValuePair<Type, Directive>(typeof(ActorKilledException), Directive.Stop),
        new KeyValuePair<Type, Directive>(typeof(DeathPactException), Directive.Stop));

    public static readonly SupervisorStrategy DefaultStrategy = new OneForOneStrategy(DefaultDecider);

    public static readonly OneForOneStrategy StoppingStrategy = new(static _ => Directive.Stop);

    protected SupervisorStrategy()
    {
    }

    public abstract IDecider Decider { get; }

    protected bool LoggingEnabled { get; set; } = true;

    protected abstract Directive Handle(IActorRef child, Exception exception);

    internal abstract void ProcessFailure(ActorCell context, bool restart, ChildStats failed, Exception cause, IReadOnlyCollection<ChildStats> all);

    /// <summary>Acts on a failure; false: the parent is to fail with it.</summary>
    internal bool HandleFailure(ActorCell context, LocalActorRef child, Exception cause, ChildStats stats, IReadOnlyCollection<ChildStats> all)
    {
        var directive = Handle(child, cause);
        if (directive != Directive.Escalate) LogFailure(context, child, cause, directive);
        switch (directive)
        {
            case Directive.Escalate:
                return false;
            case Directive.Resume:
                child.Resume(cause);
                return true;
            default:
                ProcessFailure(context, directive == Directive.Restart, stats, cause, all);
                return true;
        }
    }

    protected virtual void LogFailure(IActorContext context, IActorRef child, Exception cause, Directive directive)
    {
        if (!LoggingEnabled) return;
        var about = cause is ActorInitializationException { InnerException: { } inner } ? inner : cause;
        var source = child.Path.ToString();
        context.System.EventStream.Publish(directive == Directive.Resume
            ? new Warning(source, GetType(), about.Message)
            : new Error(cause, source, GetType(), about.Message));
    }

    internal static void Restart(ChildStats stats, Exception cause, bool suspendFirst)
    {
        if (suspendFirst) stats.Child.Suspend();
        stats.Child.Restart(cause);
    }
}

internal static class SupervisorStrategies
{
    /// <summary>The actor's own strategy, else its recipe's, else the default.</summary>
    public static SupervisorStrategy OwnStrategyOr(this ActorBase actor, Props props) =>
        props.SupervisorStrategy ?? actor.OwnStrategy ?? SupervisorStrategy.DefaultStrategy;
}

/// <summary>Treats only the child that failed.</summary>
public class OneForOneStrategy : SupervisorStrategy
{
    private readonly int _maxRetries;
    private readonly int _withinMs;

    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries ?? -1, Ms(withinTimeRange), Akka.Actor.Decider.From(localOnlyDecider))
    {
    }

    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : this(maxNrOfRetries ?? -1, Ms(withinTimeRange), decider)
    {
    }

    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(maxNrOfRetries, withinTimeMilliseconds, Akka.Actor.Decider.From(localOnlyDecider), loggingEnabled)
    {
    }

    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true)
    {
        _maxRetries = maxNrOfRetries;
        _withinMs = withinTimeMilliseconds;
        Decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider) : this(-1, -1, localOnlyDecider)
    {
    }

    public OneForOneStrategy(IDecider decider) : this(-1, -1, decider)
    {
    }

    protected OneForOneStrategy() : this(DefaultDecider)
    {
    }

    public override IDecider Decider { get; }

    public int MaxNumberOfRetries => _maxRetries;

    public int WithinTimeRangeMilliseconds => _withinMs;

    protected override Directive Handle(IActorRef child, Exception exception) => Decider.Decide(exception);

    internal override void ProcessFailure(ActorCell context, bool restart, ChildStats failed, Exception cause, IReadOnlyCollection<ChildStats> all)
    {
        if (restart && failed.RequestRestart(_maxRetries, _withinMs)) Restart(failed, cause, suspendFirst: false);
        else context.Stop(failed.Child);
    }

    internal static int Ms(TimeSpan? t) => t is { } span && span != Timeout.InfiniteTimeSpan ? (int)span.TotalMilliseconds : -1;
}

/// <summary>Treats all children when one fails.</summary>
public class AllForOneStrategy : SupervisorStrategy
{
    private readonly int _maxRetries;
    private readonly int _withinMs;

    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries ?? -1, OneForOneStrategy.Ms(withinTimeRange), Akka.Actor.Decider.From(localOnlyDecider))
    {
    }

    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : this(maxNrOfRetries ?? -1, OneForOneStrategy.Ms(withinTimeRange), decider)
    {
    }

    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(maxNrOfRetries, withinTimeMilliseconds, Akka.Actor.Decider.From(localOnlyDecider), loggingEnabled)
    {
    }

    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true)
    {
        _maxRetries = maxNrOfRetries;
        _withinMs = withinTimeMilliseconds;
        Decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    public AllForOneStrategy(Func<Exception, Directive> localOnlyDecider) : this(-1, -1, localOnlyDecider)
    {
    }

    public AllForOneStrategy(IDecider decider) : this(-1, -1, decider)
    {
    }

    public override IDecider Decider { get; }

    public int MaxNumberOfRetries => _maxRetries;

    public int WithinTimeRangeMilliseconds => _withinMs;

    protected override Directive Handle(IActorRef child, Exception exception) => Decider.Decide(exception);

    internal override void ProcessFailure(ActorCell context, bool restart, ChildStats failed, Exception cause, IReadOnlyCollection<ChildStats> all)
    {
        if (restart && all.Aggregate(true, (ok, c) => c.RequestRestart(_maxRetries, _withinMs) && ok))
        {
            foreach (var child in all) Restart(child, cause, suspendFirst: !ReferenceEquals(child, failed));
            return;
        }
        foreach (var child in all) context.Stop(child.Child);
    }
}

/// <summary>Makes the strategy that a HOCON key names.</summary>
public abstract class SupervisorStrategyConfigurator
{
    public abstract SupervisorStrategy Create();
}

/// <summary>The default strategy, by name.</summary>
public sealed class DefaultSupervisorStrategy : SupervisorStrategyConfigurator
{
    public override SupervisorStrategy Create() => SupervisorStrategy.DefaultStrategy;
}

/// <summary>The stopping strategy, by name.</summary>
public sealed class StoppingSupervisorStrategy : SupervisorStrategyConfigurator
{
    public override SupervisorStrategy Create() => SupervisorStrategy.StoppingStrategy;
}
