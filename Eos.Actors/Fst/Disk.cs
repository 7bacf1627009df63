using Eos.Kernel;

namespace Eos.Fst;

/// <summary>
/// One mount that keeps replicas: the only door to it. All calls may block; all failures are <see cref="DiskFault"/>.
/// Safe for concurrent use; one file is written by one upload at a time because an open has its own temporary name.
/// </summary>
public interface IDisk
{
    /// <summary>The mount.</summary>
    string Root { get; }

    /// <summary>Checks that the mount is the filesystem that it should be; labels an empty one.</summary>
    /// <param name="labelled">It is known to have been labelled once: a mount without a label is then a disk that is not mounted.</param>
    void Attach(FsId id, string uuid, bool labelled);

    /// <summary>Bytes and inodes as the operating system counts them.</summary>
    DiskSpace Space();

    /// <summary>Opens a temporary file for the bytes of one open. A second one for the same open is refused with EBUSY, one for a file that is kept already with ESTALE.</summary>
    /// <param name="reserve">Bytes to reserve at once; ENOSPC if they are not there.</param>
    IUpload Begin(FileId file, OpenId open, ulong reserve);

    /// <summary>The same for bytes that take the place of the file's, which are missing or broken.</summary>
    IUpload BeginAnew(FileId file, OpenId open, ulong reserve);

    /// <summary>Makes the complete bytes of an open the file's bytes. Repeating it is harmless.</summary>
    void Keep(FileId file, OpenId open);

    /// <summary>Removes whatever an open that was not kept has left.</summary>
    void Discard(FileId file, OpenId open);

    /// <summary>Removes these files' bytes and records, and what opens of them left; durable when it returns. The number of kept replicas that went.</summary>
    int Delete(IReadOnlyCollection<FileId> files);

    /// <summary>Opens the bytes that an open wrote, kept already or only complete; ENOENT if this mount has them not.</summary>
    IStoredBytes Open(FileId file, OpenId open);

    /// <summary>Gives kept bytes another record, durably; ENOENT if the file is not kept as that open.</summary>
    void Rewrite(ReplicaRecord record);

    /// <summary>All that lies on the mount, one folder at a time. Lazy: other calls may change things meanwhile.</summary>
    IEnumerable<FoundFolder> Survey();

    /// <summary>Puts aside, below <c>.eosorphans</c>, a file that nobody can be asked about.</summary>
    void SetAside(string path);
}

/// <summary>Bytes on their way in. Disposing it before <see cref="Complete"/> removes them.</summary>
public interface IUpload : IDisposable
{
    /// <summary>Writes at the offset.</summary>
    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>What was written is on stable storage when it returns.</summary>
    void Sync();

    /// <summary>Bytes, record and names are on stable storage when it returns.</summary>
    void Complete(ReplicaRecord record);
}

/// <summary>Bytes of one complete replica.</summary>
public interface IStoredBytes : IDisposable
{
    ReplicaRecord Record { get; }

    /// <summary>Bytes that are there; differs from the record's size only on a broken replica.</summary>
    long Length { get; }

    /// <summary>Reads at the offset; 0 at the end.</summary>
    int Read(Span<byte> into, long offset);
}

/// <summary>Counts of a mount.</summary>
/// <param name="Free">For us, without what the system reserves for root.</param>
/// <param name="Busy">How long the device has had something to do, since the machine started; zero where the system does not say.</param>
public readonly record struct DiskSpace(ulong Capacity, ulong Free, ulong Inodes, ulong InodesFree, TimeSpan Busy);

/// <summary>What lies in one folder of a mount.</summary>
/// <param name="Kept">Whole replicas.</param>
/// <param name="Complete">Whole replicas that were not yet kept when their server stopped.</param>
/// <param name="Partial">Opens that ended mid-way.</param>
/// <param name="Strange">Files without a readable record: paths.</param>
public sealed record FoundFolder(
    IReadOnlyList<ReplicaRecord> Kept, IReadOnlyList<ReplicaRecord> Complete, IReadOnlyList<FstProtocol.Held> Partial, IReadOnlyList<string> Strange);
