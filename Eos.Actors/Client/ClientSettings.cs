using Eos.Kernel;

namespace Eos.Client;

/// <summary>Knobs of a client: `eos.client` in eos.reference.conf.</summary>
public sealed record ClientSettings
{
    public ClientSettings(TimeSpan firstRetry, TimeSpan lastRetry)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(firstRetry, TimeSpan.FromMilliseconds(10));
        ArgumentOutOfRangeException.ThrowIfLessThan(lastRetry, firstRetry);
        (FirstRetry, LastRetry) = (firstRetry, lastRetry);
    }

    public static ClientSettings From(Settings s) => new(s.Duration("first-retry"), s.Duration("last-retry"));

    /// <summary>A request without an answer is repeated after this time, then after twice as long, and so on.</summary>
    public TimeSpan FirstRetry { get; }

    /// <summary>The longest pause between two repetitions.</summary>
    public TimeSpan LastRetry { get; }
}
