using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Raft;

/// <summary>
/// What members say to each other, what a member's shell tells its rules, and what the rules tell the shell to do.
/// <para>
/// Peer messages may be lost, repeated, delayed and reordered. A follower answers <see cref="Append"/> only after what it acknowledges is on its
/// disk. <see cref="Heartbeat"/> travels apart from entries, so that a flood of appends can't cost the leadership. A leader counts its contact with
/// a follower from the moment at which the message that was answered had been <i>sent</i>, which is why messages carry that moment and answers return it.
/// </para>
/// </summary>
public static class RaftProtocol
{
    // between members

    public interface IPeerMessage
    {
        Term Term { get; }
    }

    /// <summary>Would you vote for me in the next term? Changes nothing (thesis §9.6).</summary>
    public sealed record AskPreVote(Term Term, LogPosition Last) : IPeerMessage;

    public sealed record PreVote(Term Term, bool Granted) : IPeerMessage;

    /// <summary>Vote for me. <paramref name="ByTransfer"/>: the leader asked me to stand and has given up its lease, so do not wait for its silence.</summary>
    public sealed record AskVote(Term Term, LogPosition Last, bool ByTransfer) : IPeerMessage;

    /// <summary><paramref name="Veto"/>: you would lose entries that I know to be committed; stop trying.</summary>
    public sealed record Vote(Term Term, bool Granted, bool Veto) : IPeerMessage;

    /// <summary>Entries after <paramref name="Previous"/>; without any it probes whether the logs agree there.</summary>
    public sealed record Append(Term Term, LogPosition Previous, ImmutableArray<LogBatch> Batches, LogIndex Commit, Instant SentAt) : IPeerMessage;

    /// <summary>Everything up to <paramref name="Match"/> is on this member's disk.</summary>
    public sealed record Appended(Term Term, LogIndex Match, Instant SentAt) : IPeerMessage;

    /// <summary>The logs do not agree at the place asked about. <paramref name="Hint"/>: the last place at which they may.</summary>
    /// <param name="Asked">The index of the <see cref="Append.Previous"/> that did not fit.</param>
    public sealed record Rejected(Term Term, LogIndex Asked, LogPosition Hint, Instant SentAt) : IPeerMessage;

    public sealed record Heartbeat(Term Term, LogIndex Commit, Instant SentAt) : IPeerMessage;

    public sealed record Alive(Term Term, Instant SentAt) : IPeerMessage;

    /// <summary>Stand for election now: the leader steps aside for you.</summary>
    public sealed record StandNow(Term Term) : IPeerMessage;

    /// <summary>A follower asks the leader to step aside for it (raft-attempt-coup).</summary>
    public sealed record AskTransfer(Term Term) : IPeerMessage;

    /// <summary>A piece of a snapshot; its bytes and checksum are put in by the shell that sends it.</summary>
    public sealed record SnapshotChunk(Term Term, SnapshotInfo Snapshot, ulong Offset, ReadOnlyMemory<byte> Bytes, uint Crc32C, Instant SentAt) : IPeerMessage;

    /// <summary>So many bytes of that snapshot are here; go on from there. All of them and <paramref name="Installed"/>: it is in use.</summary>
    public sealed record SnapshotProgress(Term Term, LogPosition Snapshot, ulong Received, bool Installed, Instant SentAt) : IPeerMessage;

    /// <summary>A snapshot: the state after its position, the membership then, and the size of its bytes.</summary>
    public sealed record SnapshotInfo(LogPosition Position, TimeSpan LogTime, Membership Membership, ulong Size);

    // from the shell to the rules

    public interface IInput
    {
        Instant Now { get; }
    }

    /// <summary>Time passes; often enough that no deadline is met late by more than a tenth of a heartbeat.</summary>
    public sealed record Tick(Instant Now) : IInput;

    public sealed record Received(Instant Now, MemberId From, IPeerMessage Message) : IInput;

    /// <summary>Commands to replicate together; <paramref name="Tag"/> comes back with where they were put.</summary>
    public sealed record Propose(Instant Now, ulong Tag, uint Count, ReadOnlyMemory<byte> Payload) : IInput;

    /// <summary>A read wants to know from which applied index on its answer is current.</summary>
    public sealed record AskRead(Instant Now, ulong Tag) : IInput;

    /// <summary>The log's disk has everything up to there.</summary>
    public sealed record Stored(Instant Now, LogPosition UpTo) : IInput;

    /// <summary>The state machine has applied everything up to there.</summary>
    public sealed record Applied(Instant Now, LogIndex UpTo) : IInput;

