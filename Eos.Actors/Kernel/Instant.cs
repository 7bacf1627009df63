namespace Eos.Kernel;

/// <summary>A moment: nanoseconds since 1970-01-01 UTC. The range ends in the year 2262.</summary>
public readonly record struct Instant(long Nanoseconds) : IComparable<Instant>
{
    public static readonly Instant Epoch = new(0);

    public static Instant From(DateTimeOffset time) => new((time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100);

    /// <summary>Whole seconds, rounded down.</summary>
    public long Seconds => Math.DivRem(Nanoseconds, 1_000_000_000, out var rest) - (rest < 0 ? 1 : 0);

    /// <summary>What remains above <see cref="Seconds"/>: 0 to 999 999 999.</summary>
    public int NanosecondOfSecond => (int)(Nanoseconds - Seconds * 1_000_000_000);

    public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.UnixEpoch.AddTicks(Nanoseconds / 100);

    public int CompareTo(Instant other) => Nanoseconds.CompareTo(other.Nanoseconds);

    public static Instant operator +(Instant left, TimeSpan right) => new(left.Nanoseconds + right.Ticks * 100);
    public static Instant operator -(Instant left, TimeSpan right) => new(left.Nanoseconds - right.Ticks * 100);
    public static TimeSpan operator -(Instant left, Instant right) => TimeSpan.FromTicks((left.Nanoseconds - right.Nanoseconds) / 100);
    public static bool operator <(Instant left, Instant right) => left.Nanoseconds < right.Nanoseconds;
    public static bool operator >(Instant left, Instant right) => left.Nanoseconds > right.Nanoseconds;
    public static bool operator <=(Instant left, Instant right) => left.Nanoseconds <= right.Nanoseconds;
    public static bool operator >=(Instant left, Instant right) => left.Nanoseconds >= right.Nanoseconds;

    public override string ToString() => $"{Seconds}.{NanosecondOfSecond:d9}";
}

/// <summary>The only source of time: shells read it once a turn and hand the moment to rules as data.</summary>
public interface IClock
{
    Instant Now { get; }
}

/// <summary>The clock of the machine.</summary>
public sealed class SystemClock : IClock
{
    public static readonly SystemClock Instance = new();
    public Instant Now => Instant.From(TimeProvider.System.GetUtcNow());
}
