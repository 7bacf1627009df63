using Eos.Kernel;
using EntryKind = Eos.Gateway.GatewayProtocol.EntryKind;

namespace Eos.Cli.Shell;

/// <summary>`eos` without a command: reads lines and runs them in one session, until `quit` or the end of the input.</summary>
internal sealed class InteractiveShell(Session session, CommandLine commands)
{
    private static readonly string[] OwnWords = ["cd", "pwd", "quit", "exit", "help", "clear"];

    /// <summary>The exit code of the last command, as with any shell.</summary>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var history = History.Load(Environment.GetEnvironmentVariable("EOS_HISTORY_FILE") is { Length: > 0 } file ? file : DefaultHistoryFile);
        var completer = new Completer(session, [.. commands.CommandNames.Concat(OwnWords).Order(StringComparer.Ordinal)], commands.WordsAfter);
        var isTyped = session.Terminal.InputIsTerminal && session.Terminal.OutputIsTerminal;
        ILineSource lines = isTyped ? new ConsoleLines(session.Terminal, history, completer) : new PipedLines(session.Terminal.RawInput);
        var code = 0;
        while (await lines.ReadAsync(Prompt, cancel) is { } line)
        {
            if (isTyped) history.Add(line);
            if (await RunLineAsync(line, code, cancel) is not { } next) break;
            code = next;
            await session.Out.FlushAsync(cancel);
        }
        if (isTyped) history.Save();
        return code;
    }

    /// <summary>Runs one line and gives its exit code; null to leave. An empty line or a comment changes nothing.</summary>
    internal async Task<int?> RunLineAsync(string line, int last, CancellationToken cancel)
    {
        if (!Words.TrySplit(line, out var words, out var problem))
            return Failure.Report(session.Terminal, session.Options.Form, new EosException(Errno.Invalid, problem));
        if (words.Count == 0 || words[0].StartsWith('#')) return last;
        try
        {
            switch (words[0])
            {
                case "quit" or "exit": return null;
                case "pwd": session.Out.WriteLine(Shown(session.Directory)); return 0;
                case "clear": session.Out.Write("\e[H\e[2J"); return 0;
                case "cd": await ChangeDirectoryAsync(words.ElementAtOrDefault(1) ?? "/", cancel); return 0;
                case "help" or "?": return await commands.RunAsync([.. words.Skip(1), "--help"], inShell: false, cancel);
                default: return await InterruptibleAsync(words, cancel);
            }
        }
        catch (EosException failure)
        {
            return Failure.Report(session.Terminal, session.Options.Form, failure);
        }
    }

    /// <summary>Ctrl-C ends the command, not the shell.</summary>
    private async Task<int> InterruptibleAsync(IReadOnlyList<string> words, CancellationToken cancel)
    {
        using var one = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        void Stop(object? sender, ConsoleCancelEventArgs e)
        {
            e.Cancel = true;
            one.Cancel();
        }
        Console.CancelKeyPress += Stop;
        try
        {
            return await commands.RunAsync(words, inShell: true, one.Token);
        }
        finally
        {
            Console.CancelKeyPress -= Stop;
        }
    }

    private async Task ChangeDirectoryAsync(string typed, CancellationToken cancel)
    {
        var path = session.Path(typed);
        var entry = await session.Client.StatAsync(path, cancel);
        if (entry.Kind != EntryKind.Directory) throw new EosException(Errno.NotADirectory, $"{path} is no directory");
        session.Directory = path;
    }

    private string Prompt => $"EOS Console [root://{session.Options.Endpoints[0].Split(':')[0]}] |{Shown(session.Directory)}> ";

    private static string Shown(string directory) => directory.EndsWith('/') ? directory : directory + "/";

    private static string DefaultHistoryFile =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".eos_history");
}
