using System.CommandLine;

namespace Eos.Cli.Commands;

/// <summary>`mv old new`: another name in the same directory; a bare new name stays in the directory of the old one.</summary>
internal static class MvCommand
{
    public static Command Build(Session session)
    {
        var from = new Argument<string>("old");
        var to = new Argument<string>("new") { Description = "A name, or a path in the same directory." };
        var command = new Command("mv", "Rename a file or directory within its directory.") { from, to };
        command.SetAction(async (parsed, cancel) =>
        {
            var old = session.Path(parsed.GetValue(from)!);
            var typed = parsed.GetValue(to)!;
            var target = typed.Contains('/') ? session.Path(typed) : RemotePath.Join(RemotePath.Parent(old), typed);
            await session.Client.RenameAsync(old, target, cancel: cancel);
            return 0;
        });
        return command;
    }
}
