namespace Eos.Tests.Support;

/// <summary>Collects what an actor hears and lets a test wait for it.</summary>
public sealed class EventLog
{
    private readonly List<object> _events = [];
    private readonly List<(Func<object, bool> Wanted, TaskCompletionSource<object> Found)> _waiting = [];

    /// <summary>Everything so far, in order.</summary>
    public IReadOnlyList<object> Events
    {
        get
        {
            lock (_events) return [.. _events];
        }
    }

    public void Add(object happened)
    {
        lock (_events)
        {
            _events.Add(happened);
            foreach (var (_, found) in _waiting.Where(w => w.Wanted(happened))) found.TrySetResult(happened);
        }
    }

    /// <summary>The first event of the type that passes, be it already there or still to come.</summary>
    public async Task<T> Has<T>(Func<T, bool> passes, string phase, TimeSpan within)
    {
        var found = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool Wanted(object e) => e is T t && passes(t);
        lock (_events)
        {
            if (_events.Find(Wanted) is { } old) found.TrySetResult(old);
            else _waiting.Add((Wanted, found));
        }
        try
        {
            return (T)await found.Task.WaitAsync(within);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{phase}: no {typeof(T).Name} among [{string.Join(", ", Events)}]");
        }
    }
}
