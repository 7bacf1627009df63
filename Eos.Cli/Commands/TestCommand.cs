using System.CommandLine;
using System.Globalization;
using Eos.Cli.Render;
using Eos.Kernel;

namespace Eos.Cli.Commands;

/// <summary>`test mkdir|rmdir|ls|lsla N`: how fast the namespace is for one client; below `test` in the shell's directory.</summary>
internal static class TestCommand
{
    /// <summary>Directories side by side, as EOS has them.</summary>
    private const int Width = 10;

    public static Command Build(Session session)
    {
        var command = new Command("test", "Measure the namespace from here, below 'test' in the shell's directory.");
        command.Add(Verb(session, "mkdir", "Make ten directories with N in each.", MakeAsync));
        command.Add(Verb(session, "rmdir", "Remove what 'test mkdir' has made.", RemoveAsync));
        command.Add(Verb(session, "ls", "List the ten directories N times.", (s, path, n, cancel) => ListAsync(s, path, n, detailed: false, cancel)));
        command.Add(Verb(session, "lsla", "The same with all details.", (s, path, n, cancel) => ListAsync(s, path, n, detailed: true, cancel)));
        return command;
    }

    private static Command Verb(Session session, string word, string description, Func<Session, string, int, CancellationToken, Task> one)
    {
        var count = new Argument<int>("N");
        var command = new Command(word, description) { count };
        var printing = Printing.OptionsOf(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var (n, form) = (parsed.GetValue(count), printing.Form(parsed, session));
            if (n is < 1 or > 1_000_000) throw new EosException(Errno.Invalid, "test: N must be 1 to 1000000");
            var top = session.Path("test");
            if (word == "mkdir") await session.Client.MakeDirectoryAsync(top, parents: true, cancel: cancel);
            var started = TimeProvider.System.GetTimestamp();
            await Parallel.ForAsync(0, Width, new ParallelOptions { MaxDegreeOfParallelism = Width, CancellationToken = cancel }, async (i, token) =>
                await one(session, RemotePath.Join(top, i.ToString("d2", CultureInfo.InvariantCulture)), n, token));
            if (word == "rmdir") await session.Client.RemoveDirectoryAsync(top, cancel);
            var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
            var rate = Width * n / Math.Max(seconds, 1e-6);
            var row = new Pairs().Add("test", word).Add("operations", Width * n).Add("seconds", seconds).Add("rate", rate);
            if (!Printing.Rows(session, form, [row]))
                session.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"test {word}: {Width} x {n} in {seconds:0.00} s, {rate:0} a second"));
            return 0;
        });
        return command;
    }

    private static async Task MakeAsync(Session session, string path, int n, CancellationToken cancel)
    {
        await session.Client.MakeDirectoryAsync(path, cancel: cancel);
        for (var i = 0; i < n; i++) await session.Client.MakeDirectoryAsync(Child(path, i), cancel: cancel);
    }

    private static async Task RemoveAsync(Session session, string path, int n, CancellationToken cancel)
    {
        for (var i = 0; i < n; i++) await session.Client.RemoveDirectoryAsync(Child(path, i), cancel);
        await session.Client.RemoveDirectoryAsync(path, cancel);
    }

    private static async Task ListAsync(Session session, string path, int n, bool detailed, CancellationToken cancel)
    {
        for (var i = 0; i < n; i++)
            await foreach (var entry in session.Client.ListAsync(path, detailed, cancel)) GC.KeepAlive(entry);
    }

    private static string Child(string path, int i) => RemotePath.Join(path, i.ToString("d5", CultureInfo.InvariantCulture));
}
