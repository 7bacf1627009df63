using Akka.Configuration;
using Eos.Kernel;
using Settings = Eos.Kernel.Settings;

namespace Eos.Kv;

/// <summary>Knobs of a member's state on disk: `eos.qdb.state`.</summary>
/// <param name="PageSize">Bytes of a page of a new file.</param>
/// <param name="CacheBytes">Rows that are held in memory besides those that wait to be written.</param>
/// <param name="PageCacheBytes">Pages that SQLite holds for the thread that applies.</param>
/// <param name="BehindBytes">Rows that may wait to be written; applying pauses at this bound.</param>
/// <param name="Replay">What a start may have to apply again from the log; applying pauses at this bound too.</param>
/// <param name="FlushInterval">Longest time for which a row waits to be written.</param>
/// <param name="Keep">When the state is made safe against a power failure, so that the log before it may go.</param>
/// <param name="CheckpointAfter">Bytes of the write-ahead file after which they are moved to the database.</param>
/// <param name="RetryInterval">Between two tries of a write that the disk refused.</param>
/// <param name="SnapshotHold">A snapshot that no lagging member has read for so long is given up.</param>
/// <param name="LockWait">How long to wait at opening for an earlier process that still has the file.</param>
public sealed record StateSettings(
    int PageSize, long CacheBytes, long PageCacheBytes, long BehindBytes, Replay Replay, TimeSpan FlushInterval, KeepPace Keep, long CheckpointAfter,
    TimeSpan RetryInterval, TimeSpan SnapshotHold, TimeSpan LockWait)
{
    public static StateSettings From(Settings s)
    {
        var settings = new StateSettings(
            (int)s.Bytes("page-size"), s.Bytes("cache-size"), s.Bytes("page-cache-size"), s.Bytes("behind-size"), Replay.From(s.Section("replay")), s.Duration("flush-interval"), KeepPace.From(s.Section("keep")),
            s.Bytes("checkpoint-after"), s.Duration("retry-interval"), s.Duration("snapshot-hold"), s.Duration("lock-wait"));
        settings.Check();
        return settings;
    }

    private void Check()
    {
        Must(PageSize is >= 512 and <= 65536 && int.IsPow2(PageSize), "page-size must be a power of two, 512 .. 65536");
        Must(CacheBytes is >= 0 and <= 1L << 40, "cache-size must be 0 .. 1 TiB");
        Must(PageCacheBytes is >= 64 << 10 and <= 1L << 40, "page-cache-size must be 64 KiB .. 1 TiB");
        Must(BehindBytes is >= 64 << 10 and <= 1L << 40, "behind-size must be 64 KiB .. 1 TiB");
        Must(FlushInterval >= TimeSpan.FromMilliseconds(1) && FlushInterval <= TimeSpan.FromMinutes(10), "flush-interval must be 1ms .. 10min");
        Must(CheckpointAfter is >= 64 << 10 and <= 1 << 30, "checkpoint-after must be 64 KiB .. 1 GiB");
        Must(RetryInterval >= TimeSpan.FromMilliseconds(10), "retry-interval must be at least 10ms");
        Must(SnapshotHold >= TimeSpan.FromMilliseconds(10), "snapshot-hold must be at least 10ms");
    }

    private static void Must(bool holds, string law)
    {
        if (!holds) throw new ConfigurationException($"eos.qdb.state: {law}");
    }
}

/// <summary>Work that the log has and the state's file has not.</summary>
/// <param name="Changes">Rows that were set or removed, each time.</param>
/// <param name="LogBytes">Entries that did it.</param>
public readonly record struct Replay(long Changes, long LogBytes)
{
    public static Replay operator +(Replay a, Replay b) => new(a.Changes + b.Changes, a.LogBytes + b.LogBytes);

    public static Replay From(Settings s)
    {
        var most = new Replay(s.Int("changes"), s.Bytes("log-size"));
        if (most.Changes < 2) throw new ConfigurationException("eos.qdb.state.replay.changes must be at least 2");
        if (most.LogBytes < 64 << 10) throw new ConfigurationException("eos.qdb.state.replay.log-size must be at least 64 KiB");
        return most;
    }
}

/// <summary>Whichever comes first of what was applied since the last time the state was made safe.</summary>
public sealed record KeepPace(ulong Entries, long Bytes, TimeSpan Interval)
{
    public static KeepPace From(Settings s)
    {
        var pace = new KeepPace((ulong)s.Int("entries"), s.Bytes("bytes"), s.Duration("interval"));
        if (pace.Entries < 1) throw new ConfigurationException("eos.qdb.state.keep.entries must be at least 1");
        if (pace.Bytes < 1) throw new ConfigurationException("eos.qdb.state.keep.bytes must be at least 1");
        if (pace.Interval < TimeSpan.FromMilliseconds(1)) throw new ConfigurationException("eos.qdb.state.keep.interval must be at least 1ms");
        return pace;
    }
}
