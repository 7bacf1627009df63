using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>Puts filters into the system's test listener for as long as a block runs, and counts what they catch.</summary>
internal sealed class EventFilterApplier(TestKitBase kit, ActorSystem system, IReadOnlyList<IEventFilter> filters) : IEventFilterApplier
{
    public EventFilterFactory And => new(kit, system, filters);

    public void ExpectOne(Action action, CancellationToken cancellationToken = default) => Expect(1, action, cancellationToken);
    public void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default) => Expect(1, timeout, action, cancellationToken);

    public T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken = default)
    {
        var result = default(T);
        Expect(1, () => { result = func(); }, cancellationToken);
        return result!;
    }

    public Task ExpectOneAsync(Action action, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, () => { action(); return Task.CompletedTask; }, cancellationToken);

    public Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default) => ExpectAsync(1, actionAsync, cancellationToken);

    public Task ExpectOneAsync(TimeSpan timeout, Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, timeout, actionAsync, cancellationToken);

    public void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default) =>
        Expect(expectedCount, kit.TestKitSettings.TestEventFilterLeeway, action, cancellationToken);

    public void Expect(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default)
    {
        using var counted = new Counted(system, filters);
        action();
        counted.Verify(expectedCount, kit.Dilated(timeout), cancellationToken).GetAwaiter().GetResult();
    }

    public Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        ExpectAsync(expectedCount, kit.TestKitSettings.TestEventFilterLeeway, actionAsync, cancellationToken);

    public async Task ExpectAsync(int expectedCount, TimeSpan timeout, Func<Task> actionAsync, CancellationToken cancellationToken = default)
    {
        using var counted = new Counted(system, filters);
        await actionAsync();
        await counted.Verify(expectedCount, kit.Dilated(timeout), cancellationToken).ConfigureAwait(false);
    }

    public void Mute(Action action, CancellationToken cancellationToken = default)
    {
        using var muted = new Counted(system, filters);
        action();
    }

    public async Task MuteAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default)
    {
        using var muted = new Counted(system, filters);
        await actionAsync();
    }

    public IUnmutableFilter Mute() => new Counted(system, filters);

    /// <summary>Filters at work in the listener.</summary>
    private sealed class Counted : IEventFilter, IUnmutableFilter
    {
        private readonly ActorSystem _system;
        private readonly IReadOnlyList<IEventFilter> _filters;
        private int _count;

        public Counted(ActorSystem system, IReadOnlyList<IEventFilter> filters)
        {
            _system = system;
            _filters = filters;
            system.EventStream.Publish(new TestEvent.Mute(this));
        }

        public bool Apply(LogEvent logEvent)
        {
            if (!_filters.Any(f => f.Apply(logEvent))) return false;
            Interlocked.Increment(ref _count);
            return true;
        }

        public void Unmute() => _system.EventStream.Publish(new TestEvent.Unmute(this));

        public void Dispose() => Unmute();

        /// <summary>Waits for the events; when none is expected, waits to see that none comes.</summary>
        public async Task Verify(int expected, TimeSpan timeout, CancellationToken cancellation)
        {
            var end = TestKitBase.Now + timeout;
            while ((Volatile.Read(ref _count) < expected || expected == 0 && _count == 0) && TestKitBase.Now < end)
                await Task.Delay(10, cancellation).ConfigureAwait(false);
            if (_count == expected) return;
            throw new Xunit.Sdk.XunitException($"Expected {expected} log events that fit the filter within {timeout}, but saw {_count}");
        }
    }
}
