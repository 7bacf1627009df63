using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Eos.Cli.Render;
using Eos.Kernel;

namespace Eos.Cli.Commands;

/// <summary>`ns benchmark threads directories files`: makes, looks at, lists and removes so many entries, from this client.</summary>
internal static class NsBenchmark
{
    public static Command Build(Session session)
    {
        var threads = Number("threads", "Operations at a time.");
        var directories = Number("directories", "Directories for each of them.");
        var files = Number("files", "Files in each directory.");
        var command = new Command("benchmark", "Measure the namespace: make, look at, list and remove entries below /eos/INSTANCE.") { threads, directories, files };
        var printing = Printing.OptionsOf(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var (form, width, deep, wide) = (printing.Form(parsed, session), parsed.GetValue(threads), parsed.GetValue(directories), parsed.GetValue(files));
            if (width is < 1 or > 1024 || deep < 1 || wide < 1 || (long)width * deep * wide > 10_000_000)
                throw new EosException(Errno.Invalid, "ns benchmark takes 1 to 1024 threads, directories and files, 10000000 entries at most");
            var instance = (await session.Client.VersionAsync(cancel)).Instance["eos".Length..];
            var root = $"/eos/{instance}/.benchmark.{Environment.ProcessId}";
            await session.Client.MakeDirectoryAsync(root, parents: true, cancel: cancel);
            try
            {
                await MeasureAsync(session, form, root, (width, deep, wide), cancel);
            }
            finally
            {
                await session.Client.RemoveTreeAsync(root, cancel: CancellationToken.None);
            }
            return 0;
        });
        return command;
    }

    private static async Task MeasureAsync(Session session, Form form, string root, (int Threads, int Directories, int Files) size, CancellationToken cancel)
    {
        var client = session.Client;
        string[] directories = [.. Enumerable.Range(0, size.Threads).SelectMany(t => Enumerable.Range(0, size.Directories).Select(d => $"{root}/{t}.{d}"))];
        string[] files = [.. directories.SelectMany(d => Enumerable.Range(0, size.Files).Select(f => $"{d}/{f}"))];
        await Phase("mkdir", directories, (path, stop) => client.MakeDirectoryAsync(path, cancel: stop));
        await Phase("create", files, (path, stop) => client.TouchAsync(path, cancel: stop));
        await Phase("exists", files, (path, stop) => client.StatAsync(path, stop));
        await Phase("read", files, (path, stop) => client.InfoAsync(path, stop));
        await Phase("list", directories, async (path, stop) => { await foreach (var _ in client.ListAsync(path, cancel: stop)) { } });
        await Phase("delete", files, (path, stop) => client.RemoveAsync(path, cancel: stop));
        await Phase("rmdir", directories, (path, stop) => client.RemoveDirectoryAsync(path, stop));

        async Task Phase(string name, string[] paths, Func<string, CancellationToken, Task> act)
        {
            var clock = Stopwatch.StartNew();
            await Parallel.ForEachAsync(paths, new ParallelOptions { MaxDegreeOfParallelism = size.Threads, CancellationToken = cancel }, async (path, stop) => await act(path, stop));
            var (seconds, count) = (clock.Elapsed.TotalSeconds, (ulong)paths.Length);
            var rate = count / Math.Max(seconds, 1e-6);
            if (form == Form.Human) session.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"# {name,-8} {count,10} in {seconds,8:0.00} s = {rate,10:0} /s"));
            else Printing.Rows(session, form, [new Pairs().Add("phase", name).Add("count", count).Add("seconds", seconds).Add("rate", rate)]);
        }
    }

    private static Argument<int> Number(string name, string description) => new(name) { Description = description };
}
