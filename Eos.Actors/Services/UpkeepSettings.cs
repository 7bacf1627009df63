using Eos.Kernel;

namespace Eos.Services;

/// <summary>Knobs of compaction: `eos.upkeep` in eos.reference.conf.</summary>
public sealed record UpkeepSettings
{
    public UpkeepSettings(TimeSpan settle, TimeSpan nodeTimeout, long minEvents, int mostAtOnce, TimeSpan patience)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minEvents, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostAtOnce, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mostAtOnce, 1000);
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, TimeSpan.FromSeconds(1));
        (MinEvents, MostAtOnce, Patience) = (minEvents, mostAtOnce, patience);
        ArgumentOutOfRangeException.ThrowIfLessThan(settle, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(nodeTimeout, TimeSpan.FromSeconds(1));
        (Settle, NodeTimeout) = (settle, nodeTimeout);
    }

    public static UpkeepSettings From(Settings s) =>
        new(s.Duration("settle"), s.Duration("node-timeout"), s.Int("min-events"), s.Int("most-at-once"), s.Duration("patience"));

    /// <summary>A directory with so many events since its last snapshot is condensed.</summary>
    public long MinEvents { get; }

    /// <summary>So many directories are told at a time.</summary>
    public int MostAtOnce { get; }

    /// <summary>Directories that have not answered in this time are left out.</summary>
    public TimeSpan Patience { get; }

    /// <summary>For so long directories store their states before the files are compacted.</summary>
    public TimeSpan Settle { get; }

    /// <summary>A node that has not compacted its files in this time is given up.</summary>
    public TimeSpan NodeTimeout { get; }
}
