namespace Eos.Cli.Shell;

/// <summary>`eos` without a command: reads lines and runs them in one session, until `quit` or the end of the input.</summary>
internal sealed class InteractiveShell(Session session, CommandLine commands)
{
    /// <summary>The exit code of the last command, as with any shell.</summary>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var isTyped = session.Terminal.InputIsTerminal && session.Terminal.OutputIsTerminal;
        if (!isTyped) return await new LineRunner(session, commands).RunAsync(new PipedLines(session.Terminal.RawInput), () => Prompt, cancel);
        session.History ??= History.OfThisUser();
        var lines = new ConsoleLines(session.Terminal, session.History, new Completer(session, [.. commands.CommandNames], commands.WordsAfter));
        var code = await new LineRunner(session, commands) { Heard = session.History.Add }.RunAsync(lines, () => Prompt, cancel);
        session.History.Save();
        return code;
    }

    private string Prompt => $"EOS Console [root://{session.Options.Endpoints[0].Split(':')[0]}] |{ShellWords.Shown(session.Directory)}> ";
}
