using System.CommandLine;

namespace Eos.Cli.Commands;

/// <summary>`mv`, which replaces files and puts things into directories, and `file rename`, which refuses a name that is there; `file rename_with_symlink` leaves a link behind.</summary>
internal static class MvCommand
{
    public static Command Build(Session session) => Rename(session, new Command("mv", "Rename a file or directory; into a directory that is there, over a file that is there."), true);

    public static IEnumerable<Command> Verbs(Session session) =>
        [Rename(session, new Command("rename", "Rename a file or directory to a name that is free."), false), WithLink(session)];

    private static Command Rename(Session session, Command command, bool overwrite)
    {
        var (from, to) = (new Argument<string>("old"), new Argument<string>("new"));
        command.Add(from);
        command.Add(to);
        command.SetAction(async (parsed, cancel) =>
        {
            var (old, target) = (session.Path(parsed.GetValue(from)!), session.Path(parsed.GetValue(to)!));
            await session.Client.RenameAsync(old, target, overwrite, cancel);
            session.Out.WriteLine($"success: renamed '{old}' to '{target}'");
            return 0;
        });
        return command;
    }

    private static Command WithLink(Session session)
    {
        var (from, to) = (new Argument<string>("file"), new Argument<string>("directory"));
        var command = new Command("rename_with_symlink", "Move a file into another directory and leave a symbolic link of its name.") { from, to };
        command.SetAction(async (parsed, cancel) =>
        {
            var (old, directory) = (session.Path(parsed.GetValue(from)!), session.Path(parsed.GetValue(to)!));
            await session.Client.RenameWithLinkAsync(old, directory, cancel);
            session.Out.WriteLine($"success: renamed '{old}' to '{RemotePath.Join(directory, RemotePath.Name(old))}' and linked it");
            return 0;
        });
        return command;
    }
}
