using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Kv.KvProtocol;

namespace Eos.Kv;

/// <summary>
/// What Eos itself asks of the machine: leases with fencing tokens, journals, snapshots, indexes, counters, configuration. No command of the Redis protocol reaches
/// the rows behind these. Tokens are the index of the entry that granted them; times are log time.
/// </summary>
public static class SystemProtocol
{
    /// <summary>Outcome of a system entry, and answer to a system question.</summary>
    public interface IAnswer;

    /// <summary>Refused: nothing was changed.</summary>
    public sealed record Refused(Errno Why, string Text) : IAnswer;

    public sealed record Done : IAnswer
    {
        public static readonly Done Instance = new();
    }

    // client sessions: a repeated entry is answered as the first time

    /// <summary>An entry that happens once however often it is sent. The caller has the answers to all its numbers below <paramref name="AnsweredBelow"/>; those are forgotten.</summary>
    public sealed record Once(OpId Op, ulong AnsweredBelow, IEntry Entry) : IEntry;

    /// <summary>It was asked for before, and what came of it is not kept: it was too much, or too long ago, or its caller said to have seen it. Nothing happened now.</summary>
    public sealed record NotKept : IAnswer
    {
        public static readonly NotKept Instance = new();
    }

    // leases

    /// <summary>Takes a lease, or renews it when this holder has it (the token stays). Refused (EBUSY) while another holds it.</summary>
    public sealed record AcquireLease(string Name, string Holder, TimeSpan Duration) : IEntry;

    /// <summary>
    /// As <see cref="AcquireLease"/>, for a lease that goes with its holder's session: a holder whose session is over has lost it, and nobody takes it without a session
    /// (ESTALE). So its holder must not act while its session does not hold.
    /// </summary>
    /// <param name="Sessions">How the names of sessions begin; the holder follows.</param>
    public sealed record AcquireRole(string Name, string Holder, TimeSpan Duration, string Sessions) : IEntry;

    /// <summary>Renews by token; refused (ESTALE) when the lease is over or somebody else's.</summary>
    public sealed record RenewLease(string Name, ulong Token, TimeSpan Duration) : IEntry;

    /// <summary>Takes a lease that lasts as long as another one: the shard leases of a node live and end with its node session.</summary>
    public sealed record AcquireBound(string Name, string Holder, Fence Session) : IEntry;

    /// <summary>Gives a lease back, timed or bound. Not holding it is no error.</summary>
    public sealed record ReleaseLease(string Name, ulong Token) : IEntry;

    public sealed record LeaseGranted(string Name, ulong Token, TimeSpan Until) : IAnswer;

    /// <summary>Why <see cref="AcquireLease"/>, <see cref="AcquireRole"/> or <see cref="AcquireBound"/> was refused: who has it and for how long still.</summary>
    public sealed record LeaseHeld(string Name, string Holder, ulong Token, TimeSpan Remaining) : IAnswer;

    public sealed record LookAtLeases(string Prefix) : IQuestion;

    /// <param name="Remaining">Zero or less: it is over, although no entry has ended it yet.</param>
    public sealed record LeaseRow(string Name, string Holder, ulong Token, TimeSpan Remaining);

    public sealed record Leases(ImmutableArray<LeaseRow> Rows, TimeSpan LogTime) : IAnswer;

    /// <summary>Who may write: the holder of that lease under that token, as long as it holds in log time.</summary>
    public readonly record struct Fence(string Lease, ulong Token);

    // journals

    /// <summary>Makes this fence the only writer of the id from here on, and tells its highest sequence number. First thing of every recovery.</summary>
    public sealed record ClaimJournal(string PersistenceId, Fence Fence) : IEntry;

    public sealed record Claimed(long HighestSequenceNr) : IAnswer;

    /// <summary>Stores events if the fence is current, has claimed the id, and the id ends at <paramref name="ExpectedSequenceNr"/>; else refused (ESTALE) with nothing changed.</summary>
    public sealed record AppendJournal(string PersistenceId, Fence Fence, long ExpectedSequenceNr, ImmutableArray<ReadOnlyMemory<byte>> Events, ImmutableArray<IndexOp> Index) : IEntry;

    /// <summary>Deletes events up to a number; the highest number ever used stays known.</summary>
    public sealed record TrimJournal(string PersistenceId, Fence Fence, long ToSequenceNr) : IEntry;

    public sealed record ReadJournal(string PersistenceId, long From, long To, int MaxBytes) : IQuestion;

    /// <param name="More">There are further events below <see cref="ReadJournal.To"/>.</param>
    public sealed record JournalEvents(ImmutableArray<JournalEvent> Events, long HighestSequenceNr, bool More) : IAnswer;

    public readonly record struct JournalEvent(long SequenceNr, ReadOnlyMemory<byte> Bytes);

