using System.Globalization;
using System.IO.Pipelines;
using Eos.Fst;
using Eos.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Eos.Host.Http;

/// <summary>
/// PUT at the data port: bytes from the socket to the disk and to the next server of the chain, checksums on the way. The head of the chain compares what all have,
/// commits once for all, and answers when the directory has accepted them; the others hold their bytes until the head says what became of the upload.
/// </summary>
/// <remarks>Whatever goes wrong anywhere before the commit leaves nothing on any disk. The body is never held: memory is what the server's pipes hold.</remarks>
internal sealed class UploadDoor(IClock clock, PeerPort peers, HttpSettings settings, ILogger log)
{
    public async Task RunAsync(HttpContext http, ChainGrant here, IFilesystemGate gate)
    {
        var (capability, began) = (here.Capability, here.Capability.Modified ?? Began(http.Request));
        var checks = UploadChecks.Read(http.Request, capability);
        var limit = capability.Content.MaxSize == 0 ? ulong.MaxValue : capability.Content.MaxSize;
        if (checks.Size > limit) throw TooLarge(limit);
        var transfer = await gate.BeginAsync(capability, http.RequestAborted);
        ReplicaRecord record;
        try
        {
            await using var next = await ChainLink.OpenAsync(peers, here, checks.Size, began, settings);
            record = await StoreAsync(http, here, gate, transfer, checks, limit, next, next is null && here.Position == 0 && capability.Modified is null ? null : began);
        }
        catch
        {
            gate.End(transfer);
            if (here.Position == 0) Settle(here, Settlement.Drop);
            throw;
        }

        if (here.Position == 0) await CommitAsync(here, gate, transfer, record);
        FileHeaders.Write(http.Response, record.File, record.Checksum, record.Modified);
        http.Response.Headers["X-Eos-File-Id"] = record.File.Value.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers[FstProtocol.SizeHeader] = record.Size.ToString(CultureInfo.InvariantCulture);
        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.ContentLength = 0;
    }

    /// <summary>POST of the head: what became of the upload.</summary>
    public static void Settle(HttpContext http, Capability capability, IFilesystemGate gate)
    {
        gate.Settle(capability.File, capability.Open, http.Request.Query[FstProtocol.SettleQuery] == "keep" ? Settlement.Keep : Settlement.Drop);
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        http.Response.ContentLength = 0;
    }

    /// <summary>The others are told what the directory said; if it said nothing, they find out by themselves.</summary>
    private async Task CommitAsync(ChainGrant here, IFilesystemGate gate, TransferId transfer, ReplicaRecord record)
    {
        try
        {
            await gate.CommitAsync(transfer, record);
            Settle(here, Settlement.Keep);
        }
        catch (EosException refusal) when (refusal.Why != Errno.TryAgain)
        {
            Settle(here, Settlement.Drop);
            throw;
        }
    }

    private void Settle(ChainGrant here, Settlement settlement)
    {
        foreach (var other in here.Others) _ = TellAsync(other);

        async Task TellAsync(ChainGrant other)
        {
            try
            {
                using var limit = new CancellationTokenSource(settings.PeerTimeout);
                await peers.SettleAsync(other, settlement, limit.Token);
            }
            catch (Exception lost) when (lost is PeerFault or OperationCanceledException)
            {
                log.LogInformation("filesystem {Fs} was not told what became of open {Open}, and will ask: {Text}", other.Place.Fs, here.Capability.Open, lost.Message);
            }
        }
    }

    private async Task<ReplicaRecord> StoreAsync(
        HttpContext http, ChainGrant here, IFilesystemGate gate, TransferId transfer, UploadChecks checks, ulong limit, ChainLink? next, Instant? modified)
    {
        var capability = here.Capability;
        var type = capability.Content.Checksum.Type;
        if (!ChecksumStream.Knows(type)) throw new EosException(Errno.NotSupported, $"checksum type {type.Name()} is not computed here");
        var sums = checks.Sums.Select(sum => sum.Type).Append(type).Distinct().Select(ChecksumStream.Of).ToArray();
        try
        {
            using var upload = gate.Disk.Begin(capability.File, capability.Open, Math.Max(checks.Size ?? 0, capability.Content.Booking));
            var pacer = new Pacer(here.Position == 0 ? capability.Pace.Bandwidth : 0, settings.Burst);   // who is behind goes as fast as the head
            var size = await ReceiveAsync(http.Request.BodyReader, upload, next, sums, limit, pacer, capability.Pace.SyncsEach, gate.Meter, http.RequestAborted);
            var values = sums.ToDictionary(sum => sum.Type, sum => sum.FinishValue());
            checks.Compare(size, wanted => values[wanted], capability);
            var answer = next?.FinishAsync();   // it syncs its disk while this one syncs its own
            var record = new ReplicaRecord(
                capability.File, capability.Directory, capability.Open, size, values[type], capability.Content.Layout, modified ?? clock.Now, capability.Grant.Uid);
            upload.Complete(record);
            await AgreeAsync(http, here, gate, transfer, record, answer);
            return record;
        }
        finally
        {
            foreach (var sum in sums) sum.Dispose();
        }
    }

    /// <summary>The bytes are complete here. If they are not behind, or nobody is there to say what becomes of them, they go again.</summary>
    private static async Task AgreeAsync(
        HttpContext http, ChainGrant here, IFilesystemGate gate, TransferId transfer, ReplicaRecord record, Task<PeerReplica>? answer)
    {
        try
        {
            if (answer is not null) Compare(await answer, record, here.Next!.Place.Fs);
            if (here.Position == 0) return;
            http.RequestAborted.ThrowIfCancellationRequested();
            await gate.HoldAsync(transfer, record);
        }
        catch
        {
            gate.Disk.Discard(record.File, record.Open);
            throw;
        }
    }

    private static void Compare(PeerReplica other, ReplicaRecord mine, FsId fs)
    {
        if (other.Size != mine.Size || (mine.Checksum.Type != ChecksumType.None && other.Checksum is { } sum && sum != mine.Checksum))
            throw new PeerFault(fs, Errno.InputOutput, $"filesystem {fs} has stored {other.Size} bytes with checksum {other.Checksum?.Hex}, this one {mine.Size} with {mine.Checksum.Hex}");
    }

    /// <summary>The modification time that all replicas of a chain get: the moment when its head began.</summary>
    private Instant Began(HttpRequest request) =>
        long.TryParse(request.Query[FstProtocol.ModifiedQuery], CultureInfo.InvariantCulture, out var nanoseconds) ? new Instant(nanoseconds) : clock.Now;

    private static async Task<ulong> ReceiveAsync(
        PipeReader body, IUpload upload, ChainLink? next, ChecksumStream[] sums, ulong limit, Pacer pacer, bool syncs, FilesystemMeter meter, CancellationToken cancel)
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
                    next?.Write(piece.Span);
                    foreach (var sum in sums) sum.Append(piece.Span);
                    upload.Write(piece.Span, size);
                    size += piece.Length;
                    meter.Wrote(piece.Length);
                }

                if (next is not null) await next.FlushAsync(cancel);
                if (syncs) upload.Sync();
                await pacer.WentAsync(read.Buffer.Length, cancel);
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
