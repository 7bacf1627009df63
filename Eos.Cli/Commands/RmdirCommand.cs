using System.CommandLine;

namespace Eos.Cli.Commands;

/// <summary>`rmdir path…`: empty directories only, silent on success.</summary>
internal static class RmdirCommand
{
    public static Command Build(Session session)
    {
        var paths = new Argument<string[]>("path") { Arity = ArgumentArity.OneOrMore };
        var command = new Command("rmdir", "Remove empty directories.") { paths };
        command.SetAction(async (parsed, cancel) =>
        {
            foreach (var path in parsed.GetValue(paths)!) await session.Client.RemoveDirectoryAsync(session.Path(path), cancel);
            return 0;
        });
        return command;
    }
}
