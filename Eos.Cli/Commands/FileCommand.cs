using System.CommandLine;
using Eos.Cli.Render;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Commands;

/// <summary>`fileinfo path`, also `info` and `file info`: the whole record of a file or directory.</summary>
internal static class FileCommand
{
    public static Command Build(Session session)
    {
        var command = new Command("file", "Files and their replicas.") { Info(session, new Command("info", "The whole record of a file or directory.")) };
        foreach (var verb in ReplicaCommands.All(session)) command.Add(verb);
        command.Add(FileCopyCommand.Build(session));
        command.Add(FileShareCommand.Build(session));
        foreach (var verb in EntryCommands.All(session)) command.Add(verb);
        foreach (var verb in MvCommand.Verbs(session)) command.Add(verb);
        foreach (var verb in VersionsCommand.All(session)) command.Add(verb);
        return command;
    }

    public static Command BuildInfo(Session session)
    {
        var command = new Command("fileinfo", "The whole record of a file or directory.");
        command.Aliases.Add("info");
        return Info(session, command);
    }

    private static Command Info(Session session, Command command)
    {
        var path = new Argument<string>("path");
        var only = new (Option<bool> Option, Func<IFinal, IEnumerable<string>> Lines)[]
        {
            (new Option<bool>("--path") { Description = "Only the path." }, i => [FileFields.Path(i)]),
            (new Option<bool>("--fid") { Description = "Only the id, decimal." }, i => [FileFields.Fid(i)]),
            (new Option<bool>("--fxid") { Description = "Only the id, hexadecimal." }, i => [FileFields.Fxid(i)]),
            (new Option<bool>("--size") { Description = "Only the size." }, i => [FileFields.Size(i)]),
            (new Option<bool>("--checksum") { Description = "Only the checksum." }, FileFields.Checksum),
        };
        var fullPath = new Option<bool>("--fullpath") { Description = "Also where each replica lies on its filesystem." };
        command.Add(path);
        var proxy = new Option<bool>("--proxy") { Description = "Also the proxy group of each replica's filesystem." };
        command.Add(fullPath);
        command.Add(proxy);
        foreach (var (option, _) in only) command.Add(option);
        var printing = Printing.OptionsOf(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            var found = await session.Client.InfoAsync(session.Path(parsed.GetValue(path)!), cancel);
            var chosen = only.Where(o => parsed.GetValue(o.Option)).SelectMany(o => o.Lines(found)).ToList();
            if (chosen.Count > 0) foreach (var line in chosen) session.Out.WriteLine(line);
            else Print(session.Out, form, found, parsed.GetValue(fullPath), parsed.GetValue(proxy));
            return 0;
        });
        return command;
    }

    private static void Print(TextWriter output, Form form, IFinal found, bool fullPath, bool proxy)
    {
        switch (found)
        {
            case FileInformation file:
                output.Write(form switch
                {
                    Form.Json => FileInfoJson.Of(file) + "\n",
                    Form.Monitoring => FileInfoText.Monitoring(file, fullPath) + "\n",
                    _ => FileInfoText.Human(file, fullPath, proxy, TimeZoneInfo.Local),
                });
                break;
            case DirectoryInformation directory:
                output.Write(form switch
                {
                    Form.Json => FileInfoJson.Of(directory) + "\n",
                    Form.Monitoring => DirectoryInfoText.Monitoring(directory) + "\n",
                    _ => DirectoryInfoText.Human(directory, TimeZoneInfo.Local),
                });
                break;
            default:
                throw new EosException(Errno.BadMessage, $"unexpected answer {found.GetType().Name}");
        }
    }
}