    /// <summary>The log's disk can't take entries (full, broken): no leading until <see cref="DiskWorks"/>.</summary>
    public sealed record DiskFails(Instant Now) : IInput;

    public sealed record DiskWorks(Instant Now) : IInput;

    public enum Change
    {
        AddObserver = 0,
        Promote = 1,
        Demote = 2,
        Remove = 3,
    }

    public sealed record ChangeMembership(Instant Now, ulong Tag, Change Change, MemberId Member) : IInput;

    /// <summary>Hand the leadership to that member.</summary>
    public sealed record Transfer(Instant Now, ulong Tag, MemberId To) : IInput;

    /// <summary>This member is about to stop: another shall lead.</summary>
    public sealed record Retire(Instant Now, ulong Tag) : IInput;

    /// <summary>A snapshot of the state has been made: the log before it may go.</summary>
    /// <param name="Free">Up to there it may go even where that leaves fewer entries than are kept otherwise: they are large.</param>
    public sealed record SnapshotMade(Instant Now, SnapshotInfo Snapshot, LogIndex Free = default) : IInput;

    /// <summary>The snapshot that was to be sent to that member is not there any more: a newer one takes its place, and its first piece is on its way.</summary>
    public sealed record SnapshotReplaced(Instant Now, MemberId For, SnapshotInfo Snapshot) : IInput;

    /// <summary>This member wants to lead: the leader is asked to hand over.</summary>
    public sealed record AttemptCoup(Instant Now, ulong Tag) : IInput;

    /// <summary>A received snapshot is complete, checked and in use as the state.</summary>
    public sealed record SnapshotInstalled(Instant Now, MemberId From, SnapshotInfo Snapshot, Instant SentAt) : IInput;

    // from the rules to the shell, in order of durability

    public abstract record Effect;

    /// <summary>A barrier: the effects after it, and those of later steps that follow a barrier of their own, wait until this and everything persisted before is on stable storage.</summary>
    /// <param name="TruncateFrom">Drop the log from there on first.</param>
    public sealed record Persist(Term Term, MemberId? Vote, LogIndex? TruncateFrom, ImmutableArray<LogBatch> Batches) : Effect;

    public sealed record Send(MemberId To, IPeerMessage Message) : Effect;

    /// <summary>Everything up to there is committed and on this member's disk: apply it.</summary>
    public sealed record Commit(LogIndex UpTo) : Effect;

    /// <summary>The proposal was put into the log there; its fate is told by <see cref="Commit"/>, or by <see cref="Lost"/> to be unknown.</summary>
    public sealed record Accepted(ulong Tag, LogIndex First, LogIndex Last) : Effect;

    /// <summary>The request was not taken: nothing happened.</summary>
    public sealed record NotTaken(ulong Tag, MemberId? Leader, string Why) : Effect;

    /// <summary>The leadership is lost: the fate of accepted proposals above that index is unknown here.</summary>
    public sealed record Lost(LogIndex Above) : Effect;

    /// <summary>Answer the read from a state that has applied <paramref name="At"/> — if, with the value in hand, the lease still holds (<see cref="Lease.Holds"/>) or <paramref name="Confirmed"/>.</summary>
    public sealed record ReadFrom(ulong Tag, LogIndex At, bool Confirmed) : Effect;

    /// <summary>A change of membership or a transfer that was asked for is under way.</summary>
    public sealed record Taken(ulong Tag) : Effect;

    /// <summary>Send that member the snapshot's bytes from an offset on, one chunk.</summary>
    public sealed record SendSnapshot(MemberId To, SnapshotInfo Snapshot, ulong Offset, Instant SentAt) : Effect;

    /// <summary>Keep that chunk, if its checksum is right and it fits; answer with what is there now; install when complete.</summary>
    public sealed record KeepChunk(MemberId From, SnapshotChunk Chunk) : Effect;

    /// <summary>The log up to and including that index is not needed any more.</summary>
    public sealed record Trim(LogIndex UpTo) : Effect;

    /// <summary>Read entries from the log's disk for a member that is behind the tail held in memory, and feed them back with <see cref="LogRead"/>.</summary>
    public sealed record ReadLog(MemberId For, LogIndex From, ulong MaxBytes) : Effect;

    /// <summary>What <see cref="ReadLog"/> found; empty when it was trimmed meanwhile.</summary>
    public sealed record LogRead(Instant Now, MemberId For, LogPosition Previous, ImmutableArray<LogBatch> Batches) : IInput;

    /// <summary>Something that operators should know.</summary>
    public sealed record Note(string Text) : Effect;
}
