namespace Eos.Raft;

/// <summary>Knobs that all members share; members that differ refuse each other.</summary>
/// <param name="ElectionMin">Shortest silence after which a follower may stand for election.</param>
/// <param name="ElectionMax">Longest such silence; each wait is drawn between the two.</param>
/// <param name="Heartbeat">Time between a leader's heartbeats.</param>
/// <param name="ClockDrift">How much faster one member's clock may run than another's, as a fraction (0.01: one percent).</param>
/// <param name="Window">Append messages that may be unanswered per follower.</param>
/// <param name="MessageBytes">Payload of one append message at most, unless one batch alone is larger.</param>
/// <param name="KeepEntries">Entries kept behind the snapshot for followers that lag.</param>
/// <param name="TailEntries">Batches held in memory.</param>
/// <param name="PromoteWithin">An observer this close to the leader's log may be promoted.</param>
public sealed record RaftSettings(
    TimeSpan ElectionMin, TimeSpan ElectionMax, TimeSpan Heartbeat, double ClockDrift,
    int Window, ulong MessageBytes, ulong KeepEntries, int TailEntries, ulong PromoteWithin)
{
    /// <summary>How long a quorum's answer lets the leader read alone, on its own clock (thesis §6.4.1): voters refuse elections for
    /// <see cref="ElectionMin"/> on theirs, which may run faster.</summary>
    public TimeSpan LeaseDuration => ElectionMin / (1 + 2 * ClockDrift);
}
