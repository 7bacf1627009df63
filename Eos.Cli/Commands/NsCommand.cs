using System.CommandLine;
using System.Globalization;
using Eos.Cli.Render;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Commands;

/// <summary>`ns [-m]` and `ns stat [-m]`: the namespace, who leads, and what was asked, of the node that answers.</summary>
internal static class NsCommand
{
    private const string Rule = "# ------------------------------------------------------------------------------------";

    private static readonly Column[] Columns =
    [
        new("who"), new("command"), new("sum", true), new("5s", true), new("1min", true), new("5min", true), new("1h", true),
        new("exec(ms)", true), new("sigma(ms)", true), new("99p(ms)", true), new("max(ms)", true),
    ];

    public static Command Build(Session session)
    {
        var statistics = new Command("stat", "What the namespace was asked, how often, and how long it took.");
        var ownPrinting = Printing.OptionsOf(statistics);
        statistics.SetAction(async (parsed, cancel) =>
        {
            var form = ownPrinting.Form(parsed, session);
            var commands = (await session.Client.StatisticsAsync(cancel)).Commands.OrderBy(c => c.Command, StringComparer.Ordinal).ToList();
            if (!Printing.Rows(session, form, commands.Select(Record))) session.Out.Write(Table.Draw(Columns, [.. commands.Select(Cells)]));
            return 0;
        });
        var command = new Command("ns", "The namespace in numbers.") { statistics, NsMasterCommand.Build(session), NsCheckCommand.Build(session) };
        var printing = Printing.OptionsOf(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            var found = await session.Client.StatisticsAsync(cancel);
            var tree = ((DirectoryInformation)await session.Client.InfoAsync("/", cancel)).Tree;
            if (!Printing.Rows(session, form, Keys(found, tree).Select(k => new Pairs().Add("uid", "all").Add("gid", "all").Add(k.Key, k.Value)))) Draw(session.Out, found, tree);
            return 0;
        });
        return command;
    }

    /// <summary>One number a line, as EOS prints it: `uid=all gid=all ns.current.fid=17`.</summary>
    internal static IEnumerable<(string Key, string Value)> Keys(Statistics s, TreeCounts tree) =>
    [
        ("ns.total.files", Text(tree.Files)),
        ("ns.total.directories", Text(tree.Directories + 1)),
        ("ns.current.fid", Text(s.Namespace.CurrentFile.Value)),
        ("ns.current.cid", Text(s.Namespace.CurrentDirectory.Value)),
        ("ns.generated.fid", Text(s.Namespace.FilesCreated)),
        ("ns.generated.cid", Text(s.Namespace.DirectoriesCreated)),
        ("ns.boot.status", "booted"),
        ("ns.boot.time", Math.Round(s.Process.BootTime.TotalSeconds, 2).ToString(CultureInfo.InvariantCulture)),
        ("is_master", IsMaster(s) ? "true" : "false"),
        ("master_id", s.Leadership.Master),
        ("ns.mgm.local", s.Leadership.Local),
        ("ns.mgm.role", IsMaster(s) ? "leader" : "follower"),
        ("ns.mgm.leader", s.Leadership.Master),
        ("ns.mgm.followers", string.Join(',', s.Leadership.Followers)),
        ("ns.qdb.leader", s.Leadership.QdbLeader),
        ("ns.qdb.followers", string.Join(',', s.Leadership.QdbFollowers)),
        ("ns.memory.virtual", Text(s.Process.Virtual)),
        ("ns.memory.resident", Text(s.Process.Resident)),
        ("ns.stat.threads", Text(s.Process.Threads)),
        ("ns.fds.all", Text(s.Process.Handles)),
        ("ns.uptime", Text((ulong)s.Process.Uptime.TotalSeconds)),
    ];

    internal static void Draw(TextWriter output, Statistics s, TreeCounts tree)
    {
        output.WriteLine($"{Rule}\n# Namespace Statistics\n{Rule}");
        Line(output, "Files", Text(tree.Files));
        Line(output, "Directories", Text(tree.Directories + 1));
        Line(output, "Total boot time", $"{Math.Round(s.Process.BootTime.TotalSeconds, 2).ToString(CultureInfo.InvariantCulture)} s [booted]");
        output.WriteLine(Rule);
        Line(output, "Replication", $"is_master={(IsMaster(s) ? "true" : "false")} master_id={s.Leadership.Master}");
        Line(output, "MGM Leadership", s.Leadership.Master);
        Line(output, "MGM followers", string.Join(',', s.Leadership.Followers));
        Line(output, "QDB Leadership", s.Leadership.QdbLeader);
        Line(output, "QDB followers", string.Join(',', s.Leadership.QdbFollowers));
        output.WriteLine(Rule);
        Line(output, "files created since boot", Text(s.Namespace.FilesCreated));
        Line(output, "container created since boot", Text(s.Namespace.DirectoriesCreated));
        output.WriteLine(Rule);
        Line(output, "current file id", Text(s.Namespace.CurrentFile.Value));
        Line(output, "current container id", Text(s.Namespace.CurrentDirectory.Value));
        output.WriteLine(Rule);
        Line(output, "memory virtual", HumanSize.Of((long)s.Process.Virtual));
        Line(output, "memory resident", HumanSize.Of((long)s.Process.Resident));
        Line(output, "threads", Text(s.Process.Threads));
        Line(output, "fds", Text(s.Process.Handles));
        Line(output, "uptime", Text((ulong)s.Process.Uptime.TotalSeconds));
        output.WriteLine(Rule);
    }

    private static bool IsMaster(Statistics s) => s.Leadership.Local.Length > 0 && s.Leadership.Local == s.Leadership.Master;

    private static string[] Cells(CommandCounts c) =>
    [
        "all", c.Command, Text(c.Total), .. c.Windows.Select(Text), Number(c.MeanMs), Number(c.SigmaMs), Number(c.P99Ms), Number(c.MaxMs),
    ];

    internal static Pairs Record(CommandCounts c)
    {
        var record = new Pairs().Add("uid", "all").Add("gid", "all").Add("cmd", c.Command).Add("total", c.Total);
        foreach (var (key, value) in new[] { "5s", "60s", "300s", "3600s" }.Zip(c.Windows)) record.Add(key, value);
        return record.Add("exec", c.MeanMs).Add("execsig", c.SigmaMs).Add("exec99", c.P99Ms).Add("execmax", c.MaxMs);
    }

    private static void Line(TextWriter output, string label, string value) => output.WriteLine($"ALL      {label,-33}{value}");
    private static string Text(ulong value) => value.ToString(CultureInfo.InvariantCulture);
    private static string Text(uint value) => value.ToString(CultureInfo.InvariantCulture);
    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
