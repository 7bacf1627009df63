using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Eos.Fst;
using Eos.Kernel;
using Microsoft.AspNetCore.Http;

namespace Eos.Host.Http;

/// <summary>GET and HEAD at the data port: bytes from the disk to the socket, whole files and ranges.</summary>
/// <remarks>
/// Bytes that do not have their checksum are never served as good. Files up to <c>verifyFirst</c> are checked before the first byte leaves (also for
/// ranges): of a broken one nothing is sent, the bytes come from another replica, or EIO is answered. Larger ones are checked while they stream; the last
/// block is held back until the checksum is known, and the connection is broken instead of sending it, so the client sees a body shorter than announced. Ranges
/// of larger files are not checked. A disk that fails in the middle is replaced by another replica from there on.
/// </remarks>
internal sealed class DownloadDoor(PeerPort peers, HttpSettings settings)
{
    /// <param name="alone">The asker named this place: no other replica is asked when it fails.</param>
    public async Task RunAsync(HttpContext http, ChainGrant here, IFilesystemGate gate, bool alone)
    {
        var (transfer, refusal) = (default(TransferId?), default(EosException));
        try
        {
            transfer = await gate.BeginAsync(here.Capability, http.RequestAborted);
        }
        catch (EosException unable) when (unable.Why is Errno.NoDevice or Errno.TryAgain or Errno.AccessDenied && !alone)
        {
            refusal = unable;   // another replica may serve
        }

        try
        {
            await using var reader = await ReplicaReader.OpenAsync(peers, gate, here, alone, refusal, http.RequestAborted);
            await AnswerAsync(http, reader, new Pacer(here.Capability.Pace.Bandwidth, settings.Burst), gate.Meter);
        }
        finally
        {
            if (transfer is { } begun) gate.End(begun);
        }
    }

    private async Task AnswerAsync(HttpContext http, ReplicaReader stored, Pacer pacer, FilesystemMeter meter)
    {
        var (request, response, record) = (http.Request, http.Response, stored.Record);
        var tag = FileHeaders.Tag(record.File, record.Checksum);
        FileHeaders.Write(response, record.File, record.Checksum, record.Modified);
        response.Headers.AcceptRanges = "bytes";
        response.ContentType = "application/octet-stream";
        if (request.Headers.IfNoneMatch.ToString() is { Length: > 0 } known && FileHeaders.Names(known, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var whole = new ByteSpan(0, stored.Length);
        var parts = IsCurrent(request.Headers.IfRange.ToString(), tag, record) ? ByteRanges.Parse(request.Headers.Range, stored.Length) : null;
        if (parts is { Count: 0 })
        {
            response.Headers.ContentRange = $"bytes */{stored.Length}";
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            return;
        }

        var head = HttpMethods.IsHead(request.Method);
        var verified = !head && stored.IsOwn && stored.Length <= settings.VerifyFirst && await VerifyWholeAsync(stored, meter, http.RequestAborted);
        switch (parts)
        {
            case null:
                response.ContentLength = whole.Length;
                if (!head) await SendWholeAsync(http, stored, verified, pacer, meter);
                break;
            case [var one]:
                response.StatusCode = StatusCodes.Status206PartialContent;
                response.Headers.ContentRange = ContentRange(one, stored.Length);
                response.ContentLength = one.Length;
                if (!head) await SendAsync(http, stored, one, sum: null, pacer, meter);
                break;
            default:
                await SendPartsAsync(http, stored, parts, head, pacer, meter);
                break;
        }
    }

    /// <summary>Reads all of it; false if another replica has to serve in its place.</summary>
    private async Task<bool> VerifyWholeAsync(ReplicaReader stored, FilesystemMeter meter, CancellationToken cancel)
    {
        using var sum = ChecksumStream.Of(stored.Record.Checksum.Type);
        var buffer = ArrayPool<byte>.Shared.Rent(settings.BlockSize);
        try
        {
            for (long at = 0; at < stored.Length && stored.IsOwn;)
            {
                var read = await stored.ReadAsync(buffer, at, cancel);
                sum.Append(buffer.AsSpan(0, read));
                meter.Read(read);
                at += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (!stored.IsOwn) return false;
        var value = sum.FinishValue();
        if (value == stored.Record.Checksum) return true;
        await stored.SwitchFromWrongAsync(Mismatch(stored, value), cancel);
        return false;
    }

    private async Task SendWholeAsync(HttpContext http, ReplicaReader stored, bool verified, Pacer pacer, FilesystemMeter meter)
    {
        using var sum = verified ? null : ChecksumStream.Of(stored.Record.Checksum.Type);
        await SendAsync(http, stored, new ByteSpan(0, stored.Length), sum, pacer, meter);
    }

    /// <summary>Copies from the replica into the server's own buffers; with a checksum, the last block leaves only if the sum is right.</summary>
    private async Task SendAsync(HttpContext http, ReplicaReader stored, ByteSpan span, ChecksumStream? sum, Pacer pacer, FilesystemMeter meter)
    {
        var body = http.Response.BodyWriter;
        for (var (at, left) = (span.First, span.Length); left > 0;)
        {
            var memory = body.GetMemory(settings.BlockSize);
            var read = await stored.ReadAsync(memory[..(int)Math.Min(left, memory.Length)], at, http.RequestAborted);
            sum?.Append(memory.Span[..read]);
            (at, left) = (at + read, left - read);
            if (left == 0 && sum is not null && sum.FinishValue() is var value && value != stored.Record.Checksum)
            {
                var failure = Mismatch(stored, value);
                stored.IsWrong(failure);
                throw failure;
            }

            body.Advance(read);
            meter.Read(read);
            if ((await body.FlushAsync(http.RequestAborted)).IsCompleted) return;
            await pacer.WentAsync(read, http.RequestAborted);
        }
    }

    private static EosException Mismatch(ReplicaReader stored, Checksum value) =>
        stored.Broken($"its bytes have checksum {value.Hex}, {stored.Record.Checksum.Hex} was stored");

    private async Task SendPartsAsync(HttpContext http, ReplicaReader stored, IReadOnlyList<ByteSpan> parts, bool head, Pacer pacer, FilesystemMeter meter)
    {
        var response = http.Response;
        var boundary = Guid.NewGuid().ToString("n");
        var openings = parts.Select(part => Encoding.ASCII.GetBytes(
            $"\r\n--{boundary}\r\nContent-Type: application/octet-stream\r\nContent-Range: {ContentRange(part, stored.Length)}\r\n\r\n")).ToArray();
        var closing = Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");
        response.StatusCode = StatusCodes.Status206PartialContent;
        response.ContentType = $"multipart/byteranges; boundary={boundary}";
        response.ContentLength = parts.Sum(part => part.Length) + openings.Sum(opening => opening.Length) + closing.Length;
        if (head) return;
        for (var i = 0; i < parts.Count; i++)
        {
            response.BodyWriter.Write(openings[i]);
            await SendAsync(http, stored, parts[i], sum: null, pacer, meter);
        }

        response.BodyWriter.Write(closing);
        await response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    /// <summary>If-Range: the ranges count only for the version that the client has; without the header they do.</summary>
    private static bool IsCurrent(string ifRange, string tag, ReplicaRecord record) =>
        ifRange.Length == 0 || (ifRange[0] == '"' ? ifRange == tag : ifRange == FileHeaders.Date(record.Modified));

    private static string ContentRange(ByteSpan span, long length) =>
        string.Create(CultureInfo.InvariantCulture, $"bytes {span.First}-{span.Last}/{length}");
}
