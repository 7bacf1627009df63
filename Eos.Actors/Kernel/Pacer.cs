using System.Diagnostics;

namespace Eos.Kernel;

/// <summary>Holds what moves bytes, outside of actors' turns, to a rate. Not thread-safe.</summary>
public sealed class Pacer
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private TokenBucket? _bucket;

    /// <param name="rate">Bytes a second; 0: as fast as it goes.</param>
    /// <param name="burst">What may be ahead of the rate.</param>
    public Pacer(ulong rate, TimeSpan burst)
    {
        if (rate > 0) _bucket = TokenBucket.Full(rate, burst, TimeSpan.Zero);
    }

    /// <summary>Bytes have gone; returns when more may go.</summary>
    public ValueTask WentAsync(long bytes, CancellationToken cancel)
    {
        if (_bucket is not { } bucket) return ValueTask.CompletedTask;
        (_bucket, var wait) = bucket.Take(bytes, Stopwatch.GetElapsedTime(_start));
        return wait > TimeSpan.Zero ? new ValueTask(Task.Delay(wait, cancel)) : ValueTask.CompletedTask;
    }
}
