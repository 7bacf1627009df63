using System.CommandLine;
using Eos.Kernel;

namespace Eos.Cli.Commands;

/// <summary>`motd [file]`: the message of the day; with a file of this machine it becomes that (root only).</summary>
internal static class MotdCommand
{
    public static Command Build(Session session)
    {
        var file = new Argument<string?>("file") { Arity = ArgumentArity.ZeroOrOne, Description = "Of this machine: its text becomes the message. An empty file takes the message away." };
        var command = new Command("motd", "Print the message of the day, or set it (root only).") { file };
        var printing = Printing.OptionsOf(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            var report = parsed.GetValue(file) is { } path
                ? await session.Client.AdministerAsync("motd", "set", [await ReadAsync(path, cancel)], cancel: cancel)
                : await session.Client.AdministerAsync("motd", "", [], cancel: cancel);
            Reports.Print(session, form, report);
            return 0;
        });
        return command;
    }

    private static async Task<string> ReadAsync(string path, CancellationToken cancel)
    {
        try
        {
            return await File.ReadAllTextAsync(path, cancel);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Failure.OfLocal(path, problem);
        }
    }
}
