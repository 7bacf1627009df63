namespace Akka.Actor;

/// <summary>Has timers that end with the incarnation.</summary>
public interface IWithTimers
{
    ITimerScheduler Timers { get; set; }
}

/// <summary>The timers of one incarnation, by key: a new timer replaces the one with its key, and a cancelled timer's message is
/// never seen, even when it is in the mailbox already.</summary>
public interface ITimerScheduler
{
    void StartPeriodicTimer(object key, object msg, TimeSpan interval);

    void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender);

    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);

    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender);

    void StartSingleTimer(object key, object msg, TimeSpan timeout);

    void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender);

    bool IsTimerActive(object key);

    void Cancel(object key);

    void CancelAll();

    IReadOnlyCollection<object> ActiveTimers { get; }
}

/// <summary>Timers over the system's scheduler; a tick carries its timer's generation.</summary>
internal sealed class TimerScheduler(ActorCell cell) : ITimerScheduler
{
    private sealed record Timer(object Message, bool Repeats, int Generation, ICancelable Task);

    /// <summary>A timer's turn has come.</summary>
    internal sealed record Tick(object Key, int Generation, TimerScheduler Owner, IActorRef? Sender) : INoSerializationVerificationNeeded;

    private readonly Dictionary<object, Timer> _timers = [];
    private int _generation;

    public IReadOnlyCollection<object> ActiveTimers => _timers.Keys;

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) => Start(key, msg, interval, interval, null);

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender) => Start(key, msg, interval, interval, sender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) => Start(key, msg, initialDelay, interval, null);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender) =>
        Start(key, msg, initialDelay, interval, sender);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout) => Start(key, msg, timeout, null, null);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender) => Start(key, msg, timeout, null, sender);

    public bool IsTimerActive(object key) => _timers.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_timers.Remove(key, out var timer)) timer.Task.Cancel();
    }

    public void CancelAll()
    {
        foreach (var timer in _timers.Values) timer.Task.Cancel();
        _timers.Clear();
    }

    /// <summary>The message of a tick that still counts.</summary>
    public bool Accept(Tick tick, out object message)
    {
        message = null!;
        if (!ReferenceEquals(tick.Owner, this) || !_timers.TryGetValue(tick.Key, out var timer) || timer.Generation != tick.Generation) return false;
        if (!timer.Repeats) _timers.Remove(tick.Key);
        message = timer.Message;
        return true;
    }

    private void Start(object key, object message, TimeSpan delay, TimeSpan? interval, IActorRef? sender)
    {
        Cancel(key);
        var generation = ++_generation;
        var tick = new Tick(key, generation, this, sender);
        var cancel = new Cancelable(cell.SystemImpl.Scheduler.Advanced);
        if (interval is { } every) cell.SystemImpl.Scheduler.ScheduleTellRepeatedly(delay, every, cell.Self, tick, cell.Self, cancel);
        else cell.SystemImpl.Scheduler.ScheduleTellOnce(delay, cell.Self, tick, cell.Self, cancel);
        _timers[key] = new Timer(message, interval.HasValue, generation, cancel);
    }
}
