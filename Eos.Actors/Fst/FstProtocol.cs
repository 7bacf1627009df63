using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Fst;

/// <summary>
/// What directories, filesystems and views say to each other.
/// <para>
/// A filesystem server (FST) that holds all bytes of an upload, on stable storage, sends <see cref="CommitFile"/> to the directory (by sharding)
/// and repeats it, with the same operation id, until it is answered <see cref="Committed"/> or <see cref="CommitRefused"/>; then it keeps or deletes the bytes.
/// Silence or <see cref="CommitUnknown"/> means: repeat. Of several replicas the first filesystem, the head, commits for all; the others hold their bytes until it
/// tells them what became of the open, and ask the directory (<see cref="WhoOwns"/>) if it does not. An upload that fails is told by <see cref="AbandonOpen"/>, once, as a courtesy: opens expire.
/// </para>
/// <para>
/// A directory that unlinks a replica remembers it until <see cref="ReplicaDropped"/> and sends <see cref="DropReplicas"/>, through the view, now and then.
/// Lost orders cost time only: the FST's sweep asks each directory <see cref="WhoOwns"/> about what it found on disk. All messages may be repeated.
/// </para>
/// </summary>
public static class FstProtocol
{
    /// <summary>Query key of the capability in data URLs: `http://host:port/eos/dev/x?cap=…`.</summary>
    public const string CapabilityQuery = "cap";

    /// <summary>Header of an HTTP refusal: the errno as a decimal number; the body is the text.</summary>
    public const string ErrnoHeader = "X-Eos-Errno";

    /// <summary>Header of an HTTP refusal: the filesystem that could not do its part, if it is not the one that answers.</summary>
    public const string FailedHeader = "X-Eos-Failed-Filesystem";

    /// <summary>Header of a stored replica: its bytes.</summary>
    public const string SizeHeader = "X-Eos-Size";

    /// <summary>Query key between data servers: which of the capability's places is meant. Without it a write means the head.</summary>
    public const string ChainQuery = "eos.chain";

    /// <summary>Query key between data servers: the modification time that all replicas get, in nanoseconds.</summary>
    public const string ModifiedQuery = "eos.modified";

    /// <summary>Query key between data servers: `keep` or `drop` what the place holds of the open.</summary>
    public const string SettleQuery = "eos.settle";

    // commands to a directory

    /// <summary>The bytes of an open are complete. Accepted once, for the open that is current for its name.</summary>
    public sealed record CommitFile(
        DirectoryId Directory, OpId Op, OpenId Open, FileId File,
        ulong Size, Checksum Checksum, ImmutableArray<FsId> Locations, Instant Modified) : IForDirectory;

    /// <summary>The upload ended without its bytes: the open is over, the name is as it was.</summary>
    public sealed record AbandonOpen(DirectoryId Directory, OpId Op, OpenId Open, FileId File) : IForDirectory;

    /// <summary>
    /// The filesystem has made a replica of the file from others: it is, or stays, one of its places. Accepted for the file's current bytes only.
    /// Answered as a commit is, and repeated like one.
    /// </summary>
    /// <param name="Name">The file's name as it was last known, to find it quickly.</param>
    /// <param name="Replaces">A place that is lost: the file has it no more.</param>
    public sealed record AttachReplica(
        DirectoryId Directory, OpId Op, Held Replica, FsId Fs, ulong Size, Checksum Checksum, string Name, FsId? Replaces) : IForDirectory;

    /// <summary>An administrator wants what a replica's bytes are to count in the namespace. Accepted for the file's current open and one of its places; answered as a commit is, and not repeated.</summary>
    /// <param name="Size">Null: as it is.</param>
    /// <param name="Checksum">Null: as it is.</param>
    public sealed record CorrectFile(DirectoryId Directory, OpId Op, Held Replica, FsId Fs, string Name, ulong? Size, Checksum? Checksum) : IForDirectory;

    /// <summary>These files have no bytes on the filesystem any more: the directory may forget them.</summary>
    public sealed record ReplicaDropped(DirectoryId Directory, OpId Op, FsId Fs, ImmutableArray<FileId> Files) : IForDirectory;

    // queries to a directory

    /// <summary>May these replicas stay? At most 1 000 in a message. <see cref="Asked"/> names the question.</summary>
    public sealed record WhoOwns(DirectoryId Directory, OpId Asked, FsId Fs, ImmutableArray<Held> Replicas) : IForDirectory;

    /// <summary>One replica found on disk, complete or not.</summary>
    public readonly record struct Held(FileId File, OpenId Open);

    // replies of a directory

    public sealed record Committed(OpId Op, FileId File);
    public sealed record CommitRefused(OpId Op, Errno Why, string Text);
    public sealed record CommitUnknown(OpId Op);

    /// <summary>Answers <see cref="AbandonOpen"/> and <see cref="ReplicaDropped"/>.</summary>
    public sealed record Noted(OpId Op);

    /// <summary>Answers <see cref="WhoOwns"/>, in the order of the question.</summary>
    public sealed record Owned(OpId Asked, DirectoryId Directory, ImmutableArray<Ownership> Verdicts);

    /// <summary>What becomes of a replica. Append only.</summary>
    public enum Ownership
    {
        /// <summary>The file's record names this filesystem.</summary>
        Keep = 1,

        /// <summary>An open that can still be committed: ask again later.</summary>
        Wait = 2,

        /// <summary>The file was removed: delete, and tell <see cref="ReplicaDropped"/>.</summary>
        Drop = 3,

        /// <summary>The directory knows neither the file nor the open: an upload whose end was not seen was given up, but a kept replica belongs to a past
        /// that the directory has lost, and stays.</summary>
        Unknown = 4,

