using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>Makes filters of log events: by level, text, source, exception, or of dead letters.</summary>
public class EventFilterFactory
{
    private readonly TestKitBase _kit;
    private readonly ActorSystem _system;
    private readonly IReadOnlyList<IEventFilter> _others;

    public EventFilterFactory(TestKitBase testkit) : this(testkit, testkit.Sys) { }
    public EventFilterFactory(TestKitBase testkit, ActorSystem system) : this(testkit, system, []) { }

    internal EventFilterFactory(TestKitBase testkit, ActorSystem system, IReadOnlyList<IEventFilter> others)
    {
        _kit = testkit;
        _system = system;
        _others = others;
    }

    public IEventFilterApplier Custom(Predicate<LogEvent> predicate) => Apply(predicate);
    public IEventFilterApplier Custom<TLogEvent>(Predicate<TLogEvent> predicate) where TLogEvent : LogEvent => Apply(e => e is TLogEvent t && predicate(t));

    public IEventFilterApplier Debug(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLogLevel(LogLevel.DebugLevel, message, start, contains, source);

    public IEventFilterApplier Debug(Regex pattern, string? source = null) => ForLogLevel(LogLevel.DebugLevel, pattern, source);

    public IEventFilterApplier Info(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLogLevel(LogLevel.InfoLevel, message, start, contains, source);

    public IEventFilterApplier Info(Regex pattern, string? source = null) => ForLogLevel(LogLevel.InfoLevel, pattern, source);

    public IEventFilterApplier Warning(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLogLevel(LogLevel.WarningLevel, message, start, contains, source);

    public IEventFilterApplier Warning(Regex pattern, string? source = null) => ForLogLevel(LogLevel.WarningLevel, pattern, source);

    public IEventFilterApplier Error(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLogLevel(LogLevel.ErrorLevel, message, start, contains, source);

    public IEventFilterApplier Error(Regex pattern, string? source = null) => ForLogLevel(LogLevel.ErrorLevel, pattern, source);

    public IEventFilterApplier ForLogLevel(
        LogLevel logLevel, string? message = null, string? start = null, string? contains = null, string? source = null) =>
        Apply(e => e.LogLevel() == logLevel && From(e, source) && Says(e.Message?.ToString(), message, start, contains));

    public IEventFilterApplier ForLogLevel(LogLevel logLevel, Regex pattern, string? source = null) =>
        Apply(e => e.LogLevel() == logLevel && From(e, source) && pattern.IsMatch(e.Message?.ToString() ?? ""));

    /// <summary>Errors caused by an exception of a type or of one derived from it.</summary>
    public IEventFilterApplier Exception<TException>(string? message = null, string? start = null, string? contains = null, string? source = null)
        where TException : Exception => Exception(typeof(TException), message, start, contains, source);

    public IEventFilterApplier Exception<TException>(Regex pattern, string? source = null) where TException : Exception =>
        Exception(typeof(TException), pattern, source);

    public IEventFilterApplier Exception(
        Type exceptionType, string? message = null, string? start = null, string? contains = null, string? source = null, bool checkInnerExceptions = false) =>
        Apply(e => From(e, source) && Causes(e, checkInnerExceptions).Any(c => exceptionType.IsInstanceOfType(c)
            && (Says(e.Message?.ToString(), message, start, contains) || Says(c.Message, message, start, contains))));

    public IEventFilterApplier Exception(Type exceptionType, Regex pattern, string? source = null, bool checkInnerExceptions = false) =>
        Apply(e => From(e, source) && Causes(e, checkInnerExceptions).Any(c => exceptionType.IsInstanceOfType(c)
            && (pattern.IsMatch(e.Message?.ToString() ?? "") || pattern.IsMatch(c.Message))));

    /// <summary>Messages that reached nobody.</summary>
    public IEventFilterApplier DeadLetter() => Letter(_ => true, null);

    public IEventFilterApplier DeadLetter<TMessage>(string? source = null) => Letter(m => m is TMessage, source);

    public IEventFilterApplier DeadLetter<TMessage>(Func<TMessage, bool> isMatch, string? source = null) =>
        Letter(m => m is TMessage t && isMatch(t), source);

    public IEventFilterApplier DeadLetter(Type type, string? source = null) => Letter(type.IsInstanceOfType, source);

    public IEventFilterApplier DeadLetter(Type type, Func<object, bool> isMatch, string? source = null) =>
        Letter(m => type.IsInstanceOfType(m) && isMatch(m), source);

    private EventFilterApplier Letter(Predicate<object> fits, string? source) =>
        Apply(e => e.Message is DeadLetter letter && fits(letter.Message) && From(e, source));

    private EventFilterApplier Apply(Predicate<LogEvent> fits) => new(_kit, _system, [.. _others, new Filter(fits)]);

    private static bool From(LogEvent e, string? source) =>
        source is null || e.LogSource == source || e.LogSource.StartsWith(source + "#", StringComparison.Ordinal)
        || e.LogSource.EndsWith(source, StringComparison.Ordinal) && source.StartsWith('/');

    private static bool Says(string? text, string? whole, string? start, string? part) =>
        (whole is null || text == whole)
        && (start is null || text is not null && text.StartsWith(start, StringComparison.Ordinal))
        && (part is null || text is not null && text.Contains(part, StringComparison.Ordinal));

    private static IEnumerable<Exception> Causes(LogEvent e, bool inner)
    {
        for (var cause = e.Cause; cause is not null; cause = inner ? cause.InnerException : null) yield return cause;
    }

    private sealed class Filter(Predicate<LogEvent> fits) : IEventFilter
    {
        public bool Apply(LogEvent logEvent) => fits(logEvent);
    }
}
