using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>When sleeping directories are woken for what they have to do: `eos.namespace` in eos.reference.conf.</summary>
public sealed record WakeSettings
{
    public WakeSettings(TimeSpan reports, TimeSpan deletions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(deletions, TimeSpan.FromSeconds(1));
        (Reports, Deletions) = (reports, deletions);
    }

    public static WakeSettings From(Settings s) => new(s.Section("totals").Duration("settle-after"), s.Duration("deletion-interval"));

    /// <summary>Between two looks at those that owe a report of their totals.</summary>
    public TimeSpan Reports { get; }

    /// <summary>Between two looks at those that have replicas to be deleted.</summary>
    public TimeSpan Deletions { get; }
}