        /// <summary>There is no such directory, and never was in this journal: everything stays as it is.</summary>
        Stranger = 5,
    }

    // orders to a filesystem

    public interface IOrder
    {
        FsId Fs { get; }
    }

    /// <summary>Look for what earlier runs left, once in each run. <paramref name="Token"/> is that of the master's lease: a filesystem obeys the highest that it has seen.</summary>
    public sealed record OrderSweep(FsId Fs, ulong Token) : IOrder;

    /// <summary>Look at the mount and its label anew.</summary>
    public sealed record OrderBoot(FsId Fs) : IOrder
    {
        /// <summary>And at everything that lies there, as after a start.</summary>
        public bool Sweeps { get; init; }
    }

    /// <summary>Make a replica from those that the capability for reading names, and tell <see cref="AttachReplica"/>. Lost orders are given again by whoever wants it.</summary>
    public sealed record RestoreReplica(FsId Fs, string Capability, FsId? Replaces) : IOrder;

    /// <summary>Compare the replica with what the capability for reading says; a bad one is made anew from the others that it names.</summary>
    /// <param name="Whole">Read all bytes; else see only whether they are there.</param>
    public sealed record VerifyReplica(FsId Fs, string Capability, bool Whole) : IOrder
    {
        /// <summary>What of the bytes that are found counts from now on. With any, nothing is mended.</summary>
        public Correction Corrects { get; init; }

        /// <summary>Bytes a second that are read at most; 0: as fast as it goes.</summary>
        public ulong Rate { get; init; }
    }

    /// <summary>What the bytes of a replica overrule. Append only.</summary>
    [Flags]
    public enum Correction
    {
        None = 0,

        /// <summary>The checksum that the namespace has.</summary>
        Checksum = 1,

        /// <summary>The size that the namespace has.</summary>
        Size = 2,

        /// <summary>The record beside the bytes.</summary>
        Record = 4,
    }

    /// <summary>Delete these replicas and answer <see cref="ReplicaDropped"/>. Unknown files count as dropped.</summary>
    public sealed record DropReplicas(FsId Fs, DirectoryId Directory, ImmutableArray<FileId> Files) : IOrder;

    // reports to the view

    /// <summary>A filesystem's whole state; a later sequence number of the same or a later incarnation replaces it.</summary>
    /// <param name="Incarnation">Grows with each start of the FST (the moment of its start in nanoseconds).</param>
    public sealed record FsReport(
        FsIdentity Identity, ConfigStatus Status, FsHealth Health, FsUsage Usage, FsLoad Load,
        ulong Incarnation, ulong Sequence, Instant At)
    {
        public FsSystem System { get; init; } = FsSystem.None;
    }

    /// <summary>The process that serves a filesystem, and its machine.</summary>
    /// <param name="Virtual">Bytes of memory, with what is only reserved.</param>
    /// <param name="Started">When the process started.</param>
    /// <param name="Uptime">Of the machine.</param>
    public sealed record FsSystem(ulong Virtual, ulong Resident, uint Threads, uint Sockets, string Version, string Engine, string Kernel, Instant Started, TimeSpan Uptime)
    {
        public static readonly FsSystem None = new(0, 0, 0, 0, "", "", "", Instant.Epoch, TimeSpan.Zero);
    }

    /// <param name="Host">Name by which clients reach the data port.</param>
    /// <param name="Port">The data port (HTTP).</param>
    /// <param name="Group">`space.index`.</param>
    public sealed record FsIdentity(FsId Id, string Uuid, string Host, int Port, string Path, string Space, string Group, string Geotag);

    public sealed record FsHealth(BootStatus Boot, Errno Error, string Text)
    {
        /// <summary>The order to look for what earlier runs left has come.</summary>
        public bool Swept { get; init; }
    }

    /// <summary>Bytes and inodes as the operating system counts them; <paramref name="Replicas"/>: files that the FST holds.</summary>
    public sealed record FsUsage(ulong Capacity, ulong Free, ulong Headroom, ulong Inodes, ulong InodesFree, ulong Replicas)
    {
        /// <summary>What was found wrong since the server started.</summary>
        public FsFaults Faults { get; init; }

        public ulong Used => Capacity - Math.Min(Free, Capacity);
    }

    /// <summary>Replicas that were found missing or broken, and those that were made anew from others.</summary>
    public readonly record struct FsFaults(ulong Missing, ulong Broken, ulong Restored)
    {
        /// <summary>Found and not made good.</summary>
        public ulong Open => Missing + Broken > Restored ? Missing + Broken - Restored : 0;
    }

    /// <summary>Load 0 to 1, rates in MB/s over the last report interval, streams open now.</summary>
    public sealed record FsLoad(double Disk, double ReadRate, double WriteRate, uint OpenForRead, uint OpenForWrite)
    {
        public static readonly FsLoad Idle = new(0, 0, 0, 0, 0);
    }

    /// <summary>What the administrator wants of a filesystem; the order is EOS's: each grants more than the one before. Append only.</summary>
    public enum ConfigStatus
    {
        Unknown = -1,
        Off = 0,
        Empty = 1,
        DrainDead = 2,
        GroupDrain = 3,
        Drain = 4,
        ReadOnly = 5,
        WriteOnce = 6,
        ReadWrite = 7,
    }

    /// <summary>How far a filesystem came in starting. Append only.</summary>
    public enum BootStatus
    {
        OperationError = -2,
        BootFailure = -1,
        Down = 0,
        BootSent = 1,
        Booting = 2,
        Booted = 3,
    }
}
