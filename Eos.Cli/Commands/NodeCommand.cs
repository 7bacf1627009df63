using System.CommandLine;
using System.Globalization;
using Eos.Cli.Render;
using Eos.Gateway;
using Eos.Views;
using static Eos.Cli.Render.ViewFields;

namespace Eos.Cli.Commands;

/// <summary>`node …`: the nodes that carry filesystems.</summary>
internal static class NodeCommand
{
    private static readonly Column[] Columns =
        [new("type"), new("hostport"), new("geotag"), new("status"), new("activated"), new("heartbeatdelta", true), new("nofs", true)];

    private static readonly Column[] SystemColumns =
    [
        new("hostport"), new("geotag"), new("vsize", true), new("rss", true), new("threads", true), new("sockets", true), new("kworkers", true), new("eos"), new("engine"),
        new("kernel version"), new("start"), new("uptime", true),
    ];

    public static Command Build(Session session) => new("node", "Nodes.")
    {
        List(session),
        Reports.Verb(session, "node", "set", "Turn a node on or off.", [Name, new Argument<string>("on|off")]),
        Reports.Verb(session, "node", "rm", "Remove a node without filesystems.", [Name]),
        Reports.Verb(session, "node", "config", "Configure a node; keys of filesystems go to all of its filesystems.", [Name, new Argument<string>("key=value")]),
        Reports.Verb(session, "node", "status", "What is known of a node.", [Name]),
        Reports.Verb(session, "node", "txgw", "Say whether a node may be a gateway of transfers; stored only.", [Name, new Argument<string>("on|off")]),
        Reports.Verb(session, "node", "proxygroupadd", "Put a node into a proxy group.", [new Argument<string>("group"), Name]),
        Reports.Verb(session, "node", "proxygrouprm", "Take a node out of a proxy group.", [new Argument<string>("group"), Name]),
        Reports.Verb(session, "node", "proxygroupclear", "Take a node out of all proxy groups.", [Name]),
    };

    internal static string[] Cells(NodeView node) =>
        ["nodesview", node.Name, node.Geotag, FsWords.Of(node.Active), node.Status, Seconds(node).ToString(CultureInfo.InvariantCulture), Text(node.Sums.Filesystems)];

    /// <summary>EOS's keys, in EOS's order.</summary>
    internal static Pairs Record(NodeView node)
    {
        var s = node.Sums;
        return new Pairs()
            .Add("type", "nodesview").Add("hostport", node.Name).Add("status", FsWords.Of(node.Active)).Add("cfg.status", node.Status)
            .Add("heartbeatdelta", Seconds(node)).Add("nofs", s.Filesystems).Load(s).Rates(s).Streams(s).Bytes(s).Inodes(s)
            .Add("local.balancer.running", 0L).AddAll(node.System.Fields().Select(f => KeyValuePair.Create("cfg." + f.Key, f.Value)))
            .Add("sum.stat.disk.iops?configstatus@rw", 0L).Add("sum.stat.disk.bw?configstatus@rw", 0L).Add("cfg.stat.geotag", node.Geotag);
    }

    /// <summary>What the process on a node takes of its machine.</summary>
    private static string[] SystemCells(NodeView node)
    {
        var values = node.System.Fields().ToDictionary();
        return
        [
            node.Name, node.Geotag, .. new[] { "vsize", "rss" }.Select(key => HumanSize.Of(long.Parse(values.GetValueOrDefault($"stat.sys.{key}", "0"), CultureInfo.InvariantCulture))),
            .. new[] { "threads", "sockets", "kworkers", "eos.version", "xrootd.version", "kernel", "eos.start", "uptime" }.Select(key => values.GetValueOrDefault($"stat.sys.{key}", "")),
        ];
    }

    private static Argument<string> Name => new("node");

    private static Command List(Session session)
    {
        var words = new Argument<string[]>("match") { Arity = ArgumentArity.ZeroOrMore, Description = "Part of host:port." };
        var io = new Option<bool>("--io") { Description = "Load and streams." };
        var filesystems = new Option<bool>("-l") { Description = "Also the filesystems." };
        var silent = new Option<bool>("-s") { Description = "Print nothing." };
        var brief = new Option<bool>("-b") { Description = "Hosts without their domain." };
        var system = new Option<bool>("--sys") { Description = "The process and its machine." };
        var faults = new Option<bool>("--fsck") { Description = "What was found wrong on the filesystems." };
        var list = new Command("ls", "List nodes.") { words, io, system, faults, filesystems, silent, brief };
        var printing = Printing.OptionsOf(list);
        list.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            var rows = (await session.Client.NodesAsync(cancel)).Rows.Where(n => IsMeant(parsed.GetValue(words) ?? [], n.Name)).ToList();
            if (parsed.GetValue(silent) || Printing.Rows(session, form, rows.Select(Record))) return 0;
            var shown = parsed.GetValue(brief) ? rows.Select(n => n with { Name = Brief(n.Name) }) : rows;
            session.Out.Write(
                parsed.GetValue(io) ? Table.Draw(SpaceCommand.ColumnsOfIo("hostport"), [.. shown.Select(n => SpaceCommand.Io(n.Name, n.Sums))])
                : parsed.GetValue(system) ? Table.Draw(SystemColumns, [.. shown.Select(SystemCells)])
                : Table.Draw(Columns, [.. shown.Select(Cells)]));
            if (parsed.GetValue(faults)) await FsCommand.PrintAsync(session, IsShown, cancel, FsTables.Kind.Fsck);
            if (parsed.GetValue(filesystems)) await FsCommand.PrintAsync(session, IsShown, cancel);
            return 0;

            bool IsShown(FsView fs) => rows.Any(n => n.Name == ViewRules.NodeOf(fs.Report.Identity));
        });
        return list;
    }

    private static long Seconds(NodeView node) => (long)node.HeartbeatAge.TotalSeconds;
}
