using System.Globalization;
using Eos.Kernel;

namespace Eos.Cli.Copying;

/// <summary>What a run has done so far; counted by many copies at once.</summary>
internal sealed class CopyTally(int files)
{
    private int _copied;
    private long _bytes;
    private int _errno;

    public int Files => files;
    public int Copied => _copied;
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>The first failure's errno; 0 while there is none.</summary>
    public int Errno => _errno;

    public void Moved(long bytes) => Interlocked.Add(ref _bytes, bytes);
    public void Finished() => Interlocked.Increment(ref _copied);
    public void Failed(Errno why) => Interlocked.CompareExchange(ref _errno, (int)why, 0);
}

/// <summary>Carries out a plan: directories first, then files, several at a time. One file's failure does not stop the others.</summary>
internal sealed class CopyRun(Session session, FileCopier copier, int jobs)
{
    private readonly Lock _printing = new();

    /// <summary>Each file is told of on standard error.</summary>
    public bool Traces { get; init; }

    public async Task RunAsync(CopyPlan plan, CopyTally tally, bool printsChecksums, CancellationToken cancel)
    {
        foreach (var line in plan.Skipped) session.Terminal.Error.WriteLine($"warning: {line}");
        await MakeDirectoriesAsync(plan.Directories, cancel);
        var options = new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = cancel };
        await Parallel.ForEachAsync(plan.Files, options, async (file, token) =>
        {
            var progress = new Delta(tally);
            var started = TimeProvider.System.GetTimestamp();
            if (Traces) Trace($"{file.From} => {file.To} begins, {file.Size?.ToString(CultureInfo.InvariantCulture) ?? "unknown"} bytes");
            try
            {
                var copied = await copier.CopyAsync(file, progress, token);
                tally.Finished();
                if (Traces) Trace($"{file.From} => {file.To} is done, {copied.Size} bytes, checksum {copied.Checksum.Hex}, {TimeProvider.System.GetElapsedTime(started).TotalMilliseconds:0} ms");
                if (printsChecksums) Print($"path={file.To} size={copied.Size} checksum={copied.Checksum.Hex}");
            }
            catch (EosException failure) when (failure.Why != Errno.NoNetwork)
            {
                progress.TakeBack();
                tally.Failed(failure.Why);
                lock (_printing) session.Terminal.Error.WriteLine(Failure.Line(failure.Why, failure.Message));
            }
        });
    }

    /// <summary>Only directories without one below them need to be asked for: their parents come with them.</summary>
    private async Task MakeDirectoriesAsync(IReadOnlyList<Place> directories, CancellationToken cancel)
    {
        foreach (var local in directories.Where(d => d.Kind == PlaceKind.Local))
        {
            try
            {
                Directory.CreateDirectory(local.Path);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                throw Failure.OfLocal(local.Path, problem);
            }
        }
        var remote = directories.Where(d => d.Kind == PlaceKind.Remote).Select(d => d.Path).Distinct().Order(StringComparer.Ordinal).ToList();
        var leaves = remote.Where((path, i) => i + 1 == remote.Count || !remote.Skip(i + 1).Any(p => p.StartsWith(path + "/", StringComparison.Ordinal)));
        var options = new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = cancel };
        await Parallel.ForEachAsync(leaves, options, async (path, token) =>
            await session.Client.MakeDirectoryAsync(path, parents: true, cancel: token));
    }

    private void Trace(FormattableString line)
    {
        lock (_printing) session.Terminal.Error.WriteLine("debug: " + FormattableString.Invariant(line));
    }

    private void Print(string line)
    {
        lock (_printing) session.Out.WriteLine(line);
    }

    /// <summary>Turns a file's running total into what it adds to the tally.</summary>
    private sealed class Delta(CopyTally tally) : IProgress<long>
    {
        private long _last;

        public void Report(long value)
        {
            tally.Moved(value - _last);
            _last = value;
        }

        public void TakeBack() => Report(0);
    }
}
