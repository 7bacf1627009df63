using System.CommandLine;
using System.Globalization;
using Eos.Cli.Copying;
using Eos.Cli.Render;
using Eos.Client;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Commands;

/// <summary>`file version|versions|purge`: earlier contents of a file.</summary>
internal static class VersionsCommand
{
    public static IEnumerable<Command> All(Session session) => [Version(session), Versions(session), Purge(session)];

    /// <summary>The bytes pass through this process: the file gets the same content anew, and what it was becomes a version.</summary>
    private static Command Version(Session session)
    {
        var path = new Argument<string>("path");
        var keep = new Argument<int?>("n") { Arity = ArgumentArity.ZeroOrOne, Description = "So many versions stay; without it: all." };
        var command = new Command("version", "Make a version of a file as it is.") { path, keep };
        command.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(keep) is <= 0) throw new EosException(Errno.Invalid, "at least one version must stay");
            if (await session.Client.InfoAsync(session.Path(parsed.GetValue(path)!), cancel) is not FileInformation file)
                throw new EosException(Errno.IsADirectory, $"{parsed.GetValue(path)} is a directory");
            var count = (parsed.GetValue(keep) ?? VersionRules.All).ToString(CultureInfo.InvariantCulture);
            var source = new Place(PlaceKind.Remote, file.Path, false);
            var target = source with { Query = NoOptions.SetItem("eos.versioning", count) };
            var content = file.File.Content;
            if (content.Size == 0) await session.Client.PutAsync(file.Path, Stream.Null, new PutOptions(0) { Query = target.Query }, cancel: cancel);
            else
                await new FileCopier(session.Client, session.Terminal, new CopyRules(Overwrite: true, PreserveTimes: false))
                    .CopyAsync(new FileCopy(source, target, (long)content.Size, content.Checksum, null), new Progress<long>(), cancel);
            session.Out.WriteLine($"info: created new version of '{file.Path}'{(parsed.GetValue(keep) is { } n ? $" keeping {n} versions" : "")}");
            return 0;
        });
        return command;
    }

    private static Command Versions(Session session)
    {
        var path = new Argument<string>("path");
        var grab = new Argument<string?>("version") { Arity = ArgumentArity.ZeroOrOne, Description = "This version becomes the file, and the file a version." };
        var command = new Command("versions", "List the versions of a file, or take one back.") { path, grab };
        var printing = Printing.OptionsOf(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            if (await session.Client.InfoAsync(session.Path(parsed.GetValue(path)!), cancel) is not FileInformation file)
                throw new EosException(Errno.IsADirectory, $"{parsed.GetValue(path)} is a directory");
            if (parsed.GetValue(grab) is { } version)
            {
                Reports.Print(session, form, await session.Client.AdministerAsync("file", "grab", [file.Path, version], cancel: cancel));
                return 0;
            }
            var directory = RemotePath.Join(RemotePath.Parent(file.Path), HiddenNames.VersionsOf(RemotePath.Name(file.Path)));
            var style = new ListingStyle(Long: true, Inode: false, Checksum: false, NumericIds: false, HumanSizes: false, Classify: false);
            var now = Instant.From(TimeProvider.System.GetUtcNow());
            var rows = new List<Pairs>();
            try
            {
                await foreach (var entry in session.Client.ListAsync(directory, detailed: true, cancel))
                {
                    if (form == Form.Human) session.Out.WriteLine(EntryText.Line(entry, style, session.Names, now, TimeZoneInfo.Local));
                    else rows.Add(EntryText.Record(entry));
                }
            }
            catch (EosException none) when (none.Why == Errno.NoEntry)
            {
                // the file has no versions: nothing to list
            }
            Printing.Rows(session, form, rows);
            return 0;
        });
        return command;
    }

    private static Command Purge(Session session)
    {
        var path = new Argument<string>("path");
        var keep = new Argument<int>("n") { Description = "So many stay; 0: none, -1: as the directory says.", DefaultValueFactory = _ => -1 };
        var command = new Command("purge", "Remove versions of a file.") { path, keep };
        command.SetAction(async (parsed, cancel) =>
        {
            var count = parsed.GetValue(keep).ToString(CultureInfo.InvariantCulture);
            Reports.Print(session, session.Options.Form, await session.Client.AdministerAsync("file", "purge", [session.Path(parsed.GetValue(path)!), count], cancel: cancel));
            return 0;
        });
        return command;
    }
}
