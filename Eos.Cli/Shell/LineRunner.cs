using Eos.Kernel;

namespace Eos.Cli.Shell;

/// <summary>Runs lines in one session, typed, piped or out of a file, each as a command line of its own.</summary>
internal sealed class LineRunner(Session session, CommandLine commands)
{
    /// <summary>Told of each line before it is run.</summary>
    public Action<string> Heard { get; init; } = _ => { };

    /// <summary>Until `quit` or the end; the exit code of the last command.</summary>
    public async Task<int> RunAsync(ILineSource lines, Func<string> prompt, CancellationToken cancel)
    {
        var code = 0;
        while (!session.HasEnded && await lines.ReadAsync(prompt(), cancel) is { } line)
        {
            Heard(line);
            code = await RunLineAsync(line, code, cancel);
            await session.Out.FlushAsync(cancel);
        }
        return code;
    }

    /// <summary>Runs one line and gives its exit code. An empty line or a comment changes nothing.</summary>
    private async Task<int> RunLineAsync(string line, int last, CancellationToken cancel)
    {
        if (!Words.TrySplit(line, out var words, out var problem))
            return Failure.Report(session.Terminal, session.Standing.Form, new EosException(Errno.Invalid, problem));
        if (words.Count == 0 || words[0].StartsWith('#')) return last;
        if (words is ["quit" or "exit" or ".q"])
        {
            session.HasEnded = true;
            return last;
        }
        using var one = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var outer = session.Line;
        session.Line = one;   // Ctrl-C ends the command, not the shell
        try
        {
            return await commands.RunAsync(words, inShell: true, one.Token);
        }
        finally
        {
            session.Line = outer;
        }
    }
}
