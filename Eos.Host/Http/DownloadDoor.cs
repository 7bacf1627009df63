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
/// ranges): a broken one is refused with EIO. Larger ones are checked while they stream; the last block is held back until the checksum is known, and
/// the connection is broken instead of sending it, so the client sees a body shorter than announced. Ranges of larger files are not checked.
/// </remarks>
internal sealed class DownloadDoor(HttpSettings settings)
{
    public async Task RunAsync(HttpContext http, Capability capability, IFilesystemGate gate)
    {
        var transfer = await gate.BeginAsync(capability, http.RequestAborted);
        try
        {
            using var stored = gate.Disk.Open(capability.File, capability.Open);
            CheckAgainstCapability(stored, capability);
            await AnswerAsync(http, stored, gate.Meter);
        }
        finally
        {
            gate.End(transfer);
        }
    }

    private async Task AnswerAsync(HttpContext http, IStoredBytes stored, FilesystemMeter meter)
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
        var verified = !head && stored.Length <= settings.VerifyFirst && VerifyWhole(stored, meter);
        switch (parts)
        {
            case null:
                response.ContentLength = whole.Length;
                if (!head) await SendWholeAsync(http, stored, verified, meter);
                break;
            case [var one]:
                response.StatusCode = StatusCodes.Status206PartialContent;
                response.Headers.ContentRange = ContentRange(one, stored.Length);
                response.ContentLength = one.Length;
                if (!head) await SendAsync(http, stored, one, sum: null, meter);
                break;
            default:
                await SendPartsAsync(http, stored, parts, head, meter);
                break;
        }
    }

    /// <summary>A replica whose size or checksum is not what the directory recorded is broken, whatever it says of itself.</summary>
    private static void CheckAgainstCapability(IStoredBytes stored, Capability capability)
    {
        var record = stored.Record;
        if ((ulong)stored.Length != record.Size) throw Broken(record, $"{stored.Length} bytes are on disk, {record.Size} were stored");
        if (capability.Content.Size is { } size && size != record.Size) throw Broken(record, $"{record.Size} bytes are stored, the namespace has {size}");
        if (capability.Content.Checksum is { Hex.Length: > 0 } sum && sum != record.Checksum)
            throw Broken(record, $"stored with checksum {record.Checksum.Hex}, the namespace has {sum.Hex}");
    }

    private bool VerifyWhole(IStoredBytes stored, FilesystemMeter meter)
    {
        using var sum = ChecksumStream.Of(stored.Record.Checksum.Type);
        var buffer = ArrayPool<byte>.Shared.Rent(settings.BlockSize);
        try
        {
            for (long at = 0; at < stored.Length;)
            {
                var read = stored.Read(buffer, at);
                if (read == 0) throw Broken(stored.Record, "it ends early");
                sum.Append(buffer.AsSpan(0, read));
                meter.Read(read);
                at += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        var value = sum.FinishValue();
        return value == stored.Record.Checksum ? true : throw Broken(stored.Record, $"its bytes have checksum {value.Hex}, {stored.Record.Checksum.Hex} was stored");
    }

    private async Task SendWholeAsync(HttpContext http, IStoredBytes stored, bool verified, FilesystemMeter meter)
    {
        using var sum = verified ? null : ChecksumStream.Of(stored.Record.Checksum.Type);
        await SendAsync(http, stored, new ByteSpan(0, stored.Length), sum, meter);
    }

    /// <summary>Copies from disk into the server's own buffers; with a checksum, the last block leaves only if the sum is right.</summary>
    private async Task SendAsync(HttpContext http, IStoredBytes stored, ByteSpan span, ChecksumStream? sum, FilesystemMeter meter)
    {
        var body = http.Response.BodyWriter;
        for (var (at, left) = (span.First, span.Length); left > 0;)
        {
            var memory = body.GetMemory(settings.BlockSize);
            var read = stored.Read(memory.Span[..(int)Math.Min(left, memory.Length)], at);
            if (read == 0) throw Broken(stored.Record, "it ends early");
            sum?.Append(memory.Span[..read]);
            (at, left) = (at + read, left - read);
            if (left == 0 && sum is not null && sum.FinishValue() is var value && value != stored.Record.Checksum)
                throw Broken(stored.Record, $"its bytes have checksum {value.Hex}, {stored.Record.Checksum.Hex} was stored");
            body.Advance(read);
            meter.Read(read);
            if ((await body.FlushAsync(http.RequestAborted)).IsCompleted) return;
        }
    }

    private async Task SendPartsAsync(HttpContext http, IStoredBytes stored, IReadOnlyList<ByteSpan> parts, bool head, FilesystemMeter meter)
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
            await SendAsync(http, stored, parts[i], sum: null, meter);
        }

        response.BodyWriter.Write(closing);
        await response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    /// <summary>If-Range: the ranges count only for the version that the client has; without the header they do.</summary>
    private static bool IsCurrent(string ifRange, string tag, ReplicaRecord record) =>
        ifRange.Length == 0 || (ifRange[0] == '"' ? ifRange == tag : ifRange == FileHeaders.Date(record.Modified));

    private static string ContentRange(ByteSpan span, long length) =>
        string.Create(CultureInfo.InvariantCulture, $"bytes {span.First}-{span.Last}/{length}");

    private static EosException Broken(ReplicaRecord record, string why) => new(Errno.InputOutput, $"the replica of file {record.File} is broken: {why}");
}
