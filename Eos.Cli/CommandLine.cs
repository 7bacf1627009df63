using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Eos.Cli.Commands;
using Eos.Cli.Shell;
using Eos.Kernel;

namespace Eos.Cli;

/// <summary>The tree of commands and how a run goes through it: parse, run, report. Exit codes are errnos.</summary>
internal sealed class CommandLine
{
    /// <summary>Exit code of a command that was interrupted, as a shell has it.</summary>
    public const int Interrupted = 130;

    /// <summary>Exit code of a run that was terminated and did not end by itself.</summary>
    public const int Terminated = 143;

    /// <summary>A word that begins with @ is a name, not a file of words.</summary>
    private static readonly ParserConfiguration Plain = new() { ResponseFileTokenReplacer = null };

    private readonly Session _session;
    private readonly GlobalArguments _globals = new();
    private readonly Command _root;
    private readonly HashSet<string> _names;

    public CommandLine(Session session)
    {
        _session = session;
        _root = new Command("eos", "Stores and finds files in an Eos instance. Without a command: an interactive shell.");
        _root.Options.Add(new HelpOption("--help", "-?")); // -h is an option of commands (sizes for people)
        _globals.AddTo(_root);
        foreach (var command in Nouns.All(session)) _root.Add(command);
        foreach (var word in ShellWords.All(session, this)) _root.Add(word);
        _names = [.. CommandNames];
        _root.SetAction((_, cancel) => new InteractiveShell(session, this).RunAsync(cancel));
    }

    /// <summary>The tree of all commands.</summary>
    public Command Root => _root;

    public IEnumerable<string> CommandNames => _root.Subcommands.SelectMany(c => c.Aliases.Prepend(c.Name)).Order(StringComparer.Ordinal);

    /// <summary>Names of the options and sub-commands that may follow the given command words.</summary>
    public IEnumerable<string> WordsAfter(string command) =>
        _root.Subcommands.FirstOrDefault(c => c.Name == command || c.Aliases.Contains(command)) is { } found
            ? found.Subcommands.Select(c => c.Name).Concat(found.Options.SelectMany(o => o.Aliases.Prepend(o.Name))).Order(StringComparer.Ordinal)
            : [];

    /// <summary>Runs one line of words. <paramref name="inShell"/>: the connection and the identity stand already, and no shell starts in a shell.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> words, bool inShell, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        try
        {
            (words, var token) = PathToken.Take(words);
            var parsed = _root.Parse(EosSpelling.Of(words, inShell ? null : word => !_names.Contains(word) && File.Exists(word)), Plain);
            _session.Options = _session.Standing with { Form = _globals.FormOf(parsed, _session.Standing) };
            if (LineProblem.Of(parsed, words) is { } problem) throw new EosException(Errno.Invalid, problem);
            _session.Options = _globals.Read(parsed, _session.Standing, inShell, _session.Names);
            if (!inShell) _session.Standing = _session.Options;
            if (token is not null) _session.Options = _session.Options with { Claim = _session.Options.Claim with { Token = token } };
            if (inShell && parsed.CommandResult.Command == _root && parsed.Action is not HelpAction) throw new EosException(Errno.Invalid, "no command");
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                    Output = _session.Terminal.Out,
                    Error = _session.Terminal.Error,
                },
                cancel);
        }
        catch (EosException failure)
        {
            return Failure.Report(_session.Terminal, _session.Options.Form, failure);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (IOException broken) when (broken.HResult == 32)
        {
            return 0; // nobody reads our output any more: as with any Unix tool that is no error
        }
        catch (Exception local) when (local is IOException or UnauthorizedAccessException)
        {
            return Failure.Report(_session.Terminal, _session.Options.Form, Failure.OfLocal(words.FirstOrDefault() ?? "eos", local));
        }
        finally
        {
            if (_session.ShowsTiming) _session.Terminal.Error.WriteLine(FormattableString.Invariant($"time: {TimeProvider.System.GetElapsedTime(started).TotalMilliseconds:0.0} ms"));
            if (inShell) _session.Options = _session.Standing;
        }
    }
}
