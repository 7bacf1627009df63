using Eos.Kernel;

namespace Eos.Fst;

/// <summary>
/// What a data door (HTTP, later XRootD) sees of one filesystem: the disk for the bytes, and the actor, which says whether a transfer may
/// begin and brings a complete upload to the directory. Refusals are <see cref="EosException"/>.
/// </summary>
public interface IFilesystemGate
{
    FsId Id { get; }

    IDisk Disk { get; }

    FilesystemMeter Meter { get; }

    /// <summary>Enters a transfer into the table of open ones. Refused while the filesystem does not serve, or has no room.</summary>
    Task<TransferId> BeginAsync(Capability capability, CancellationToken cancel);

    /// <summary>Tells the directory that the bytes are complete on stable storage; returns when it has accepted them and they are kept.</summary>
    /// <remarks>When it throws because nothing was answered in time, the outcome is unknown and the actor goes on until it knows.</remarks>
    Task CommitAsync(TransferId transfer, ReplicaRecord record);

    /// <summary>The bytes are complete on stable storage, and another filesystem, the head, commits for all: they wait for <see cref="Settle"/>.</summary>
    Task HoldAsync(TransferId transfer, ReplicaRecord record);

    /// <summary>The head's word about bytes that are held here.</summary>
    void Settle(FileId file, OpenId open, Settlement settlement);

    /// <summary>A replica that should be here is not, or is not what the directory recorded.</summary>
    void FoundBad(ChainGrant replica, ReplicaFault fault);

    /// <summary>The transfer is over: a read, or a write that left nothing.</summary>
    void End(TransferId transfer);
}

/// <summary>What is wrong with a replica. Append only.</summary>
public enum ReplicaFault
{
    Missing = 1,
    Broken = 2,
}

/// <summary>Names a transfer within one run of a filesystem's actor.</summary>
public readonly record struct TransferId(ulong Value);

/// <summary>Bytes moved, counted by the doors while they move. Thread-safe.</summary>
public sealed class FilesystemMeter
{
    private long _read;
    private long _written;

    public long BytesRead => Interlocked.Read(ref _read);

    public long BytesWritten => Interlocked.Read(ref _written);

    public void Read(int bytes) => Interlocked.Add(ref _read, bytes);

    public void Wrote(int bytes) => Interlocked.Add(ref _written, bytes);
}
