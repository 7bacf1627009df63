using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Raft;

/// <summary>What a member is.</summary>
public enum RoleKind
{
    Follower = 0,
    PreCandidate = 1,
    Candidate = 2,
    Leader = 3,
}

/// <summary>How far a leader is with one follower (style: probe, then stream, else snapshot).</summary>
public enum ProgressMode
{
    Probe = 0,
    Stream = 1,
    Snapshot = 2,
}

/// <summary>A leader's knowledge of one follower.</summary>
/// <param name="Match">On the follower's disk, known by its own word.</param>
/// <param name="Next">Next index to send.</param>
/// <param name="InFlight">Last index of each unanswered append, oldest first.</param>
/// <param name="Contact">When the newest message was sent that the follower has answered.</param>
/// <param name="Waiting">A probe, a snapshot chunk or a read of the log is under way since then.</param>
/// <param name="Offset">With <see cref="ProgressMode.Snapshot"/>: bytes that the follower has.</param>
/// <param name="Moved">When it was last known to have come further, or to have everything.</param>
public sealed record Progress(
    ProgressMode Mode, LogIndex Match, LogIndex Next, ImmutableQueue<LogIndex> InFlight, int InFlightCount,
    Instant Contact, Instant? Waiting, RaftProtocol.SnapshotInfo? Snapshot, ulong Offset, Instant Moved)
{
    /// <summary>Nothing has been heard of it; it has some time to say how far it is.</summary>
    public static Progress Unknown(LogIndex next, Instant now) => new(ProgressMode.Probe, LogIndex.None, next, [], 0, new Instant(long.MinValue / 4), null, null, 0, now);

    /// <summary>Up to there it needs no entries: it has them, or is being sent a snapshot that has them.</summary>
    public LogIndex Covered => Snapshot is { } snapshot ? LogIndex.Max(Match, snapshot.Position.Index) : Match;

    /// <summary>Whether it has come further than before, or lacks nothing.</summary>
    public bool Moves(Progress before, LogIndex last) => Match > before.Match || Offset > before.Offset || Match >= last;

    /// <summary>Back to one question at a time.</summary>
    public Progress ToProbe(LogIndex next) =>
        this with { Mode = ProgressMode.Probe, Next = LogIndex.Max(next, Match.Next), InFlight = [], InFlightCount = 0, Waiting = null, Snapshot = null, Offset = 0 };
}

/// <summary>A read that waits for a quorum's answer to something sent after it came.</summary>
public sealed record PendingRead(ulong Tag, LogIndex At, Instant AskedAt);

/// <summary>What only a leader has.</summary>
/// <param name="ServesFrom">Its marker: it answers reads once this is applied (paper §8).</param>
/// <param name="LeaseForfeited">It has asked another to stand in this term, so it never again reads by lease in it.</param>
/// <param name="Successor">It is stepping aside for that member, until then.</param>
public sealed record Leading(
    ImmutableSortedDictionary<MemberId, Progress> Peers, LogIndex ServesFrom, Instant LastHeartbeat,
    ImmutableList<PendingRead> Reads, bool LeaseForfeited, (MemberId To, Instant Until, bool Asked)? Successor, Instant Since);

/// <summary>Everything that one member's rules know.</summary>
/// <param name="HeardLeader">When a leader was last heard; process start counts, since a restarted voter owes the old leader its lease.</param>
/// <param name="Deadline">When this member stands for election unless it hears a leader.</param>
/// <param name="StoredUpTo">Last entry known to be on this member's own disk.</param>
/// <param name="Memberships">Memberships in the log above the last committed one, newest last; the newest counts, committed or not.</param>
/// <param name="Chance">State of the generator that draws election waits: chance is data.</param>
/// <param name="LogTimeBase">Log time at a moment of this member's clock.</param>
public sealed record RaftState(
    MemberId Self, RaftSettings Settings, RoleKind Role, Term Term, MemberId? Vote, MemberId? Leader, LogView Log,
    LogIndex Committed, LogIndex CommitTold, LogIndex AppliedUpTo, LogIndex StoredUpTo, Instant HeardLeader, Instant Deadline,
    ImmutableArray<(LogIndex At, Membership Membership)> Memberships, ImmutableHashSet<MemberId> Votes, Leading? Lead, ulong Chance,
    (TimeSpan Time, Instant At) LogTimeBase, RaftProtocol.SnapshotInfo? Snapshot, bool DiskBroken, bool ByTransfer)
{
    public Membership Membership => Memberships[^1].Membership;

    public bool IsVoter => Membership.Voters.Contains(Self);

    /// <summary>Who is to become no voter by a change that is not committed stands for election all the same, without a vote of its own:
    /// it may be the only one whose log can lead until that change is committed (thesis §4.2.2).</summary>
    public bool MayStand => Memberships.Any(m => m.Membership.Voters.Contains(Self));

    /// <summary>The votes that a candidate begins with.</summary>
    public ImmutableHashSet<MemberId> OwnVote => IsVoter ? [Self] : [];

    public IEnumerable<MemberId> Others => Membership.All.Where(m => m != Self);

    public IEnumerable<MemberId> OtherVoters => Membership.Voters.Where(m => m != Self);

    /// <summary>Replicated time now, if this member's is the log: grows with this member's clock from the last entry on.</summary>
    public TimeSpan LogTime(Instant now) => now > LogTimeBase.At ? LogTimeBase.Time + (now - LogTimeBase.At) : LogTimeBase.Time;

    /// <summary>A member that starts with what its disk has. It votes for nobody until a minimal election wait has passed. One that has always been alone stands at once:
    /// nobody else can hold a lease.</summary>
    public static RaftState Start(
        MemberId self, RaftSettings settings, Term term, MemberId? vote, LogView log, RaftProtocol.SnapshotInfo? snapshot,
        ImmutableArray<(LogIndex At, Membership Membership)> memberships, LogIndex applied, TimeSpan lastLogTime, ulong seed, Instant now)
    {
        var committed = LogIndex.Max(applied, log.Base.Index);
        var state = new RaftState(
            self, settings, RoleKind.Follower, term, vote, null, log, committed, committed, applied, log.Last.Index, now, now,
            memberships, [], null, seed, (lastLogTime, now), snapshot, false, false);
        var alwaysAlone = state.IsVoter && state.Membership is { Epoch: 0, Voters.Count: 1 };
        return alwaysAlone ? state : Election.Rearm(state, now);
    }
}

/// <summary>What a rule returns: the state after, and what to do, in order.</summary>
public readonly record struct Step(RaftState State, ImmutableList<RaftProtocol.Effect> Effects)
{
    public static Step Of(RaftState state, params ReadOnlySpan<RaftProtocol.Effect> effects) => new(state, [.. effects]);

    public Step Then(Func<RaftState, Step> next)
    {
        var after = next(State);
        return new Step(after.State, Effects.AddRange(after.Effects));
    }

    public Step And(RaftProtocol.Effect effect) => this with { Effects = Effects.Add(effect) };
}
