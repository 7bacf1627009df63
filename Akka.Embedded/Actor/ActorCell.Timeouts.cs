namespace Akka.Actor;

internal sealed partial class ActorCell
{
    private TimeSpan? _receiveTimeout;
    private ICancelable? _pendingTimeout;
    private bool _timeoutRestarts = true;

    public TimeSpan? ReceiveTimeout => _receiveTimeout;

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        _receiveTimeout = timeout;
        _timeoutRestarts = true;
        if (timeout is null) CancelReceiveTimeout();
    }

    private void CancelReceiveTimeoutFor(object message)
    {
        // Messages that don't influence the timeout leave the running one as it is.
        if (message is INotInfluenceReceiveTimeout)
        {
            _timeoutRestarts = false;
            return;
        }
        _timeoutRestarts = true;
        CancelReceiveTimeout();
    }

    private void CheckReceiveTimeout()
    {
        if (!_timeoutRestarts && _pendingTimeout is not null) return;
        CancelReceiveTimeout();
        if (_receiveTimeout is not { } timeout || IsTerminated) return;
        var cancel = new Cancelable(_system.Scheduler.Advanced);
        _pendingTimeout = cancel;
        _system.Scheduler.ScheduleTellOnce(timeout, _self, Akka.Actor.ReceiveTimeout.Instance, _self, cancel);
    }

    private void CancelReceiveTimeout()
    {
        _pendingTimeout?.Cancel();
        _pendingTimeout = null;
    }

    /// <summary>A timer's message, unless its timer was cancelled, replaced, or belongs to an earlier incarnation.</summary>
    private void TimerTick(TimerScheduler.Tick tick)
    {
        if (_actor is IWithTimers { Timers: TimerScheduler timers } && timers.Accept(tick, out var message))
        {
            CurrentMessage = message;
            _sender = tick.Sender ?? _self;
            if (message is IAutoReceivedMessage) AutoReceive(message);
            else Deliver(message);
        }
    }
}
