using Eos.Kernel;

namespace Eos.Services;

/// <summary>Knobs of compaction: `eos.upkeep` in eos.reference.conf.</summary>
public sealed record UpkeepSettings
{
    public UpkeepSettings(TimeSpan settle, TimeSpan nodeTimeout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settle, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(nodeTimeout, TimeSpan.FromSeconds(1));
        (Settle, NodeTimeout) = (settle, nodeTimeout);
    }

    public static UpkeepSettings From(Settings s) => new(s.Duration("settle"), s.Duration("node-timeout"));

    /// <summary>For so long directories store their states before the files are compacted.</summary>
    public TimeSpan Settle { get; }

    /// <summary>A node that has not compacted its files in this time is given up.</summary>
    public TimeSpan NodeTimeout { get; }
}
