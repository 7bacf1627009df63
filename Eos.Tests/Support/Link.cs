namespace Eos.Tests.Support;

/// <summary>One direction between two nodes: how long bytes are under way, and whether they are let through. They are never lost or reordered, as with TCP: what a cut holds back comes after it.</summary>
internal sealed class Link
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _open = new();
    private TimeSpan _delay, _jitter;

    public Link() => _open.SetResult();

    public bool IsCut => !_open.Task.IsCompleted;

    /// <summary>Each piece is under way for the delay and up to that much longer.</summary>
    public void Slow(TimeSpan delay, TimeSpan jitter)
    {
        lock (_gate) (_delay, _jitter) = (delay, jitter);
    }

    public void Cut()
    {
        lock (_gate)
            if (!IsCut) _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Heal()
    {
        lock (_gate) _open.TrySetResult();
    }

    /// <summary>When what comes now arrives, if nothing holds it up.</summary>
    public TimeSpan NextDelay()
    {
        lock (_gate) return _delay + _jitter * Random.Shared.NextDouble();
    }

    /// <summary>Returns while the link is open.</summary>
    public async Task OpenAsync(CancellationToken end)
    {
        while (IsCut) await _open.Task.WaitAsync(end);
    }
}
