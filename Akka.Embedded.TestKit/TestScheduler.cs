using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>A scheduler whose clock stands still until the test advances it.</summary>
public class TestScheduler : IScheduler, IAdvancedScheduler
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<Entry, (DateTimeOffset Due, long Order)> _entries = new();
    private DateTimeOffset _now = DateTimeOffset.UtcNow;
    private readonly DateTimeOffset _start;
    private long _order;

    private sealed record Entry(Action Run, TimeSpan? Interval, ICancelable? Cancelable);

    public TestScheduler(Config schedulerConfig, ILoggingAdapter log) => _start = _now;

    public DateTimeOffset Now => _now;
    protected DateTimeOffset TimeNow => _now;
    public TimeSpan MonotonicClock => _now - _start;
    public TimeSpan HighResMonotonicClock => MonotonicClock;
    public IAdvancedScheduler Advanced => this;

    /// <summary>Lets time pass; what falls due on the way runs, in order, on this thread.</summary>
    public void Advance(TimeSpan offset) => AdvanceTo(_now + offset);

    public void AdvanceTo(DateTimeOffset when)
    {
        if (when < _now) throw new InvalidOperationException($"You can't reverse time: {when} is before {_now}");
        while (Next(when) is { } entry)
            if (entry.Cancelable is not { IsCancellationRequested: true }) entry.Run();
    }

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender) =>
        Add(delay, null, () => receiver.Tell(message, sender), null);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) =>
        Add(delay, null, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender) =>
        Add(initialDelay, interval, () => receiver.Tell(message, sender), null);

    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) =>
        Add(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action) => Add(delay, null, action, null);
    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) => Add(delay, null, action, cancelable);
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) => Add(initialDelay, interval, action, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Add(initialDelay, interval, action, cancelable);

    private void Add(TimeSpan delay, TimeSpan? interval, Action run, ICancelable? cancelable)
    {
        lock (_gate) _entries.Enqueue(new Entry(run, interval, cancelable), (_now + delay, _order++));
    }

    /// <summary>Takes the next entry that is due by then and sets the clock to it; null, and the clock is at that time, if there is none.</summary>
    private Entry? Next(DateTimeOffset until)
    {
        lock (_gate)
        {
            if (!_entries.TryPeek(out var entry, out var at) || at.Due > until)
            {
                _now = until;
                return null;
            }
            _entries.Dequeue();
            _now = at.Due;
            if (entry.Interval is { } interval && entry.Cancelable is not { IsCancellationRequested: true })
                _entries.Enqueue(entry, (at.Due + interval, _order++));
            return entry;
        }
    }
}
