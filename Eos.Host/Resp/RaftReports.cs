using System.Globalization;
using Eos.Kv;
using Eos.Raft;
using static Eos.Raft.RaftNodeProtocol;

namespace Eos.Host.Resp;

/// <summary>How well a member is: good, to be looked at, or bad.</summary>
internal enum NodeHealth
{
    Green = 0,
    Yellow = 1,
    Red = 2,
}

/// <summary>One thing that was looked at.</summary>
internal sealed record HealthLine(NodeHealth Health, string What, string Found)
{
    public override string ToString() => $"[{Health.ToString().ToUpperInvariant()}] >> {What} {Found}";
}

/// <summary>What raft-info, quarkdb-info and quarkdb-health say, from what the member says of itself.</summary>
internal static class RaftReports
{
    private const string Line = "----------";
    private const long GiB = 1L << 30;

    public static Reply Info(MemberStatus s, NodeHealth health)
    {
        var (leading, log) = (s.Leadership, s.Log);
        List<string> lines =
        [
            $"TERM {leading.Term}", $"LOG-START {log.LogStart}", $"LOG-SIZE {log.LogSize}", $"LEADER {leading.Leader?.Value}", $"CLUSTER-ID {s.Identity.Cluster}",
            $"COMMIT-INDEX {log.Committed}", $"LAST-APPLIED {log.Applied}", $"BLOCKED-WRITES {s.Health.BlockedWrites}",
            $"LAST-STATE-CHANGE {(long)leading.SinceChange.TotalSeconds} ({Words(leading.SinceChange)})", Line,
            $"MYSELF {s.Identity.Self}", $"REDIS {s.Identity.Endpoints.Redis}", $"VERSION {s.Identity.Version}", $"STATUS {Status(s)}", $"NODE-HEALTH {Text(health)}",
            "JOURNAL-FSYNC-POLICY always",
        ];
        if (s.Health.Trouble.Length > 0) lines.Add($"TROUBLE {s.Health.Trouble}");
        if (s.Health.Stopped.Length > 0) lines.Add($"STOPPED {s.Health.Stopped}");
        lines.AddRange(
        [
            Line, $"MEMBERSHIP-EPOCH {s.Membership.Epoch}", $"NODES {string.Join(',', s.Membership.Voters)}", $"OBSERVERS {string.Join(',', s.Membership.Observers)}",
            $"QUORUM-SIZE {s.Membership.Quorum}",
        ]);
        if (s.Replicas.Length > 0) lines.Add(Line);
        lines.AddRange(s.Replicas.Select(r => "REPLICA " + Replica(r)));
        return Lines(lines);
    }

    public static Reply Node(MemberStatus s, StateFigures state, NodeHealth health, NodeFacts facts, TimeSpan uptime) => Lines(
    [
        "MODE RAFT", $"BASE-DIRECTORY {facts.Folder}", $"QUARKDB-VERSION {s.Identity.Version}", $"EOS-VERSION {s.Identity.Version}", $"NODE-HEALTH {Text(health)}",
        $"MONITORS {facts.Monitors()}", $"BOOT-TIME {facts.Started:yyyy-MM-ddTHH:mm:ssZ}", $"UPTIME {(long)uptime.TotalSeconds} ({Words(uptime)})",
        Line, $"STATE-APPLIED {state.At.Position.Index}", $"STATE-KEPT {state.Kept?.Position.Index.ToString() ?? "0"}", $"STATE-DIGEST {state.Digest}", $"STATE-ROWS {state.Rows}",
        $"STATE-FILE-SIZE {state.FileSize}", $"STATE-WRITE-AHEAD-SIZE {state.WriteAheadSize}", $"STATE-CACHED {state.Cached}", $"STATE-WAITING {state.Waiting}",
    ]);

