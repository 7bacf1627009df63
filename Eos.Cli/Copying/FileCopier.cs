using Eos.Client;
using Eos.Fst;
using Eos.Kernel;
using Eos.Scheduling;
using Entry = Eos.Gateway.GatewayProtocol.Entry;

namespace Eos.Cli.Copying;

/// <summary>How files are copied.</summary>
internal sealed record CopyRules(bool Overwrite, bool PreserveTimes)
{
    /// <summary>Parts of a file that are fetched at once.</summary>
    public int Streams { get; init; } = 1;

    /// <summary>What comes goes behind what is there.</summary>
    public bool Appends { get; init; }

    /// <summary>How fast at most; null: as fast as it goes.</summary>
    public Pacer? Pacer { get; init; }
}

/// <summary>What became of one file.</summary>
internal sealed record Copied(long Size, Checksum Checksum);

/// <summary>Copies single files and compares checksums. A target is complete or not there: local ones get their name at the end.</summary>
internal sealed partial class FileCopier(EosClient client, Terminal terminal, CopyRules rules)
{
    private const int BufferSize = 1 << 20;

    public async Task<Copied> CopyAsync(FileCopy copy, IProgress<long> progress, CancellationToken cancel)
    {
        if (rules.Appends && copy.To.Kind == PlaceKind.Remote && await ThereAsync(copy.To.Path, cancel) is { } there) return await AppendAsync(there, copy, progress, cancel);
        return await ((copy.From.Kind, copy.To.Kind) switch
        {
            (PlaceKind.Local, PlaceKind.Remote) => UploadAsync(copy, progress, cancel),
            (PlaceKind.Stream, PlaceKind.Remote) => PutAsync(terminal.RawInput, copy, progress, cancel),
            (PlaceKind.Remote, PlaceKind.Local) => DownloadAsync(copy, progress, cancel),
            (PlaceKind.Remote, PlaceKind.Stream) => GetAsync(copy, terminal.RawOutput, progress, cancel),
            (PlaceKind.Remote, PlaceKind.Remote) => PipedAsync(copy, progress, (target, token) => GetAsync(copy, target, new Progress<long>(), token), cancel),
            _ => throw new EosException(Errno.Invalid, $"neither {copy.From} nor {copy.To} is in the namespace (/eos/…)"),
        });
    }

    private async Task<Copied> UploadAsync(FileCopy copy, IProgress<long> progress, CancellationToken cancel)
    {
        await using var source = await LocalAsync(copy.From.Path, () => new FileStream(
            copy.From.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan));
        return await PutAsync(source, rules.PreserveTimes ? copy with { Modified = Instant.From(File.GetLastWriteTimeUtc(source.SafeFileHandle)) } : copy, progress, cancel);
    }

    private async Task<Copied> PutAsync(Stream source, FileCopy copy, IProgress<long> progress, CancellationToken cancel)
    {
        await using var summing = new SummingStream(Paced(source), ChecksumType.Adler32);
        var query = rules.PreserveTimes && copy.Modified is { } modified ? copy.To.Query.SetItem(RequestOptions.ModifiedKey, modified.ToString()) : copy.To.Query;
        var stored = await client.PutAsync(copy.To.Path, summing, new PutOptions((ulong?)copy.Size, rules.Overwrite) { Query = query }, progress, cancel);
        var sent = summing.Finish();
        if (stored.Size != (ulong)summing.Count || (stored.Checksum.Type == sent.Type && stored.Checksum != sent))
            throw new EosException(Errno.InputOutput, $"{copy.To}: sent {summing.Count} bytes with {sent.Hex}, stored {stored.Size} with {stored.Checksum.Hex}");
        return new(summing.Count, stored.Checksum);
    }

    private async Task<Copied> DownloadAsync(FileCopy copy, IProgress<long> progress, CancellationToken cancel)
    {
        var path = Path.GetFullPath(copy.To.Path);
        if (path.StartsWith("/dev/", StringComparison.Ordinal))
        {
            await using var device = await LocalAsync(path, () => new FileStream(path, FileMode.Open, FileAccess.Write));
            return await GetAsync(copy, device, progress, cancel);
        }
        if (new FileInfo(path) is { LinkTarget: not null } link && link.ResolveLinkTarget(returnFinalTarget: true) is { } real) path = real.FullName;
        if (rules.Appends && File.Exists(path)) return await AppendLocallyAsync(copy, path, progress, cancel);
        if (!rules.Overwrite && File.Exists(path)) throw new EosException(Errno.Exists, $"{copy.To} exists");
        var part = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Environment.ProcessId}.part");
        try
        {
            Copied copied;
            var parts = ParallelDownload.Parts(copy, rules.Streams);
            await using (var target = await LocalAsync(part, () => new FileStream(part, FileMode.Create, FileAccess.Write, parts == 1 ? FileShare.None : FileShare.ReadWrite, 1, FileOptions.Asynchronous)))
                copied = parts == 1 ? await GetAsync(copy, target, progress, cancel) : await ParallelDownload.RunAsync(client, copy, part, parts, Paced, progress, cancel);
            if (copied.Checksum.Type == copy.Expected!.Type && copied.Checksum != copy.Expected) await ExplainAsync(copy, copied.Checksum, cancel);
            if (rules.PreserveTimes && copy.Modified is { } modified) File.SetLastWriteTimeUtc(part, modified.ToDateTimeOffset().UtcDateTime);
            File.Move(part, path, rules.Overwrite);
            return copied;
        }
        catch (IOException full) when (full is not HttpIOException)
        {
            throw Failure.OfLocal(copy.To.Path, full);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private async Task<Copied> GetAsync(FileCopy copy, Stream target, IProgress<long> progress, CancellationToken cancel)
    {
        var expected = copy.Expected!;
        await using var summing = new SummingStream(Paced(target), ChecksumStream.Knows(expected.Type) ? expected.Type : ChecksumType.None);
        await client.GetAsync(copy.From.Path, summing, progress: progress, options: copy.From.Query, cancel: cancel);
        await summing.FlushAsync(cancel);
        var read = summing.Finish();
        if (read.Type == expected.Type && read != expected) await ExplainAsync(copy, read, cancel);
        return new(summing.Count, read);
    }

    /// <summary>Other bytes than were listed are an error, and a clear one if the file was replaced meanwhile.</summary>
    private async Task ExplainAsync(FileCopy copy, Checksum read, CancellationToken cancel)
    {
        Entry now = await client.StatAsync(copy.From.Path, cancel);
        throw now.Checksum == copy.Expected
            ? new EosException(Errno.InputOutput, $"{copy.From}: read bytes with {read.Hex}, the namespace says {copy.Expected.Hex}")
            : new EosException(Errno.TryAgain, $"{copy.From} was replaced while it was read");
    }

    private Stream Paced(Stream stream) => rules.Pacer is { } pacer ? new PacedStream(stream, pacer) : stream;

    /// <summary>Null: nothing is there.</summary>
    private async Task<Entry?> ThereAsync(string path, CancellationToken cancel)
    {
        try
        {
            return await client.StatAsync(path, cancel);
        }
        catch (EosException missing) when (missing.Why == Errno.NoEntry)
        {
            return null;
        }
    }

    private static ValueTask<FileStream> LocalAsync(string path, Func<FileStream> open)
    {
        try
        {
            return ValueTask.FromResult(open());
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Failure.OfLocal(path, problem);
        }
    }
}
