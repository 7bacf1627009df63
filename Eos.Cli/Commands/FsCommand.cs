using System.CommandLine;
using Eos.Cli.Render;
using Eos.Views;

namespace Eos.Cli.Commands;

/// <summary>`fs …`: filesystems.</summary>
internal static class FsCommand
{
    public static Command Build(Session session) => new("fs", "Filesystems.")
    {
        List(session),
        Reports.Verb(
            session, "fs", "add", "Register a filesystem by its uuid.",
            [
                new Argument<string>("uuid"), new Argument<string>("host[:port]"), new Argument<string>("mount"),
                new Argument<string?>("space|group") { Arity = ArgumentArity.ZeroOrOne }, new Argument<string?>("status") { Arity = ArgumentArity.ZeroOrOne },
            ],
            [new Option<string>("-m") { Description = "With this number.", HelpName = "fsid" }]),
        Reports.Verb(session, "fs", "config", "Configure a filesystem.", [Which, new Argument<string>("key=value")]),
        FsDeedCommands.Boot(session),
        Reports.Verb(session, "fs", "rm", "Take a filesystem out; its status must be empty.", [Which]),
        Reports.Verb(
            session, "fs", "mv", "Move filesystems to another group or space.", [new Argument<string>("fsid|group|space"), new Argument<string>("group|space")],
            [new Option<bool>("--force") { Description = "Also into a group that is full or has the node, and with files." }]),
        FsFilesCommands.Status(session),
        FsFilesCommands.Dump(session),
        FsDeedCommands.Clone(session),
        FsDeedCommands.Compare(session),
        FsDeedCommands.DropFiles(session),
        FsDeedCommands.DropGhosts(session),
        Reports.Verb(session, "fs", "dropdeletion", "Forget all that a filesystem is still to delete; the bytes stay there, and nothing knows them any more.", [Which]),
    };

    /// <summary>Prints the filesystems that are meant, as `fs ls` does.</summary>
    public static async Task PrintAsync(Session session, Func<FsView, bool> isMeant, CancellationToken cancel, FsTables.Kind kind = FsTables.Kind.Usual)
    {
        var rows = (await session.Client.FilesystemsAsync(cancel)).Rows.Where(isMeant).OrderBy(f => f.Id).ToList();
        session.Out.Write(FsTables.Draw(kind, rows));
    }

    /// <summary>Options of listings that EOS has and that change nothing here: names are short, and geotags as deep as they are.</summary>
    public static IEnumerable<Option> Accepted() => [new Option<int?>("-g") { Description = "Depth of geotags.", HelpName = "depth" }, new Option<bool>("-b") { Description = "Short names." }];

    private static Argument<string> Which => new("fsid|uuid|host:port/path");

    private static Command List(Session session)
    {
        var forms = new (Option<bool> Option, FsTables.Kind Kind)[]
        {
            (new("-l") { Description = "Also uuid, headroom, scanning." }, FsTables.Kind.Long),
            (new("-e") { Description = "Only filesystems with an error, and which." }, FsTables.Kind.Errors),
            (new("-d", "-D") { Description = "Only filesystems that are drained." }, FsTables.Kind.Drain),
            (new("--io") { Description = "Load and streams." }, FsTables.Kind.Io),
            (new("--fsck", "-F") { Description = "What was found wrong." }, FsTables.Kind.Fsck),
        };
        var silent = new Option<bool>("-s") { Description = "Print nothing." };
        var brief = new Option<bool>("-b") { Description = "Hosts without their domain." };
        var match = new Argument<string[]>("match") { Arity = ArgumentArity.ZeroOrMore, Description = "Part of host:port, path, group or status, or the id." };
        var list = new Command("ls", "List filesystems.") { silent, brief, match };
        foreach (var (option, _) in forms) list.Add(option);
        var printing = Printing.OptionsOf(list);
        list.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            var rows = (await session.Client.FilesystemsAsync(cancel)).Rows.Where(f => Matches(f, parsed.GetValue(match) ?? [])).OrderBy(f => f.Id).ToList();
            if (parsed.GetValue(silent) || Printing.Rows(session, form, rows.Select(FsTables.Record))) return 0;
            var kind = forms.Where(f => parsed.GetValue(f.Option)).Select(f => f.Kind).DefaultIfEmpty(FsTables.Kind.Usual).First();
            if (parsed.GetValue(brief)) rows = [.. rows.Select(Brief)];
            session.Out.Write(FsTables.Draw(kind, rows));
            return 0;
        });
        return list;
    }

    private static FsView Brief(FsView fs) => fs with
    {
        Report = fs.Report with { Identity = fs.Report.Identity with { Host = ViewFields.Brief(fs.Report.Identity.Host) } },
    };

    private static bool Matches(FsView fs, IReadOnlyCollection<string> words)
    {
        var id = fs.Report.Identity;
        return words.Count == 0 || words.Contains(id.Id.ToString())
            || ViewFields.IsMeant(words, $"{id.Host}:{id.Port}", id.Path, id.Group, FsWords.Of(fs.Report.Status), FsWords.Of(fs.Active), FsWords.Of(fs.Report.Health.Boot));
    }
}
