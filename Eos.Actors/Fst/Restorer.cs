using System.Buffers;
using Eos.Kernel;

namespace Eos.Fst;

/// <summary>What is to be done about one replica. The capability for reading says what its bytes must be.</summary>
/// <param name="Replaces">Of an attachment: the place that the new replica takes over.</param>
/// <param name="Tries">How often it was refused for the moment.</param>
public sealed record RestoreJob(RestoreTask Task, ChainGrant Grant, FsId? Replaces, int Tries = 0)
{
    /// <summary>Of a verification: what of the bytes that are found counts from now on.</summary>
    public FstProtocol.Correction Corrects { get; init; }

    /// <summary>Of a verification: bytes a second at most; 0: as fast as it goes.</summary>
    public ulong Rate { get; init; }

    public FileId File => Grant.Capability.File;
}

/// <summary>Append only.</summary>
public enum RestoreTask
{
    /// <summary>A replica that was found bad is to be made good.</summary>
    Heal = 1,

    /// <summary>A further replica is wanted.</summary>
    Attach = 2,

    /// <summary>See whether the replica is there.</summary>
    Look = 3,

    /// <summary>See whether all its bytes are right.</summary>
    Verify = 4,

    /// <summary>What its bytes are counts from now on.</summary>
    Correct = 5,
}

/// <summary>Compares replicas of one filesystem with what they must be, and makes them from replicas of others. Failures that may happen are <see cref="EosException"/>.</summary>
internal sealed class Restorer(ActorGate gate, PeerPort peers)
{
    private const int BlockSize = 256 << 10;
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(1);

    /// <summary>What is wrong with this filesystem's replica; null: nothing.</summary>
    public async Task<ReplicaFault?> ExamineAsync(Capability capability, bool whole, ulong rate = 0)
    {
        try
        {
            using var stored = gate.Disk.Open(capability.File, capability.Open);
            var (record, content) = (stored.Record, capability.Content);
            var right = (ulong)stored.Length == record.Size && record.Size == content.Size && record.Checksum == content.Checksum;
            return right && (!whole || await SumOfAsync(stored, rate) == record.Checksum) ? null : ReplicaFault.Broken;
        }
        catch (DiskFault fault)
        {
            return fault.Why == Errno.NoEntry ? ReplicaFault.Missing : ReplicaFault.Broken;
        }
    }

    /// <summary>Reads what is there, writes its record anew, and says what the directory is to be told; null: nothing.</summary>
    public async Task<FstProtocol.CorrectFile?> CorrectAsync(RestoreJob job, OpId op)
    {
        var (capability, wish) = (job.Grant.Capability, job.Corrects);
        ReplicaRecord record;
        using (var stored = gate.Disk.Open(job.File, capability.Open)) record = stored.Record with { Size = (ulong)stored.Length, Checksum = await SumOfAsync(stored, job.Rate) };
        gate.Disk.Rewrite(record);
        if ((wish & (FstProtocol.Correction.Checksum | FstProtocol.Correction.Size)) == 0) return null;
        return new FstProtocol.CorrectFile(
            capability.Directory, op, new FstProtocol.Held(job.File, capability.Open), gate.Id, capability.Path[(capability.Path.LastIndexOf('/') + 1)..],
            wish.HasFlag(FstProtocol.Correction.Size) ? record.Size : null, wish.HasFlag(FstProtocol.Correction.Checksum) ? record.Checksum : null);
    }

    /// <summary>Makes the replica from the first of the others that has the right bytes, and lets the directory know. EIO with the last reason when none has.</summary>
    public async Task MakeAsync(RestoreJob job)
    {
        Exception last = new EosException(Errno.NoDevice, "there is no other replica to copy from");
        foreach (var source in job.Grant.Others.Where(other => other.Place.Fs != gate.Id))
        {
            var transfer = await gate.BeginAsync(job.Grant.Capability with { Operation = CapabilityOperation.Restore }, CancellationToken.None);
            ReplicaRecord record;
            try
            {
                record = await FetchAsync(source);
            }
            catch (Exception failure) when (failure is PeerFault or DiskFault)
            {
                gate.End(transfer);
                last = failure;
                continue;
            }

            await gate.AttachAsync(transfer, record, job.Replaces);
            return;
        }

        throw last as EosException ?? new EosException(Errno.InputOutput, last.Message);
    }

    /// <summary>The bytes are here already: the directory is told.</summary>
    public async Task AttachAsync(RestoreJob job)
    {
        ReplicaRecord record;
        using (var stored = gate.Disk.Open(job.File, job.Grant.Capability.Open)) record = stored.Record;
        var transfer = await gate.BeginAsync(job.Grant.Capability with { Operation = CapabilityOperation.Restore }, CancellationToken.None);
        await gate.AttachAsync(transfer, record, job.Replaces);
    }

    private async Task<ReplicaRecord> FetchAsync(ChainGrant source)
    {
        var (c, content) = (source.Capability, source.Capability.Content);
        using var response = await peers.ReadAsync(source, 0, CancellationToken.None);
        using var upload = gate.Disk.BeginAnew(c.File, c.Open, content.Size ?? 0);
        using var sum = ChecksumStream.Of(content.Checksum.Type);
        var size = await CopyAsync(source, response, upload, sum);
        var value = sum.FinishValue();
        if (size != content.Size || value != content.Checksum)
            throw new PeerFault(source.Place.Fs, Errno.InputOutput, $"filesystem {source.Place.Fs} gave {size} bytes with {value.Hex}, the file has {content.Size} with {content.Checksum.Hex}");
        var modified = response.Content.Headers.LastModified is { } time ? Instant.From(time) : Instant.Epoch;
        var record = new ReplicaRecord(c.File, c.Directory, c.Open, size, value, content.Layout, modified, c.Grant.Uid);
        upload.Complete(record);
        return record;
    }

    private async Task<ulong> CopyAsync(ChainGrant source, HttpResponseMessage response, IUpload upload, ChecksumStream sum)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync();
            using var limit = new CancellationTokenSource();
            for (long at = 0; ;)
            {
                limit.CancelAfter(peers.Patience);
                var read = await body.ReadAsync(buffer, limit.Token);
                if (read == 0) return (ulong)at;
                upload.Write(buffer.AsSpan(0, read), at);
                sum.Append(buffer.AsSpan(0, read));
                gate.Meter.Wrote(read);
                at += read;
            }
        }
        catch (Exception broken) when (broken is HttpRequestException or OperationCanceledException || (broken is IOException and not DiskFault))
        {
            throw PeerPort.Broken(source, broken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<Checksum> SumOfAsync(IStoredBytes stored, ulong rate)
    {
        var pacer = new Pacer(rate, Burst);
        using var sum = ChecksumStream.Of(stored.Record.Checksum.Type);
        var buffer = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            for (long at = 0; ;)
            {
                var read = stored.Read(buffer, at);
                if (read == 0) return sum.FinishValue();
                sum.Append(buffer.AsSpan(0, read));
                gate.Meter.Read(read);
                at += read;
                await pacer.WentAsync(read, CancellationToken.None);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
