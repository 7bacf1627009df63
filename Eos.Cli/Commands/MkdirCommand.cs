using System.CommandLine;

namespace Eos.Cli.Commands;

/// <summary>`mkdir [-p] path…`: silent on success.</summary>
internal static class MkdirCommand
{
    public static Command Build(Session session)
    {
        var parents = new Option<bool>("-p", "--parents") { Description = "Make missing parents too; an existing directory is fine." };
        var paths = new Argument<string[]>("path") { Arity = ArgumentArity.OneOrMore };
        var command = new Command("mkdir", "Make directories.") { parents, paths };
        command.SetAction(async (parsed, cancel) =>
        {
            foreach (var path in parsed.GetValue(paths)!)
                await session.Client.MakeDirectoryAsync(session.Path(path), parsed.GetValue(parents), cancel: cancel);
            return 0;
        });
        return command;
    }
}
