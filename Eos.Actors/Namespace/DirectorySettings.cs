using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>Knobs of a directory: `eos.namespace` in eos.reference.conf.</summary>
public sealed record DirectorySettings
{
    public DirectorySettings(
        TimeSpan openExpiry, TimeSpan sealTimeout, TimeSpan tickInterval, int fileMode, int ordersPerTick, int snapshotEvery, TimeSpan handoverInterval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(openExpiry, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(sealTimeout, TimeSpan.FromMilliseconds(100));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sealTimeout, TimeSpan.FromMinutes(5));
        ArgumentOutOfRangeException.ThrowIfLessThan(tickInterval, TimeSpan.FromMilliseconds(100));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fileMode, 0xfff);
        ArgumentOutOfRangeException.ThrowIfNegative(fileMode);
        ArgumentOutOfRangeException.ThrowIfLessThan(ordersPerTick, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(snapshotEvery, 10);
        ArgumentOutOfRangeException.ThrowIfLessThan(handoverInterval, TimeSpan.FromMilliseconds(10));
        HandoverInterval = handoverInterval;
        (OpenExpiry, SealTimeout, TickInterval) = (openExpiry, sealTimeout, tickInterval);
        (FileMode, OrdersPerTick, SnapshotEvery) = (fileMode, ordersPerTick, snapshotEvery);
    }

    public static DirectorySettings From(Settings s) => new(
        s.Duration("open-expiry"),
        s.Duration("seal-timeout"),
        s.Duration("tick-interval"),
        s.Octal("file-mode"),
        s.Int("orders-per-tick"),
        s.Int("snapshot-every"),
        s.Duration("handover-interval"))
    {
        Totals = TotalsSettings.From(s.Section("totals")),
    };

    /// <summary>How amounts go up the tree.</summary>
    public required TotalsSettings Totals { get; init; }

    /// <summary>How long an upload may take before its open ends by itself.</summary>
    public TimeSpan OpenExpiry { get; }

    /// <summary>After this time a sealed directory asks its parent what became of the removal.</summary>
    public TimeSpan SealTimeout { get; }

    /// <summary>Between two looks at opens to expire and orders to repeat.</summary>
    public TimeSpan TickInterval { get; }

    /// <summary>A file that goes to another directory is sent again after this time, until it has arrived.</summary>
    public TimeSpan HandoverInterval { get; }

    /// <summary>Permission bits of a new file.</summary>
    public int FileMode { get; }

    /// <summary>Files named in one order to a filesystem.</summary>
    public int OrdersPerTick { get; }

    /// <summary>Events between two snapshots.</summary>
    public int SnapshotEvery { get; }
}
