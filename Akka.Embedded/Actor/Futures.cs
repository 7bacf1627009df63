using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Asking: a message that carries a one-time reference to answer to.</summary>
public static class Futures
{
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) => self.Ask<object>(message, timeout);

    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) => self.Ask<object>(message, null, cancellationToken);

    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<object>(message, timeout, cancellationToken);

    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) => self.Ask<T>(message, timeout, CancellationToken.None);

    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) => self.Ask<T>(message, null, cancellationToken);

    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<T>(_ => message, timeout, cancellationToken);

    /// <summary>The answer to a message; fails with <see cref="AskTimeoutException"/>, the cause of a <see cref="Status.Failure"/>,
    /// or an <see cref="ArgumentException"/> where the answer is of another type.</summary>
    public static Task<T> Ask<T>(this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        if (SystemOf(self) is not { } system)
            throw new ArgumentException("Unable to resolve the target Provider", nameof(self));
        var wait = timeout ?? system.Settings.AskTimeout;
        var promise = new PromiseActorRef<T>(system);
        promise.Arm(wait, cancellationToken);
        self.Tell(messageFactory(promise), promise);
        return promise.Answer;
    }

    private static ActorSystemImpl? SystemOf(ICanTell target) => target switch
    {
        ISystemBound bound => bound.System,
        ActorSelection selection => SystemOf(selection.Anchor),
        _ => ActorCell.CurrentCell?.SystemImpl,
    };
}

/// <summary>A reference that knows its system.</summary>
internal interface ISystemBound
{
    ActorSystemImpl System { get; }
}

/// <summary>The reference that takes one answer.</summary>
internal sealed class PromiseActorRef<T> : InternalActorRef, ISystemBound
{
    private readonly ActorSystemImpl _system;
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ActorPath _path;
    private HashSet<IInternalActorRef>? _watchers;
    private CancellationTokenSource? _timeout;
    private CancellationTokenRegistration _onTimeout;
    private CancellationTokenRegistration _onCancel;
    private int _stopped;

    public PromiseActorRef(ActorSystemImpl system)
    {
        _system = system;
        _path = system.Provider.NextTempPath();
        system.Provider.RegisterTemp(this);
    }

    public ActorSystemImpl System => _system;

    public override ActorPath Path => _path;

    public override IInternalActorRef Parent => _system.Provider.TempContainer;

    public override bool IsTerminated => _stopped != 0;

    public Task<T> Answer => _answer.Task;

    public void Arm(TimeSpan timeout, CancellationToken cancellation)
    {
        if (timeout != Timeout.InfiniteTimeSpan && timeout > TimeSpan.Zero)
        {
            _timeout = new CancellationTokenSource(timeout);
            _onTimeout = _timeout.Token.Register(() =>
            {
                _answer.TrySetException(new AskTimeoutException($"Timeout after {timeout} seconds"));
                Stop();
            });
        }
        if (cancellation.CanBeCanceled)
        {
            _onCancel = cancellation.Register(() =>
            {
                _answer.TrySetCanceled(cancellation);
                Stop();
            });
        }
    }

    protected override void TellInternal(object message, IActorRef sender)
    {
        var taken = message switch
        {
            Status.Failure f => _answer.TrySetException(f.Cause ?? new TaskCanceledException("Task cancelled by actor via Failure message.")),
            T answer => _answer.TrySetResult(answer),
            _ => _answer.TrySetException(new ArgumentException(
                $"Received message of type [{message.GetType()}] - Ask expected message of type [{typeof(T)}]")),
        };
        if (taken) Stop();
        else _system.DeadLetters.Tell(new Event.DeadLetter(message, sender.Or(_system.DeadLetters), this), sender);
    }

    public override void SendSystemMessage(ISystemMessage message)
    {
        switch (message)
        {
            case Watch w when w.Watchee.Equals(this):
                lock (_answer)
                {
                    if (_stopped == 0)
                    {
                        (_watchers ??= []).Add(w.Watcher);
                        return;
                    }
                }
                w.Watcher.SendSystemMessage(new DeathWatchNotification(this, ExistenceConfirmed: true, AddressTerminated: false));
                break;
            case Unwatch u:
                lock (_answer) _watchers?.Remove(u.Watcher);
                break;
            case DeathWatchNotification n:
                TellInternal(new Terminated(n.Actor, n.ExistenceConfirmed, n.AddressTerminated), n.Actor);
                break;
            case Terminate:
                Stop();
                break;
        }
    }

    public override void Stop()
    {
        HashSet<IInternalActorRef>? watchers;
        lock (_answer)
        {
            if (_stopped != 0) return;
            _stopped = 1;
            watchers = _watchers;
            _watchers = null;
        }
        _answer.TrySetException(new ActorKilledException("Stopped"));
        _system.Provider.UnregisterTemp(this);
        _onCancel.Unregister();
        _onTimeout.Unregister();
        _timeout?.Dispose();
        if (watchers is null) return;
        foreach (var watcher in watchers) watcher.SendSystemMessage(new DeathWatchNotification(this, ExistenceConfirmed: true, AddressTerminated: false));
    }
}
