using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Akka.Configuration;
using Eos.Kernel;

namespace Eos.Raft;

/// <summary>Knobs of a member: `eos.raft`. Times and drift are shared by all members; members that differ in them refuse each other.</summary>
/// <param name="ElectionMin">Shortest silence after which a follower may stand for election.</param>
/// <param name="ElectionMax">Longest such silence; each wait is drawn between the two.</param>
/// <param name="Heartbeat">Time between a leader's heartbeats.</param>
/// <param name="ClockDrift">How much faster one member's clock may run than another's, as a fraction (0.01: one percent).</param>
/// <param name="Window">Append messages that may be unanswered per follower.</param>
/// <param name="MessageBytes">Payload of one append message at most, unless one batch alone is larger.</param>
/// <param name="KeepEntries">Entries kept behind the snapshot for followers that lag.</param>
/// <param name="TailEntries">Batches held in memory.</param>
/// <param name="TailBytes">Their bytes.</param>
/// <param name="PromoteWithin">An observer this close to the leader's log may be promoted.</param>
public sealed record RaftSettings(
    TimeSpan ElectionMin, TimeSpan ElectionMax, TimeSpan Heartbeat, double ClockDrift,
    int Window, ulong MessageBytes, ulong KeepEntries, int TailEntries, long TailBytes, ulong PromoteWithin)
{
    /// <summary>Reads `eos.raft` with the preset that it names. <see cref="ConfigurationException"/> for a value out of range.</summary>
    public static RaftSettings From(Settings s) => From(s, s.Text("timeouts"));

    /// <summary>The same with the times of that preset.</summary>
    public static RaftSettings From(Settings s, string preset)
    {
        var times = s.Section("presets").Section(preset);
        var settings = new RaftSettings(
            times.Duration("election-timeout-min"), times.Duration("election-timeout-max"), times.Duration("heartbeat-interval"), s.Real("clock-drift"),
            s.Int("window"), (ulong)s.Bytes("message-size"), (ulong)s.Int("keep-entries"), s.Int("tail-batches"), s.Bytes("tail-size"), (ulong)s.Int("promote-within"));
        settings.Check();
        return settings;
    }

    /// <summary>How long a quorum's answer lets the leader read alone, on its own clock (thesis §6.4.1): voters refuse elections for
    /// <see cref="ElectionMin"/> on theirs, which may run faster.</summary>
    public TimeSpan LeaseDuration => ElectionMin / (1 + 2 * ClockDrift);

    /// <summary>Of what members must agree on; they compare it when they connect.</summary>
    public string Fingerprint
    {
        get
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"raft 1 {ElectionMin.Ticks} {ElectionMax.Ticks} {Heartbeat.Ticks} {ClockDrift:R}");
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)).AsSpan(0, 8));
        }
    }

    private void Check()
    {
        Must(Heartbeat >= TimeSpan.FromMilliseconds(1), "heartbeat-interval must be at least 1ms");
        Must(ElectionMin >= TimeSpan.FromMilliseconds(20) && ElectionMin <= TimeSpan.FromMinutes(1), "election-timeout-min must be 20ms .. 1min");
        Must(ElectionMax >= ElectionMin * 1.25, "election-timeout-max must exceed election-timeout-min by a quarter, or votes split for ever");
        Must(ElectionMax <= TimeSpan.FromMinutes(5), "election-timeout-max must not exceed 5min");
        Must(ClockDrift is >= 0 and <= 0.25, "clock-drift must be 0 .. 0.25");
        Must(LeaseDuration > Heartbeat * (1 + ClockDrift), "election-timeout-min must exceed heartbeat-interval by more than twice the clock-drift, or no heartbeat comes in time");
        Must(Window is >= 1 and <= 10_000, "window must be 1 .. 10000");
        Must(MessageBytes is >= 1024 and <= 64 << 20, "message-size must be 1 KiB .. 64 MiB");
        Must(KeepEntries <= int.MaxValue, "keep-entries must not be negative");
        Must(TailEntries is >= 16 and <= 1_000_000, "tail-batches must be 16 .. 1000000");
        Must(TailBytes >= 1 << 20, "tail-size must be at least 1 MiB");
        Must(PromoteWithin is >= 1 and <= int.MaxValue, "promote-within must be at least 1");
    }

    private static void Must(bool holds, string law)
    {
        if (!holds) throw new ConfigurationException($"eos.raft: {law}");
    }
}

/// <summary>Knobs of a log's file: `eos.raft.log`.</summary>
/// <param name="RetryInterval">Between two tries of a write that the disk refused.</param>
/// <param name="CheckpointAfter">Bytes of the write-ahead file after which they are moved to the database.</param>
/// <param name="LockWait">How long to wait at opening for another process that still has the file.</param>
/// <param name="KeepBytes">Bytes of entries kept behind the snapshot, if the entries that are kept otherwise take more.</param>
public sealed record RaftLogSettings(TimeSpan RetryInterval, long CheckpointAfter, TimeSpan LockWait, long KeepBytes)
{
    public static RaftLogSettings From(Settings s)
    {
        var settings = new RaftLogSettings(s.Duration("retry-interval"), s.Bytes("checkpoint-after"), s.Duration("lock-wait"), s.Bytes("keep-size"));
        if (settings.RetryInterval < TimeSpan.FromMilliseconds(10)) throw new ConfigurationException("eos.raft.log.retry-interval must be at least 10ms");
        if (settings.CheckpointAfter is < 64 << 10 or > 1 << 30) throw new ConfigurationException("eos.raft.log.checkpoint-after must be 64 KiB .. 1 GiB");
        if (settings.KeepBytes < 64 << 10) throw new ConfigurationException("eos.raft.log.keep-size must be at least 64 KiB");
        return settings;
    }
}
