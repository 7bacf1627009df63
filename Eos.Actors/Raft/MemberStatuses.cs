using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Raft.RaftNodeProtocol;

namespace Eos.Raft;

/// <summary>What a member can say of itself from what its rules know.</summary>
internal static class MemberStatuses
{
    public static LogStatus Log(RaftState s, Instant now) => new(s.Log.Base.Index.Next, s.Log.Last.Index.Next, s.Committed, s.AppliedUpTo, s.LogTime(now));

    /// <summary>Whether it leads, with an entry of its own term committed.</summary>
    public static bool Serves(RaftState s) => s.Lead is { } lead && s.Committed >= lead.ServesFrom;

    /// <param name="card">What a member told of itself; null where it was not met.</param>
    public static ImmutableArray<ReplicaStatus> Replicas(RaftState s, Instant now, Func<MemberId, PeerCard?> card) =>
        s.Lead is not { } lead ? [] : [.. lead.Peers.Select(p => Replica(s, p.Key, p.Value, card(p.Key), now))];

    private static ReplicaStatus Replica(RaftState s, MemberId member, Progress p, PeerCard? card, Instant now)
    {
        var online = card is not null && now - p.Contact < s.Settings.ElectionMax * 2;
        var standing = !online ? ReplicaStanding.Offline
            : p.Mode == ProgressMode.Snapshot ? ReplicaStanding.Snapshot
            : p.Match + s.Settings.PromoteWithin >= s.Log.Last.Index ? ReplicaStanding.UpToDate
            : ReplicaStanding.Lagging;
        return new ReplicaStatus(
            member, card?.Endpoints ?? MemberEndpoints.None, standing, p.Match, p.Offset, p.Snapshot?.Size ?? 0, card?.Version ?? "");
    }
}
