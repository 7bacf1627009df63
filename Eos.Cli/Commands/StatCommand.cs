using System.CommandLine;
using System.Globalization;
using Eos.Cli.Render;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Commands;

/// <summary>`stat [-f|-d] path`: whether it is there and what it is. A missing one is EFAULT (14), as in EOS; -f and -d answer by exit code only.</summary>
internal static class StatCommand
{
    public static Command Build(Session session)
    {
        var file = new Option<bool>("-f") { Description = "Exit code 0 if it is a file, else 1." };
        var directory = new Option<bool>("-d") { Description = "Exit code 0 if it is a directory, else 1." };
        var path = new Argument<string>("path");
        var command = new Command("stat", "Tell what a path is.") { file, directory, path };
        var printing = Printing.OptionsOf(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            var whole = session.Path(parsed.GetValue(path)!);
            var entry = await StatAsync(session, whole, cancel);
            if (parsed.GetValue(file) || parsed.GetValue(directory))
                return parsed.GetValue(file) == (entry.Kind == EntryKind.File) ? 0 : 1;
            if (!Printing.Rows(session, form, [EntryText.Record(entry)])) session.Out.WriteLine(Text(whole, entry));
            return 0;
        });
        return command;
    }

    /// <summary>`  File: '/eos/dev/x'  Size: 12            12 regular file`.</summary>
    internal static string Text(string path, Entry entry) => entry.Kind != EntryKind.File
        ? $"  File: '{path}' {(entry.Kind == EntryKind.Directory ? "directory" : "symbolic link")}"
        : $"  File: '{path}'  Size: {entry.Size.ToString(CultureInfo.InvariantCulture),-14}{HumanSize.Of((long)entry.Size)} regular file";

    private static async Task<Entry> StatAsync(Session session, string path, CancellationToken cancel)
    {
        try
        {
            return await session.Client.StatAsync(path, cancel);
        }
        catch (EosException missing) when (missing.Why == Errno.NoEntry)
        {
            throw new EosException(Errno.Fault, $"failed to stat {path}");
        }
    }
}
