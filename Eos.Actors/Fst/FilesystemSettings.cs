using Eos.Kernel;

namespace Eos.Fst;

/// <summary>Knobs of a node's filesystems and of the actor of each: `eos.fst`.</summary>
public sealed record FilesystemSettings
{
    public FilesystemSettings(
        int filesystems, ulong headroom, TimeSpan reportInterval, TimeSpan retryInterval, TimeSpan settleTimeout, int dropsInFlight, int snapshotEvery, SweepSettings sweep)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(filesystems, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(filesystems, 1000);
        ArgumentOutOfRangeException.ThrowIfLessThan(reportInterval, TimeSpan.FromMilliseconds(100));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reportInterval, TimeSpan.FromMinutes(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(retryInterval, TimeSpan.FromMilliseconds(100));
        ArgumentOutOfRangeException.ThrowIfLessThan(settleTimeout, TimeSpan.FromMilliseconds(100));
        ArgumentOutOfRangeException.ThrowIfLessThan(dropsInFlight, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(snapshotEvery, 10);
        Filesystems = filesystems;
        (Headroom, ReportInterval, RetryInterval, SettleTimeout) = (headroom, reportInterval, retryInterval, settleTimeout);
        (DropsInFlight, SnapshotEvery, Sweep) = (dropsInFlight, snapshotEvery, sweep);
    }

    public static FilesystemSettings From(Settings s) => new(
        s.Int("filesystems"), (ulong)s.Bytes("headroom"), s.Duration("report-interval"), s.Duration("retry-interval"), s.Duration("settle-timeout"),
        s.Int("drops-in-flight"), s.Int("snapshot-every"), SweepSettings.From(s.Section("sweep")));

    /// <summary>Filesystems of a node, each with a folder of its own.</summary>
    public int Filesystems { get; }

    /// <summary>Bytes that stay free.</summary>
    public ulong Headroom { get; }

    /// <summary>Between two measurements and reports.</summary>
    public TimeSpan ReportInterval { get; }

    /// <summary>After this silence a message to a directory is repeated.</summary>
    public TimeSpan RetryInterval { get; }

    /// <summary>Complete bytes for which the head of their chain has not said for so long what became of them are asked about.</summary>
    public TimeSpan SettleTimeout { get; }

    /// <summary>Replicas being deleted at a time.</summary>
    public int DropsInFlight { get; }

    /// <summary>Events between two snapshots of the deletion list.</summary>
    public int SnapshotEvery { get; }

    public SweepSettings Sweep { get; }
}

/// <summary>Knobs of comparing replicas and making them anew: `eos.fst.restore`.</summary>
public sealed record RestoreSettings
{
    public RestoreSettings(int inFlight, int waiting, int tries, TimeSpan retryInterval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inFlight, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(waiting, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(tries, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(retryInterval, TimeSpan.FromMilliseconds(10));
        (InFlight, Waiting, Tries, RetryInterval) = (inFlight, waiting, tries, retryInterval);
    }

    public static RestoreSettings From(Settings s) => new(s.Int("in-flight"), s.Int("waiting"), s.Int("tries"), s.Duration("retry-interval"));

    /// <summary>Replicas of a filesystem that are looked after at a time.</summary>
    public int InFlight { get; }

    /// <summary>Replicas that may wait for it.</summary>
    public int Waiting { get; }

    /// <summary>Further tries of what was refused for the moment.</summary>
    public int Tries { get; }

    /// <summary>The wait before each of them.</summary>
    public TimeSpan RetryInterval { get; }
}

/// <summary>Knobs of the sweep at start: `eos.fst.sweep`.</summary>
public sealed record SweepSettings
{
    public SweepSettings(int batch, int questionsInFlight, TimeSpan retryInterval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch, 1000);
        ArgumentOutOfRangeException.ThrowIfLessThan(questionsInFlight, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(retryInterval, TimeSpan.FromMilliseconds(100));
        (Batch, QuestionsInFlight, RetryInterval) = (batch, questionsInFlight, retryInterval);
    }

    public static SweepSettings From(Settings s) => new(s.Int("batch"), s.Int("questions-in-flight"), s.Duration("retry-interval"));

    /// <summary>Replicas in one question to a directory.</summary>
    public int Batch { get; }

    /// <summary>Questions that wait for an answer at a time.</summary>
    public int QuestionsInFlight { get; }

    /// <summary>After this time a question is repeated, and an open that may still be committed is asked about again.</summary>
    public TimeSpan RetryInterval { get; }
}
