using static Eos.Raft.RaftProtocol;

namespace Eos.Raft;

/// <summary>One entry on its way into the log. Exactly one of the three answers is given, once, on any thread: answer quickly, hand on.</summary>
public interface ISubmission
{
    /// <summary>The entry's bytes; the state machine knows what they mean.</summary>
    ReadOnlyMemory<byte> Entry { get; }

    /// <summary>It is committed and applied here; what came of it is the state machine's.</summary>
    void Applied(object outcome);

    /// <summary>It was not taken: nothing happened, and nothing will.</summary>
    /// <param name="leader">Who may take it, where that is known.</param>
    void Refused(MemberId? leader, string why);

    /// <summary>It may happen, or not: only asking again under the same operation id finds out.</summary>
    void Unknown(string why);
}

/// <summary>A question to the state that must see every write acknowledged before it was asked. Answered once, on any thread.</summary>
public interface IReading
{
    /// <summary>What was found, by the state machine's own kind of question.</summary>
    void Answered(object answer);

    /// <summary>This member can't answer it; nothing happened.</summary>
    void Refused(MemberId? leader, string why);
}

/// <summary>What a state machine tells the member that feeds it; on any thread.</summary>
public interface IStateMachineOwner
{
    /// <summary>Everything up to there is applied and visible to reads.</summary>
    void Applied(LogIndex upTo);

    /// <summary>The state up to there is on stable storage: a member could start from it, and the log before it may go.</summary>
    void Kept(SnapshotInfo snapshot);

    /// <summary>The state's disk refuses (full, broken), or works again (null).</summary>
    void Disk(Exception? trouble);

    /// <summary>A snapshot can't be written out for others or gathered from them, or can again (null). The member goes on; who lacks the snapshot waits.</summary>
    void Snapshots(Exception? trouble);

    /// <summary>The state can't be trusted or gone on with: the member must stop.</summary>
    void Failed(Exception why);
}

/// <summary>A piece of a snapshot's bytes.</summary>
/// <param name="Snapshot">Which snapshot it is: the one that was asked for, or a newer one, which begins at offset 0.</param>
public sealed record SnapshotPiece(SnapshotInfo Snapshot, ulong Offset, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// The replicated state behind a member. It does its work on threads of its own: every method hands on and returns. Batches come committed, stored,
/// in order and without gaps after <see cref="Opened"/>, and again after a crash from there on; it applies each exactly once.
/// </summary>
public interface IStateMachine : IDisposable
{
    /// <summary>Up to where its own file went when it was opened, with the membership then; position 0 for an empty one.</summary>
    SnapshotInfo Opened { get; }

    /// <summary>Applies a batch. <paramref name="own"/>: the submissions of its entries in order when they were made through this member, else null.</summary>
    void Apply(LogBatch batch, IReadOnlyList<ISubmission>? own);

    /// <summary>Answers questions from a state that has applied <paramref name="at"/>.</summary>
    /// <param name="current">Asked with each answer in hand; false: the answer may be stale and is given to <paramref name="stale"/> instead of its asker.</param>
    /// <param name="logTime">Log time as it is now, by the leader's reckoning.</param>
    void Read(LogIndex at, TimeSpan logTime, IReadOnlyList<IReading> readings, Func<bool> current, Action<IReadOnlyList<IReading>> stale);

    /// <summary>Bytes of a snapshot from an offset on. One that is not there any more, or was never written out, is replaced by a newer one.</summary>
    void Export(SnapshotInfo snapshot, ulong offset, int maxBytes, Action<SnapshotPiece> found);

    /// <summary>Keeps a piece of a snapshot that another member sends. <paramref name="kept"/> gets how many bytes are here now; after the last, checked piece
    /// the state is that of the snapshot, and its second argument is true.</summary>
    void Import(SnapshotChunk piece, Action<ulong, bool> kept);

    /// <summary>The digest of the state after an entry whose index is a multiple of the digest interval; null when it is not (or no longer) known.</summary>
    string? DigestAt(LogIndex index);
}
