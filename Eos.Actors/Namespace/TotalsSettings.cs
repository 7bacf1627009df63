using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>Knobs of totals: `eos.namespace.totals` in eos.reference.conf.</summary>
public sealed record TotalsSettings
{
    public TotalsSettings(TimeSpan interval, TimeSpan settleAfter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.FromMilliseconds(10));
        ArgumentOutOfRangeException.ThrowIfLessThan(settleAfter, interval);
        (Interval, SettleAfter) = (interval, settleAfter);
    }

    public static TotalsSettings From(Settings s) => new(s.Duration("interval"), s.Duration("settle-after"));

    /// <summary>Between two reports of a directory, and between two events about what its children reported.</summary>
    public TimeSpan Interval { get; }

    /// <summary>So long a directory must have been quiet before it stores that its parent knows everything.</summary>
    public TimeSpan SettleAfter { get; }
}
