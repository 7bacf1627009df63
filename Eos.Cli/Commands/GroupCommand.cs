using System.CommandLine;
using System.Globalization;
using Eos.Cli.Render;
using Eos.Views;

namespace Eos.Cli.Commands;

/// <summary>`group ls [-m] [match]`: scheduling groups and how evenly they are filled.</summary>
internal static class GroupCommand
{
    private static readonly Column[] Columns =
    [
        new("type"), new("name"), new("status"), new("N(fs)", true), new("dev(filled)", true), new("avg(filled)", true), new("sig(filled)", true),
    ];

    public static Command Build(Session session)
    {
        var match = new Argument<string?>("match") { Arity = ArgumentArity.ZeroOrOne, Description = "Part of the name." };
        var list = new Command("ls", "List groups.") { match };
        var printing = Printing.OptionsOf(list);
        list.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            var rows = (await session.Client.GroupsAsync(cancel)).Rows
                .Where(g => parsed.GetValue(match) is not { } part || g.Name.Contains(part, StringComparison.Ordinal)).ToList();
            if (!Printing.Rows(session, form, rows.Select(Record))) session.Out.Write(Table.Draw(Columns, [.. rows.Select(Cells)]));
            return 0;
        });
        return new Command("group", "Scheduling groups.") { list };
    }

    internal static string[] Cells(GroupView group) =>
    [
        "groupview", group.Name, Status(group), group.Filesystems.ToString(CultureInfo.InvariantCulture),
        Percent(group.MaxDeviation), Percent(group.AverageFilled), Percent(group.Sigma),
    ];

    internal static Pairs Record(GroupView group) => new Pairs()
        .Add("type", "groupview").Add("cfg.status", Status(group)).Add("name", group.Name).Add("nofs", group.Filesystems)
        .Add("sum.stat.statfs.usedbytes", group.Used).Add("sum.stat.statfs.capacity", group.Capacity)
        .Add("maxdev.stat.statfs.filled", group.MaxDeviation).Add("avg.stat.statfs.filled", group.AverageFilled)
        .Add("sig.stat.statfs.filled", group.Sigma);

    private static string Status(GroupView group) => group.On ? "on" : "off";
    private static string Percent(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
