using Eos.Client;
using Eos.Fst;
using Eos.Kernel;

namespace Eos.Cli.Copying;

/// <summary>Fetches one file in several parts at once into a file that is as long as they are together. Whether they belong together, the checksum of the whole must say.</summary>
internal static class ParallelDownload
{
    /// <summary>A part is at least this long: shorter ones gain nothing.</summary>
    private const long Least = 4 << 20;

    private const int BufferSize = 1 << 20;

    /// <summary>In how many parts: as many as are wanted and as are long enough, and one where nobody could tell whether they fit.</summary>
    public static int Parts(FileCopy copy, int wanted) =>
        copy.Size is { } size && copy.Expected is { } sum && sum.Type != ChecksumType.None && ChecksumStream.Knows(sum.Type) ? (int)Math.Clamp(size / Least, 1, wanted) : 1;

    /// <param name="path">The local file, which is there and empty.</param>
    public static async Task<Copied> RunAsync(EosClient client, FileCopy copy, string path, int parts, Func<Stream, Stream> paced, IProgress<long> progress, CancellationToken cancel)
    {
        var size = copy.Size!.Value;
        var tally = new Tally(progress, parts);
        await Parallel.ForAsync(0, parts, new ParallelOptions { MaxDegreeOfParallelism = parts, CancellationToken = cancel }, async (i, token) =>
        {
            var (first, last) = (size * i / parts, (size * (i + 1) / parts) - 1);
            await using var part = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 1, FileOptions.Asynchronous) { Position = first };
            var got = await client.GetAsync(copy.From.Path, paced(part), new ByteRange(first, last), tally.Of(i), copy.From.Query, token);
            if (got != last - first + 1) throw new EosException(Errno.TryAgain, $"{copy.From} was replaced while it was read");
        });
        return new(size, await SumAsync(path, copy.Expected!.Type, cancel));
    }

    private static async Task<Checksum> SumAsync(string path, ChecksumType type, CancellationToken cancel)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
        using var sum = ChecksumStream.Of(type);
        var buffer = new byte[BufferSize];
        while (await file.ReadAsync(buffer, cancel) is var read and > 0) sum.Append(buffer.AsSpan(0, read));
        return sum.FinishValue();
    }

    /// <summary>One total out of those of all parts.</summary>
    private sealed class Tally(IProgress<long> progress, int parts)
    {
        private readonly long[] _done = new long[parts];

        public IProgress<long> Of(int part) => new Part(this, part);

        private void Report(int part, long done)
        {
            lock (_done)
            {
                _done[part] = done;
                progress.Report(_done.Sum());
            }
        }

        private sealed class Part(Tally tally, int part) : IProgress<long>
        {
            public void Report(long value) => tally.Report(part, value);
        }
    }
}