    public static Reply Health(MemberStatus s, IReadOnlyList<HealthLine> found) => Lines(
        [$"NODE-HEALTH {Text(Worst(found))}", $"NODE {s.Identity.Self}", $"VERSION {s.Identity.Version}", Line, .. found.Select(f => f.ToString())]);

    public static NodeHealth Worst(IEnumerable<HealthLine> found) => found.Select(f => f.Health).DefaultIfEmpty().Max();

    /// <param name="free">Bytes that are free where the data lie.</param>
    /// <param name="size">Bytes that there are.</param>
    public static IReadOnlyList<HealthLine> Look(MemberStatus s, long free, long size)
    {
        var share = size > 0 ? 100.0 * free / size : 100;
        var space = free < GiB || share < 3 ? NodeHealth.Red : free < 5 * GiB || share < 10 ? NodeHealth.Yellow : NodeHealth.Green;
        List<HealthLine> found =
        [
            new(space, "SM-FREE-SPACE", string.Create(CultureInfo.InvariantCulture, $"{free} bytes ({share:F1}%)")),
            new(s.Health.Trouble.Length > 0 ? NodeHealth.Red : NodeHealth.Green, "DISK", s.Health.Trouble.Length > 0 ? s.Health.Trouble : "Good"),
            new(s.Health.Stopped.Length > 0 || s.Leadership.Leader is null ? NodeHealth.Red : NodeHealth.Green, "PART-OF-QUORUM",
                s.Health.Stopped.Length > 0 ? "No: " + s.Health.Stopped : s.Leadership.Leader is { } leader ? $"Yes | LEADER {leader}" : "No"),
        ];
        if (s.Leadership.Role != RoleKind.Leader) return found;
        var voters = s.Replicas.Count(r => s.Membership.Voters.Contains(r.Member) && r.Standing is ReplicaStanding.UpToDate or ReplicaStanding.Lagging) + 1;
        if (s.Membership.Voters.Count > 1)
            found.Add(voters > s.Membership.Quorum ? new(NodeHealth.Green, "QUORUM-STABILITY", "Good") : new(NodeHealth.Yellow, "QUORUM-STABILITY", "Shaky"));
        found.AddRange(s.Replicas.Select(r => new HealthLine(
            r.Standing == ReplicaStanding.UpToDate ? NodeHealth.Green : r.Standing == ReplicaStanding.Offline ? NodeHealth.Red : NodeHealth.Yellow, "REPLICA", Replica(r))));
        return found;
    }

    public static Reply Lines(IEnumerable<string> lines) => Reply.Array(lines.Select(Reply.Simple));

    private static string Replica(ReplicaStatus r)
    {
        if (r.Standing == ReplicaStanding.Offline) return $"{r.Member} | OFFLINE";
        var standing = r.Standing switch
        {
            ReplicaStanding.UpToDate => "UP-TO-DATE",
            ReplicaStanding.Snapshot => $"RESILVERING-PROGRESS {r.SnapshotSent}/{r.SnapshotSize}",
            _ => "LAGGING",
        };
        return $"{r.Member} | ONLINE | {standing} | LOG-SIZE {r.Match.Next} | VERSION {r.Version} | REDIS {r.Endpoints.Redis}";
    }

    private static string Status(MemberStatus s) => s.Health.Stopped.Length > 0 ? "SHUTDOWN" : s.Leadership.Role switch
    {
        RoleKind.Leader => "LEADER",
        RoleKind.Candidate or RoleKind.PreCandidate => "CANDIDATE",
        _ => "FOLLOWER",
    };

    private static string Text(NodeHealth health) => health.ToString().ToUpperInvariant();

    private static string Words(TimeSpan time)
    {
        (long Count, string Unit)[] parts = [(time.Days, "days"), (time.Hours, "hours"), (time.Minutes, "minutes"), (time.Seconds, "seconds")];
        return string.Join(", ", parts.SkipWhile(p => p is { Count: 0, Unit: not "seconds" }).Select(p => $"{p.Count} {p.Unit}"));
    }
}
