using System.CommandLine;
using Eos.Cli.Render;
using Eos.Kernel;
using EntryKind = Eos.Gateway.GatewayProtocol.EntryKind;

namespace Eos.Cli.Shell;

/// <summary>Commands that are about the shell itself: where it is, how it prints, as whom it acts.</summary>
internal static class ShellWords
{
    /// <summary>Files of commands may call others so deep.</summary>
    private const int DeepestScript = 16;

    private static int _depth;

    public static IEnumerable<Command> All(Session session, CommandLine commands) =>
    [
        ChangeDirectory(session),
        Word("pwd", "Print the directory in which relative paths begin.", () => session.Out.WriteLine(Shown(session.Directory))),
        Word("clear", "Clear the screen.", () => session.Out.Write("\e[H\e[2J")),
        Word("json", "Print JSON from now on, or no more.", () => session.Standing = session.Standing with { Form = session.Standing.Form == Form.Json ? Form.Human : Form.Json }),
        Word("silent", "Show no progress and no summaries from now on, or again.", () => session.Standing = session.Standing with { Silent = !session.Standing.Silent }),
        Word("timing", "Tell from now on how long each command took, or no more.", () => session.ShowsTiming = !session.ShowsTiming),
        Quit(session),
        Word("history", "Print the lines that were typed.", () => PrintHistory(session)),
        Word("license", "Print the licence.", () => session.Out.Write(License())),
        Word("console", "Known to EOS: 'rtlog' prints what the nodes have logged.", () => throw new EosException(Errno.NotSupported, "console: 'rtlog' prints what the nodes have logged")),
        Role(session),
        Reconnect(session),
        Help(commands),
        Source(session, commands),
    ];

    /// <summary>A directory as the prompt has it: with a slash at its end.</summary>
    public static string Shown(string directory) => directory.EndsWith('/') ? directory : directory + "/";

    private static Command ChangeDirectory(Session session)
    {
        var path = new Argument<string?>("path") { Arity = ArgumentArity.ZeroOrOne, Description = "- for the directory before; ~ or nothing for that of EOSHOME." };
        var command = new Command("cd", "Let relative paths begin in another directory; EOS_PWD_FILE names a file that keeps it.") { path };
        command.SetAction(async (parsed, cancel) =>
        {
            var home = Environment.GetEnvironmentVariable("EOSHOME") is { Length: > 0 } set ? set : "/";
            var target = parsed.GetValue(path) switch
            {
                null or "~" => session.Path(home),
                "-" => session.PreviousDirectory,
                var below when below.StartsWith("~/", StringComparison.Ordinal) => RemotePath.Resolve(home, below[2..]),
                var typed => RemotePath.Resolve(session.Directory, typed),
            };
            var entry = await session.Client.StatAsync(target, cancel);
            if (entry.Kind != EntryKind.Directory) throw new EosException(Errno.NotADirectory, $"{target} is no directory");
            (session.PreviousDirectory, session.Directory) = (session.Directory, target);
            WorkingDirectory.Save(WorkingDirectory.File, target);
            return 0;
        });
        return command;
    }

    private static Command Quit(Session session)
    {
        var command = Word("quit", "Leave the shell.", () => session.HasEnded = true);
        command.Aliases.Add("exit");
        command.Aliases.Add(".q");
        return command;
    }

    private static void PrintHistory(Session session)
    {
        var lines = (session.History ?? History.OfThisUser()).Lines;
        for (var i = 0; i < lines.Count; i++) session.Out.WriteLine($"{i + 1,5}  {lines[i]}");
    }

    private static Command Role(Session session)
    {
        var (user, group) = (new Argument<string>("user"), new Argument<string?>("group") { Arity = ArgumentArity.ZeroOrOne });
        var command = new Command("role", "Act as this user and group from now on (names or numbers).") { user, group };
        command.SetAction(parsed =>
        {
            var role = GlobalOptions.ClaimOf(parsed.GetValue(user), parsed.GetValue(group), "", session.Names);
            session.Standing = session.Standing with { Claim = session.Standing.Claim with { RoleUid = role.RoleUid, RoleGid = role.RoleGid } };
            session.Out.WriteLine($"=> selected user role ruid=<{parsed.GetValue(user)}> and group role rgid=<{parsed.GetValue(group)}>");
            return 0;
        });
        return command;
    }

    private static Command Reconnect(Session session)
    {
        var command = new Command("reconnect", "Let the connection go; the next command makes a new one.");
        command.SetAction(async (_, _) =>
        {
            await session.DisconnectAsync();
            return 0;
        });
        return command;
    }

    private static Command Help(CommandLine commands)
    {
        var words = new Argument<string[]>("command") { Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("help", "Explain a command, or list all.") { words };
        command.Aliases.Add("?");
        command.SetAction((parsed, cancel) => commands.RunAsync([.. parsed.GetValue(words)!, "--help"], inShell: true, cancel));
        return command;
    }

    private static Command Source(Session session, CommandLine commands)
    {
        var file = new Argument<string>("file") { Description = "Of this machine; a line is a command." };
        var command = new Command("source", "Run the commands in a file, one after the other; so does 'eos FILE'.") { file };
        command.Aliases.Add(".");
        command.SetAction(async (parsed, cancel) =>
        {
            var path = parsed.GetValue(file)!;
            if (_depth == DeepestScript) throw new EosException(Errno.Loop, $"{path}: more than {DeepestScript} files of commands call each other");
            _depth++;
            try
            {
                await using var lines = new FileStream(path, FileMode.Open, FileAccess.Read);
                return await new LineRunner(session, commands).RunAsync(new PipedLines(lines), () => "", cancel);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                throw Failure.OfLocal(path, problem);
            }
            finally
            {
                _depth--;
            }
        });
        return command;
    }

    private static string License()
    {
        using var text = new StreamReader(typeof(ShellWords).Assembly.GetManifestResourceStream("LICENSE")!);
        return text.ReadToEnd();
    }

    private static Command Word(string word, string description, Action act)
    {
        var command = new Command(word, description);
        command.SetAction(_ =>
        {
            act();
            return 0;
        });
        return command;
    }
}
