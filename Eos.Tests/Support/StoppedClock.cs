using Eos.Kernel;

namespace Eos.Tests.Support;

/// <summary>Time that goes on only when a test says so.</summary>
internal sealed class StoppedClock : IClock
{
    private long _now = 1_000_000_000;

    public Instant Now => new(Interlocked.Read(ref _now));

    public void Advance(TimeSpan time) => Interlocked.Add(ref _now, time.Ticks * 100);
}
