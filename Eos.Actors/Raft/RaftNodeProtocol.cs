using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Raft;

/// <summary>
/// What a member's actor, `/user/qdb/&lt;group&gt;`, can be told and asked by others.
/// <para>
/// <see cref="Submit"/> and <see cref="Ask"/> stay in the process and are not answered by messages: each submission and each reading is answered itself, once.
/// What reaches an actor that has ended is answered by nobody; who cares watches it. All else is a question whose answer goes to its sender.
/// <see cref="Hello"/> and <see cref="DigestTold"/> travel between members: the first is said by both sides when they meet and again and again after
/// that, so that either may restart, be cut off or come late; whoever said nothing, or the wrong thing, is no peer, and what it sends is not heard.
/// </para>
/// </summary>
public static class RaftNodeProtocol
{
    // commands within the process

    /// <summary>Entries for the log, in order; what comes in while the log is busy is proposed together.</summary>
    public sealed record Submit(ImmutableArray<ISubmission> Submissions);

    /// <summary>Questions to the state.</summary>
    public sealed record Ask(ImmutableArray<IReading> Readings);

    /// <summary>Change who belongs to the group; on the leader only. Answered by <see cref="Done"/> when it is committed, else by <see cref="NotDone"/>.</summary>
    public sealed record ChangeMember(RaftProtocol.Change Change, MemberId Member);

    /// <summary>Hand the leadership to that member; on the leader only. <see cref="Done"/>: it is under way.</summary>
    public sealed record HandOver(MemberId To);

    /// <summary>Have the leader hand over to this member; on a follower. <see cref="Done"/>: the leader is asked.</summary>
    public sealed record Coup;

    /// <summary>This node is about to stop, so if its member leads, another shall. <see cref="Done"/>: it leads no more; else <see cref="NotDone"/>, and nothing changes.</summary>
    public sealed record Retire;

    /// <summary>The member ends: it answers all that waits, and refuses what comes from now on. <see cref="Done"/>: its files are closed.</summary>
    public sealed record End;

    // queries within the process

    /// <summary>Answered by <see cref="MemberStatus"/>, also by a member that has stopped itself.</summary>
    public sealed record DescribeMember;

    /// <summary>Answered by <see cref="Entries"/>: whole batches from the one that holds that index on, until so many bytes are reached.</summary>
    public sealed record FetchEntries(LogIndex From, ulong MaxBytes);

    /// <summary>The sender is told <see cref="LeadershipChanged"/>, now and at each change, until it ends.</summary>
    public sealed record FollowLeadership;

    // replies

    public sealed record Done;

    /// <summary>Nothing happened, or, with <paramref name="Unknown"/>, it may yet happen.</summary>
    public sealed record NotDone(MemberId? Leader, string Why, bool Unknown);

    /// <param name="Previous">The place before the first batch.</param>
    /// <param name="Batches">None where that index is trimmed or not there yet.</param>
    public sealed record Entries(LogPosition Previous, ImmutableArray<LogBatch> Batches);

    // events

    /// <summary>Who leads, as far as this member knows.</summary>
    /// <param name="Endpoints">Where the leader's doors are; empty texts until it was met.</param>
    /// <param name="Serves">This member leads, and its first entry of the term is committed.</param>
    public sealed record LeadershipChanged(Term Term, MemberId? Leader, MemberEndpoints Endpoints, bool Serves);

    // between members

    /// <summary>Who I am, and what we must agree on.</summary>
    /// <param name="Group">The Raft group of the cluster.</param>
    /// <param name="Cluster">The cluster's id.</param>
    /// <param name="Fingerprint">Of the times that members must share (<see cref="RaftSettings.Fingerprint"/>).</param>
    /// <param name="Wire">Version of what members say to each other.</param>
    /// <param name="Founders">Of a member that has nothing in its log yet: the fingerprint of the members that it believes to found the group; else empty.</param>
    /// <param name="Trace">What the sender's files have come to.</param>
    /// <param name="Known">What the sender last knew the other side's files to have come to; null where it knows nothing.</param>
    /// <param name="Answer">The other side should say the same.</param>
    public sealed record Hello(
        MemberId Member, string Group, string Cluster, string Fingerprint, uint Wire, string Founders, PeerCard Card, MemberTrace Trace, MemberTrace? Known, bool Answer);

    /// <summary>My state's digest after that entry.</summary>
    public sealed record DigestTold(LogIndex Index, string Digest);

    // values

    /// <summary>Where a member's doors are, as "host:port"; empty where it has none.</summary>
    public sealed record MemberEndpoints(string Redis, string Http)
    {
        public static readonly MemberEndpoints None = new("", "");
    }

    /// <summary>What a member tells of itself.</summary>
    public sealed record PeerCard(MemberEndpoints Endpoints, string Version);

    /// <summary>How far a leader is with one follower.</summary>
    public enum ReplicaStanding
    {
        Offline = 0,
        UpToDate = 1,
        Lagging = 2,
        /// <summary>It is being sent a snapshot.</summary>
        Snapshot = 3,
    }

    /// <param name="SnapshotSent">Bytes of the snapshot that it has, of <paramref name="SnapshotSize"/>.</param>
    public sealed record ReplicaStatus(
        MemberId Member, MemberEndpoints Endpoints, ReplicaStanding Standing, LogIndex Match, ulong SnapshotSent, ulong SnapshotSize, string Version);

    /// <summary>Where the log and the state are.</summary>
    /// <param name="LogStart">First index in the log.</param>
    /// <param name="LogSize">One after the last index, as QuarkDB counts.</param>
    public sealed record LogStatus(LogIndex LogStart, LogIndex LogSize, LogIndex Committed, LogIndex Applied, TimeSpan LogTime);

    /// <summary>How well the member is.</summary>
    /// <param name="Trouble">What the disk of log or state says; empty when all is well.</param>
    /// <param name="Stopped">Why the member has stopped itself; empty while it runs.</param>
    /// <param name="BlockedWrites">Submissions that wait for their outcome.</param>
    /// <param name="Strangers">Messages of no peer that were not heard.</param>
    public sealed record MemberHealth(string Trouble, string Stopped, ulong BlockedWrites, ulong Strangers);

    /// <param name="Timeouts">Name of the preset.</param>
    public sealed record MemberIdentity(MemberId Self, string Group, string Cluster, MemberEndpoints Endpoints, string Version, string Timeouts);

    /// <param name="Serves">This member leads, and its first entry of the term is committed.</param>
    /// <param name="SinceChange">How long ago role, term or leader changed last.</param>
    public sealed record LeadershipStatus(
        RoleKind Role, Term Term, MemberId? Leader, MemberEndpoints LeaderEndpoints, bool Serves, TimeSpan SinceChange);

    /// <summary>What this member knows of itself and its group.</summary>
    /// <param name="Replicas">On a leader; else empty.</param>
    public sealed record MemberStatus(
        MemberIdentity Identity, LeadershipStatus Leadership, LogStatus Log, Membership Membership, MemberHealth Health, ImmutableArray<ReplicaStatus> Replicas);
}
