using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Fst;

/// <summary>
/// What one filesystem's actor is told within its process, and what it remembers. What it says to directories and views is in <see cref="FstProtocol"/>.
/// <para>
/// A data door asks <see cref="Begin"/> and is answered <see cref="Begun"/> or <see cref="NotBegun"/>. A read, and a write that left nothing, ends with
/// <see cref="End"/>. A write whose bytes are on stable storage ends with <see cref="Finish"/>, answered <see cref="Stored"/> or <see cref="NotStored"/>
/// when the directory has spoken; if the door does not wait so long, the actor goes on until it knows.
/// </para>
/// <para>
/// A filesystem that is not the head of an upload ends with <see cref="Hold"/> instead, answered <see cref="Holding"/>: the bytes wait for <see cref="Settle"/>,
/// which the head's door sends by the data port when the directory has spoken. If it does not come, the directory is asked, and the open ended, so that it can't be committed any more.
/// </para>
/// <para>
/// Orders to delete are remembered durably before anything is deleted, and until the directory has noted that the bytes are gone.
/// </para>
/// </summary>
public static class FilesystemProtocol
{
    // signals: from data doors

    public sealed record Begin(Capability Capability);
    public sealed record Finish(TransferId Transfer, ReplicaRecord Record)
    {
        /// <summary>Of a restored replica: the place that it takes over.</summary>
        public FsId? Replaces { get; init; }
    }
    public sealed record End(TransferId Transfer);
    public sealed record Hold(TransferId Transfer, ReplicaRecord Record);

    /// <summary>What became of an open whose bytes are held here.</summary>
    public sealed record Settle(FileId File, OpenId Open, Settlement Settlement);

    /// <summary>A replica of this filesystem was wanted, and is not there or not what the directory recorded.</summary>
    public sealed record FoundBad(ChainGrant Replica, ReplicaFault Fault);

    /// <summary>The bytes of a replica were read and the directory is to take what they are.</summary>
    public sealed record Correct(FstProtocol.CorrectFile Correction);

    /// <summary>A replica that was found bad is made good.</summary>
    public sealed record MadeGood(FileId File);

    // signals: from the configuration

    /// <summary>What administrators want of this filesystem, the newest.</summary>
    public sealed record Configure(FsConfiguration Configuration);

    // signals: to data doors

    public sealed record Begun(TransferId Transfer);
    public sealed record NotBegun(Refusal Refusal);
    public sealed record Stored(TransferId Transfer);
    public sealed record NotStored(TransferId Transfer, Refusal Refusal);
    public sealed record Holding(TransferId Transfer);

    // signals: what a disk job came to. Refusal null: done.

    public sealed record Attached(DiskSpace Space, Refusal? Refusal);
    public sealed record Measured(DiskSpace Space, Refusal? Refusal)
    {
        public FstProtocol.FsSystem System { get; init; } = FstProtocol.FsSystem.None;
    }
    public sealed record Kept(TransferId Transfer, Refusal? Refusal);
    public sealed record Discarded(Refusal? Refusal);

    /// <param name="Replicas">Kept replicas among them.</param>
    public sealed record Deleted(DirectoryId Directory, ImmutableArray<FileId> Files, int Replicas, Refusal? Refusal);

    // signals: from the index

    /// <summary>Where a file is that a directory did not know, which was asked under that number.</summary>
    /// <param name="Directory">Null: nowhere.</param>
    /// <param name="IsKnown">False: the index did not answer.</param>
    public sealed record Located(OpId Asked, DirectoryId? Directory, bool IsKnown);

    // signals: from the sweep, a child

    /// <summary>Which of these does no transfer of now use? Answered <see cref="Idle"/>.</summary>
    public sealed record AskIdle(ImmutableArray<FstProtocol.Held> Opens);
    public sealed record Idle(ImmutableArray<FstProtocol.Held> Opens);

    /// <summary>The sweep has seen everything. What an open that may still be committed left is looked at again later.</summary>
    public sealed record Swept(SweepCounts Counts);

    /// <param name="Replicas">Kept replicas found.</param>
    /// <param name="Finished">Complete uploads that were owned and are kept now.</param>
    /// <param name="Dropped">Replicas that nobody owned, deleted.</param>
    /// <param name="Partial">Uploads cut off, removed.</param>
    /// <param name="Strange">Files without a record, put aside.</param>
    /// <param name="Unclaimed">Replicas of which their directories know nothing, left as they are.</param>
    public sealed record SweepCounts(ulong Replicas, ulong Finished, ulong Dropped, ulong Partial, ulong Strange, ulong Unclaimed);

    // signals: time

    /// <summary>Time to measure and report.</summary>
    public sealed record ReportTick;

    /// <summary>Time to repeat what was not answered.</summary>
    public sealed record RetryTick;

    // events

    /// <summary>Happened; stored for ever. Append fields, never change their meaning.</summary>
    public interface IEvent;

    /// <summary>The mount carries the label: from now on a mount without it is not this filesystem.</summary>
    public sealed record Labelled(FsId Fs, string Uuid) : IEvent;

    /// <summary>A master with this token has given an order; masters with lower ones are over.</summary>
    public sealed record MasterObeyed(ulong Token) : IEvent;

    /// <summary>A directory wants these replicas deleted.</summary>
    public sealed record DropsOrdered(DirectoryId Directory, ImmutableArray<FileId> Files) : IEvent;

    /// <summary>They are deleted and the directory knows.</summary>
    public sealed record DropsEnded(ImmutableArray<FileId> Files) : IEvent;
}
