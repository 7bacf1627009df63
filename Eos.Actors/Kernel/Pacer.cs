namespace Eos.Kernel;

/// <summary>Holds what moves bytes, outside of actors' turns, to a rate: one transfer, or all that share it. Safe for concurrent use.</summary>
public sealed class Pacer
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly long _start;
    private TokenBucket? _bucket;

    /// <param name="rate">Bytes a second; 0: as fast as it goes.</param>
    /// <param name="burst">What may be ahead of the rate.</param>
    /// <param name="clock">The system's if there is no other.</param>
    public Pacer(ulong rate, TimeSpan burst, TimeProvider? clock = null)
    {
        _clock = clock ?? TimeProvider.System;
        _start = _clock.GetTimestamp();
        if (rate > 0) _bucket = TokenBucket.Full(rate, burst, TimeSpan.Zero);
    }

    /// <summary>Bytes have gone; returns when more may go.</summary>
    public ValueTask WentAsync(long bytes, CancellationToken cancel)
    {
        TimeSpan wait;
        lock (_gate)
        {
            if (_bucket is not { } bucket) return ValueTask.CompletedTask;
            (_bucket, wait) = bucket.Take(bytes, _clock.GetElapsedTime(_start));
        }
        return wait > TimeSpan.Zero ? new ValueTask(Task.Delay(wait, _clock, cancel)) : ValueTask.CompletedTask;
    }
}
