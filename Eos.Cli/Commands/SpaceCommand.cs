using System.CommandLine;
using System.Globalization;
using Eos.Cli.Render;
using Eos.Views;

namespace Eos.Cli.Commands;

/// <summary>`space ls [-m] [match]`: spaces and their capacity.</summary>
internal static class SpaceCommand
{
    private static readonly Column[] Columns =
    [
        new("type"), new("name"), new("N(groups)", true), new("N(fs)", true), new("N(fs-rw)", true), new("sum(usedbytes)", true),
        new("sum(capacity)", true), new("capacity(rw)", true), new("sched.capacity", true), new("usage", true),
    ];

    public static Command Build(Session session)
    {
        var match = new Argument<string?>("match") { Arity = ArgumentArity.ZeroOrOne, Description = "Part of the name." };
        var list = new Command("ls", "List spaces.") { match };
        var printing = Printing.OptionsOf(list);
        list.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            var rows = (await session.Client.SpacesAsync(cancel)).Rows
                .Where(s => parsed.GetValue(match) is not { } part || s.Name.Contains(part, StringComparison.Ordinal)).ToList();
            if (!Printing.Rows(session, form, rows.Select(Record))) session.Out.Write(Table.Draw(Columns, [.. rows.Select(Cells)]));
            return 0;
        });
        return new Command("space", "Spaces.") { list };
    }

    internal static string[] Cells(SpaceView space) =>
    [
        "spaceview", space.Name, Text(space.Groups), Text(space.Filesystems), Text(space.FilesystemsRw),
        HumanSize.Of((long)space.Used), HumanSize.Of((long)space.Capacity), HumanSize.Of((long)space.CapacityRw), HumanSize.Of((long)space.FreeRw),
        FsWords.Filled(space.Used, space.Capacity).ToString("0.00", CultureInfo.InvariantCulture),
    ];

    internal static Pairs Record(SpaceView space) => new Pairs()
        .Add("type", "spaceview").Add("name", space.Name).Add("nofs", space.Filesystems)
        .Add("sum.stat.statfs.usedbytes", space.Used)
        .Add("sum.stat.statfs.freebytes", space.Capacity - Math.Min(space.Used, space.Capacity))
        .Add("sum.stat.statfs.freebytes?configstatus@rw", space.FreeRw)
        .Add("sum.stat.statfs.capacity", space.Capacity)
        .Add("sched.capacity", space.FreeRw)
        .Add("sum.stat.statfs.capacity?configstatus@rw", space.CapacityRw)
        .Add("sum.<n>?configstatus@rw", space.FilesystemsRw);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
