using System.Globalization;
using System.IO.Pipelines;
using Eos.Fst;
using Eos.Kernel;
using Microsoft.AspNetCore.Http;

namespace Eos.Host.Http;

/// <summary>PUT at the data port: bytes from the socket to the disk, checksums on the way, answered when the directory has accepted them.</summary>
/// <remarks>Whatever goes wrong before the commit leaves nothing on disk. The body is never held: memory is what the server's pipe holds.</remarks>
internal sealed class UploadDoor(IClock clock)
{
    public async Task RunAsync(HttpContext http, Capability capability, IFilesystemGate gate)
    {
        var checks = UploadChecks.Read(http.Request, capability);
        var limit = capability.Content.MaxSize == 0 ? ulong.MaxValue : capability.Content.MaxSize;
        if (checks.Size > limit) throw TooLarge(limit);
        var transfer = await gate.BeginAsync(capability, http.RequestAborted);
        ReplicaRecord record;
        try
        {
            record = await StoreAsync(http, capability, gate, checks, limit);
        }
        catch
        {
            gate.End(transfer);
            throw;
        }

        await gate.CommitAsync(transfer, record);
        FileHeaders.Write(http.Response, record.File, record.Checksum, record.Modified);
        http.Response.Headers["X-Eos-File-Id"] = record.File.Value.ToString(CultureInfo.InvariantCulture);
        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.ContentLength = 0;
    }

    private async Task<ReplicaRecord> StoreAsync(HttpContext http, Capability capability, IFilesystemGate gate, UploadChecks checks, ulong limit)
    {
        var type = capability.Content.Checksum.Type;
        if (!ChecksumStream.Knows(type)) throw new EosException(Errno.NotSupported, $"checksum type {type.Name()} is not computed here");
        var sums = checks.Sums.Select(sum => sum.Type).Append(type).Distinct().Select(ChecksumStream.Of).ToArray();
        try
        {
            using var upload = gate.Disk.Begin(capability.File, capability.Open, Math.Max(checks.Size ?? 0, capability.Content.Booking));
            var size = await ReceiveAsync(http.Request.BodyReader, upload, sums, limit, gate.Meter, http.RequestAborted);
            var values = sums.ToDictionary(sum => sum.Type, sum => sum.FinishValue());
            checks.Compare(size, wanted => values[wanted], capability);
            var record = new ReplicaRecord(
                capability.File, capability.Directory, capability.Open, size, values[type], capability.Content.Layout, clock.Now, capability.Grant.Uid);
            upload.Complete(record);
            return record;
        }
        finally
        {
            foreach (var sum in sums) sum.Dispose();
        }
    }

    private static async Task<ulong> ReceiveAsync(
        PipeReader body, IUpload upload, ChecksumStream[] sums, ulong limit, FilesystemMeter meter, CancellationToken cancel)
    {
        long size = 0;
        while (true)
        {
            var read = await body.ReadAsync(cancel);
            try
            {
                foreach (var piece in read.Buffer)
                {
                    if ((ulong)size + (ulong)piece.Length > limit) throw TooLarge(limit);
                    foreach (var sum in sums) sum.Append(piece.Span);
                    upload.Write(piece.Span, size);
                    size += piece.Length;
                    meter.Wrote(piece.Length);
                }
            }
            finally
            {
                body.AdvanceTo(read.Buffer.End);   // also after a failure: the server swallows the rest, so that the client gets to read why
            }

            if (read.IsCompleted) return (ulong)size;
            if (read.IsCanceled) throw new OperationCanceledException("the upload was cancelled", cancel);
        }
    }

    private static EosException TooLarge(ulong limit) => new(Errno.FileTooLarge, $"at most {limit} bytes are allowed here");
}
