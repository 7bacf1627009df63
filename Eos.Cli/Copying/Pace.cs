namespace Eos.Cli.Copying;

/// <summary>A limit of bytes a second for all copies of a run together: whoever is ahead of it waits. Safe for concurrent use.</summary>
internal sealed class Pace(double bytesPerSecond, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly long _begun = clock.GetTimestamp();
    private double _due;

    /// <summary>What was moved counts at once; the wait comes after it.</summary>
    public async ValueTask SpendAsync(long bytes, CancellationToken cancel)
    {
        TimeSpan wait;
        lock (_gate)
        {
            var now = clock.GetElapsedTime(_begun).TotalSeconds;
            _due = Math.Max(_due, now) + bytes / bytesPerSecond;
            wait = TimeSpan.FromSeconds(_due - now);
        }
        if (wait > TimeSpan.Zero) await Task.Delay(wait, clock, cancel);
    }
}
