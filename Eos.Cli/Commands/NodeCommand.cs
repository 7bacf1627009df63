using System.CommandLine;
using System.Globalization;
using Eos.Cli.Render;
using Eos.Views;

namespace Eos.Cli.Commands;

/// <summary>`node ls [-m] [match]`: the nodes that carry filesystems.</summary>
internal static class NodeCommand
{
    private static readonly Column[] Columns =
        [new("type"), new("hostport"), new("geotag"), new("status"), new("activated"), new("heartbeatdelta", true), new("nofs", true)];

    public static Command Build(Session session)
    {
        var match = new Argument<string?>("match") { Arity = ArgumentArity.ZeroOrOne, Description = "Part of host:port." };
        var list = new Command("ls", "List nodes.") { match };
        var printing = Printing.OptionsOf(list);
        list.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            var rows = (await session.Client.NodesAsync(cancel)).Rows
                .Where(n => parsed.GetValue(match) is not { } part || HostPort(n).Contains(part, StringComparison.Ordinal)).ToList();
            if (!Printing.Rows(session, form, rows.Select(Record))) session.Out.Write(Table.Draw(Columns, [.. rows.Select(Cells)]));
            return 0;
        });
        return new Command("node", "Nodes.") { list };
    }

    internal static string[] Cells(NodeView node) =>
    [
        "nodesview", HostPort(node), node.Geotag, FsWords.Of(node.Active), "on", Seconds(node).ToString(CultureInfo.InvariantCulture),
        node.Filesystems.ToString(CultureInfo.InvariantCulture),
    ];

    internal static Pairs Record(NodeView node) => new Pairs()
        .Add("type", "nodesview").Add("hostport", HostPort(node)).Add("status", FsWords.Of(node.Active)).Add("cfg.status", "on")
        .Add("heartbeatdelta", Seconds(node)).Add("nofs", node.Filesystems)
        .Add("sum.stat.statfs.freebytes", node.Capacity - Math.Min(node.Used, node.Capacity))
        .Add("sum.stat.statfs.usedbytes", node.Used).Add("sum.stat.statfs.capacity", node.Capacity)
        .Add("cfg.stat.geotag", node.Geotag);

    private static string HostPort(NodeView node) => $"{node.Host}:{node.Port.ToString(CultureInfo.InvariantCulture)}";

    private static long Seconds(NodeView node) => (long)node.HeartbeatAge.TotalSeconds;
}
