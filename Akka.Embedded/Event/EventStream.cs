using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Util;

namespace Akka.Event;

/// <summary>Delivers events to who subscribed to their class.</summary>
public abstract class EventBus<TEvent, TClassifier, TSubscriber>
{
    internal EventBus()
    {
    }

    public virtual void Publish(TEvent @event) => Deliver(@event);

    internal virtual void Deliver(TEvent @event)
    {
    }
}

/// <summary>Where logging goes: loggers and their level.</summary>
public class LoggingBus : EventBus<object, Type, IActorRef>
{
    internal LoggingBus()
    {
    }

    /// <summary>What is quieter than this is not published; above error (off) nothing is.</summary>
    public LogLevel LogLevel { get; private protected set; } = LogLevel.InfoLevel;

    public virtual void SetLogLevel(LogLevel logLevel) => LogLevel = logLevel;
}

/// <summary>Delivers events to the actors that subscribed to their class or to one of its bases or interfaces.</summary>
public class EventStream : LoggingBus
{
    private readonly ActorSystemImpl _system;
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<Type, IActorRef[]> _cache = new();
    private readonly HashSet<(IActorRef Subscriber, Type Channel)> _subscriptions = [];
    private IActorRef? _unsubscriber;
    private volatile bool _loggersRun;
    private readonly LogLevel _consoleLevel;

    internal EventStream(ActorSystemImpl system)
    {
        _system = system;
        LogLevel = Logging.LogLevelFor(system.Settings.LogLevel);
        _consoleLevel = Logging.LogLevelFor(system.Settings.StdoutLogLevel);
    }

    /// <summary>False when that subscription was there already.</summary>
    public virtual bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        lock (_lock)
        {
            if (!_subscriptions.Add((subscriber, channel))) return false;
            _cache.Clear();
        }
        _unsubscriber?.Tell(new Unsubscriber.Register(subscriber), ActorRefs.NoSender);
        return true;
    }

    public virtual bool Unsubscribe(IActorRef subscriber, Type channel)
    {
        lock (_lock)
        {
            if (!_subscriptions.Remove((subscriber, channel))) return false;
            _cache.Clear();
            return true;
        }
    }

    public virtual bool Unsubscribe(IActorRef subscriber)
    {
        lock (_lock)
        {
            if (_subscriptions.RemoveWhere(s => s.Subscriber.Equals(subscriber)) == 0) return false;
            _cache.Clear();
            return true;
        }
    }

    internal override void Deliver(object @event)
    {
        if (@event is LogEvent log)
        {
            if (log.LogLevel() < LogLevel) return;
            if (!_loggersRun && log.LogLevel() >= _consoleLevel) WriteToConsole(log);
        }
        var type = @event.GetType();
        if (!_cache.TryGetValue(type, out var subscribers)) subscribers = Remember(type);
        foreach (var subscriber in subscribers) subscriber.Tell(@event, ActorRefs.NoSender);
    }

    private IActorRef[] Remember(Type type)
    {
        lock (_lock)
        {
            var subscribers = _subscriptions.Where(s => s.Channel.IsAssignableFrom(type)).Select(s => s.Subscriber).Distinct().ToArray();
            _cache[type] = subscribers;
            return subscribers;
        }
    }

    internal static void WriteToConsole(LogEvent e) => Console.WriteLine(e);

    /// <summary>Starts the actors behind the stream: unsubscriber, loggers, the listener for dead letters.</summary>
    internal void StartLoggers(ActorSystemImpl system)
    {
        _unsubscriber = system.SystemActorOf(Props.Create(() => new Unsubscriber(this)), "eventStreamUnsubscriber");
        lock (_lock)
            foreach (var (subscriber, _) in _subscriptions) _unsubscriber.Tell(new Unsubscriber.Register(subscriber), ActorRefs.NoSender);
        var number = 0;
        foreach (var name in system.Settings.Loggers)
        {
            var type = TypeNames.Require(name, "akka.loggers");
            var logger = system.SystemActorOf(Props.Create(type), $"log{++number}-{type.Name}");
            Initialize(logger, name, system.Settings.Config.GetTimeSpan("akka.logger-startup-timeout"));
            foreach (var level in Enum.GetValues<LogLevel>()) Subscribe(logger, Logging.ClassFor(level));
            _loggersRun = true;
        }
        system.SystemActorOf(Props.Create<DeadLetterListener>(), "deadLetterListener");
        if (system.Settings.Config.GetBoolean("akka.actor.debug.unhandled"))
            system.SystemActorOf(Props.Create<UnhandledMessageForwarder>(), "UnhandledMessageForwarder");
    }

    /// <summary>Waits until the logger has subscribed to what it wants: what is logged next reaches it.</summary>
    private void Initialize(IActorRef logger, string name, TimeSpan timeout)
    {
        try
        {
            logger.Ask<LoggerInitialized>(new InitializeLogger(this), timeout).GetAwaiter().GetResult();
        }
        catch (AskTimeoutException)
        {
            WriteToConsole(new Warning(name, GetType(), $"Logger [{name}] did not respond within {timeout} to InitializeLogger"));
        }
    }
}

/// <summary>Forgets the subscriptions of actors that have stopped.</summary>
internal sealed class Unsubscriber(EventStream stream) : UntypedActor
{
    internal sealed record Register(IActorRef Subscriber) : INoSerializationVerificationNeeded;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Register register:
                Context.Watch(register.Subscriber);
                break;
            case Terminated t:
                stream.Unsubscribe(t.ActorRef);
                break;
        }
    }
}

/// <summary>Logs what actors did not handle.</summary>
internal sealed class UnhandledMessageForwarder : UntypedActor
{
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(UnhandledMessage));

    protected override void OnReceive(object message)
    {
        if (message is UnhandledMessage u)
            Context.System.EventStream.Publish(new Debug(u.Recipient.Path.ToString(), u.Recipient.GetType(), $"Unhandled message from {u.Sender} : {u.Message}"));
    }
}
