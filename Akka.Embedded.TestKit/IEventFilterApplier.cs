using Akka.Event;

namespace Akka.TestKit;

/// <summary>Knows some log events from others.</summary>
public interface IEventFilter
{
    bool Apply(LogEvent logEvent);
}

/// <summary>Undoes a mute when disposed.</summary>
public interface IUnmutableFilter : IDisposable
{
    void Unmute();
}

/// <summary>What a test may do with a filter: say how often something is logged, or keep it from being printed.</summary>
public interface IEventFilterApplier
{
    void ExpectOne(Action action, CancellationToken cancellationToken = default);
    void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default);
    T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken = default);
    Task ExpectOneAsync(Action action, CancellationToken cancellationToken = default);
    Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default);
    Task ExpectOneAsync(TimeSpan timeout, Func<Task> actionAsync, CancellationToken cancellationToken = default);
    void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default);
    void Expect(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default);
    Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default);
    Task ExpectAsync(int expectedCount, TimeSpan timeout, Func<Task> actionAsync, CancellationToken cancellationToken = default);
    void Mute(Action action, CancellationToken cancellationToken = default);
    Task MuteAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default);

    /// <summary>Keeps matching events from being printed until disposed.</summary>
    IUnmutableFilter Mute();

    /// <summary>A further filter: an event may match either.</summary>
    EventFilterFactory And { get; }
}
