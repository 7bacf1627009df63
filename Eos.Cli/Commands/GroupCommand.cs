using System.CommandLine;
using Eos.Cli.Render;
using Eos.Views;
using static Eos.Cli.Render.ViewFields;

namespace Eos.Cli.Commands;

/// <summary>`group …`: groups of filesystems; all replicas of a file are in one.</summary>
internal static class GroupCommand
{
    private static readonly Column[] Columns =
    [
        new("type"), new("name"), new("status"), new("geotag(avg)"), new("N(fs)", true), new("dev(filled)", true), new("avg(filled)", true), new("sig(filled)", true), new("bal-shd", true),
    ];

    public static Command Build(Session session) => new("group", "Scheduling groups.")
    {
        List(session),
        Reports.Verb(session, "group", "set", "Turn a group on or off, or let it give its files away.", [Name, new Argument<string>("on|off|drain")]),
        Reports.Verb(session, "group", "rm", "Remove a group without filesystems.", [Name]),
    };

    internal static string[] Cells(GroupView group) =>
    [
        "groupview", group.Name, group.Status, group.Sums.Geotag, Text(group.Sums.Filesystems), Text(group.Sums.FilledDeviation), Text(group.Sums.FilledAverage), Text(group.Sums.FilledSigma), "0",
    ];

    internal static Pairs Record(GroupView group)
    {
        var s = group.Sums;
        return new Pairs()
            .Add("type", "groupview").Add("cfg.status", group.Status).Add("name", group.Name).Add("nofs", s.Filesystems)
            .Load(s).Rates(s).Add("sum.stat.net.inratemib", 0L).Add("sum.stat.net.outratemib", 0L).Streams(s).Bytes(s).Inodes(s).Filled(s).Add("local.balancer.running", 0L);
    }

    private static Argument<string> Name => new("group");

    private static Command List(Session session)
    {
        var words = new Argument<string[]>("match") { Arity = ArgumentArity.ZeroOrMore, Description = "Part of the name." };
        var io = new Option<bool>("--io", "--IO") { Description = "Load and streams." };
        var filesystems = new Option<bool>("-l") { Description = "Also the filesystems." };
        var silent = new Option<bool>("-s") { Description = "Print nothing." };
        var list = new Command("ls", "List groups.") { words, io, filesystems, silent };
        foreach (var option in FsCommand.Accepted()) list.Add(option);
        var printing = Printing.OptionsOf(list);
        list.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            var rows = (await session.Client.GroupsAsync(cancel)).Rows.Where(g => IsMeant(parsed.GetValue(words) ?? [], g.Name)).ToList();
            if (parsed.GetValue(silent) || Printing.Rows(session, form, rows.Select(Record))) return 0;
            session.Out.Write(parsed.GetValue(io)
                ? Table.Draw(SpaceCommand.ColumnsOfIo("name"), [.. rows.Select(g => SpaceCommand.Io(g.Name, g.Sums))])
                : Table.Draw(Columns, [.. rows.Select(Cells)]));
            if (parsed.GetValue(filesystems)) await FsCommand.PrintAsync(session, fs => rows.Any(g => g.Name == fs.Report.Identity.Group), cancel);
            return 0;
        });
        return list;
    }
}