    /// <summary>Sets or deletes (null) a row of a named index, or adds a number to it, together with the events that mean it.</summary>
    public sealed record IndexOp(string Index, ReadOnlyMemory<byte> Key, IndexChange Change, ReadOnlyMemory<byte> Value, long Number);

    public enum IndexChange
    {
        Set = 0,
        Delete = 1,
        Add = 2,
    }

    /// <summary>Rows of an index whose keys begin with a prefix, after a key.</summary>
    public sealed record ScanIndex(string Index, ReadOnlyMemory<byte> Prefix, ReadOnlyMemory<byte> After, int MaxRows) : IQuestion;

    public sealed record IndexRows(ImmutableArray<KvRow> Rows, bool More) : IAnswer;

    // snapshots of persistent actors, in chunks

    /// <summary>Stores one chunk; the snapshot exists once all of its chunks do.</summary>
    public sealed record PutSnapshot(string PersistenceId, Fence Fence, long SequenceNr, long Timestamp, int Chunk, int Chunks, ReadOnlyMemory<byte> Bytes) : IEntry;

    /// <summary>Deletes the snapshots whose number and time lie within.</summary>
    public sealed record DropSnapshots(string PersistenceId, Fence Fence, long MinSequenceNr, long MaxSequenceNr, long MinTimestamp, long MaxTimestamp) : IEntry;

    /// <summary>The newest complete snapshot within, and how many chunks it has.</summary>
    public sealed record FindSnapshot(string PersistenceId, long MinSequenceNr, long MaxSequenceNr, long MinTimestamp, long MaxTimestamp) : IQuestion;

    /// <param name="Chunks">0: there is none.</param>
    public sealed record SnapshotFound(long SequenceNr, long Timestamp, int Chunks) : IAnswer;

    public sealed record ReadSnapshot(string PersistenceId, long SequenceNr, int Chunk) : IQuestion;

    /// <param name="Bytes">Null when it was deleted meanwhile.</param>
    public sealed record SnapshotBytes(ReadOnlyMemory<byte>? Bytes) : IAnswer;

    /// <summary>Ids with that beginning whose journals have at least so many events after the last snapshot, behind that id, in an order that stays as it is.</summary>
    /// <param name="After">Empty: from the first on.</param>
    public sealed record FindLongJournals(string Prefix, string After, long MinEvents) : IQuestion;

    /// <param name="Next">Behind which id to look for more; empty: that was all.</param>
    public sealed record LongJournalsFound(ImmutableArray<string> Ids, string Next) : IAnswer;

    // pages: parts of snapshots that are stored by themselves

    /// <param name="Bytes">Empty: there is none of that key.</param>
    public readonly record struct PageRow(ulong Key, ReadOnlyMemory<byte> Bytes);

    /// <summary>Stores pages of an id, in place of those that have the same keys.</summary>
    public sealed record PutPages(string PersistenceId, Fence Fence, ImmutableArray<PageRow> Pages) : IEntry;

    /// <summary>Deletes pages; those that are not there are no error.</summary>
    public sealed record DropPages(string PersistenceId, Fence Fence, ImmutableArray<ulong> Keys) : IEntry;

    public sealed record ReadPages(string PersistenceId, ImmutableArray<ulong> Keys) : IQuestion;

    /// <summary>The first ones of those that were asked for, in that order, as many as fit: whoever wants the rest asks again.</summary>
    public sealed record PagesRead(ImmutableArray<PageRow> Pages) : IAnswer;

    /// <summary>Which pages an id has, from a key on.</summary>
    public sealed record ListPages(string PersistenceId, ulong From) : IQuestion;

    public sealed record PageKeys(ImmutableArray<ulong> Keys, bool More) : IAnswer;

    // counters, configuration, the tree of directories

    /// <summary>Takes that many numbers; they are nobody else's for ever.</summary>
    public sealed record TakeNumbers(string Counter, ulong Count) : IEntry;

    public sealed record NumbersTaken(ulong First, ulong Count) : IAnswer;

    /// <summary>Sets (null: deletes) keys of the configuration together, if it still has that version; null asks for none in particular. A fence, if given, must be current.</summary>
    public sealed record SetConfiguration(ulong? IfVersion, ImmutableSortedDictionary<string, string?> Changes, Fence? Fence) : IEntry;

    public sealed record ConfigurationSet(ulong Version) : IAnswer;

    /// <summary>Everything below a prefix, if the version is another than that.</summary>
    public sealed record ReadConfiguration(string Prefix, ulong? UnlessVersion) : IQuestion;

    /// <param name="Values">Null: the version has not changed.</param>
    public sealed record ConfigurationRead(ulong Version, ImmutableSortedDictionary<string, string>? Values) : IAnswer;
}
