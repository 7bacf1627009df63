using System.CommandLine;
using Eos.Cli.Copying;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Commands;

/// <summary>`file copy [-f] [-s] [-c] source target`: one file within the namespace. The bytes pass through the client.</summary>
internal static class FileCopyCommand
{
    public static Command Build(Session session)
    {
        var (source, target) = (new Argument<string>("source"), new Argument<string>("target"));
        var force = new Option<bool>("-f") { Description = "Replace what is there." };
        var silent = new Option<bool>("-s") { Description = "Print nothing." };
        var clone = new Option<bool>("-c") { Description = "A clone: with the source's modification time." };
        var command = new Command("copy", "Copy a file within the namespace.") { source, target, force, silent, clone };
        command.SetAction(async (parsed, cancel) =>
        {
            var (from, to) = (session.Path(parsed.GetValue(source)!), session.Path(parsed.GetValue(target)!));
            var entry = await session.Client.StatAsync(from, cancel);
            if (entry.Kind == EntryKind.Directory) throw new EosException(Errno.IsADirectory, $"{from} is a directory");
            var copy = new FileCopy(Remote(from), Remote(to), (long)entry.Size, entry.Checksum, entry.Attributes.Times.Modified);
            await new FileCopier(session.Client, session.Terminal, new CopyRules(parsed.GetValue(force), parsed.GetValue(clone))).CopyAsync(copy, new Progress<long>(), cancel);
            if (!parsed.GetValue(silent)) session.Out.WriteLine($"success: copy done '{from}'=>'{to}'");
            return 0;
        });
        return command;
    }

    private static Place Remote(string path) => new(PlaceKind.Remote, path, false);
}
