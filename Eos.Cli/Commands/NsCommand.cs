using System.CommandLine;
using System.Globalization;
using Eos.Cli.Render;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Commands;

/// <summary>`ns [-m]`: the namespace and who leads, by the node that answers. Keys of EOS that mean nothing here are there and 0.</summary>
internal static class NsCommand
{
    private const string Rule = "# ------------------------------------------------------------------------------------";

    public static Command Build(Session session)
    {
        var command = new Command("ns", "The namespace in numbers.")
        {
            NsStatCommand.Build(session), NsMasterCommand.Build(session), NsCheckCommand.Build(session), NsCacheCommand.Build(session), NsBenchmark.Build(session),
            Reports.Verb(session, "ns", "reserve-ids", "Never give file and container ids up to these.", [new Argument<string>("fid"), new Argument<string>("cid")]),
            Reports.Verb(
                session, "ns", "compact", "Compact directories' journals and the files of the group: `on [delay [interval [type]]]` in seconds, or `off`.",
                [new Argument<string[]>("order") { Arity = ArgumentArity.OneOrMore, Description = "on or off, delay, interval, and files, directories or all." }]),
            Refused(session, "mutex"), Refused(session, "drain"), Refused(session, "tracker"), Refused(session, "behaviour"),
        };
        foreach (var verb in QuotaCommand.OfNamespace(session)) command.Add(verb);
        var printing = Printing.OptionsOf(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            var found = await session.Client.StatisticsAsync(cancel);
            var tree = ((DirectoryInformation)await session.Client.InfoAsync("/", cancel)).Tree;
            var compaction = string.Concat((await session.Client.AdministerAsync("ns", "compact status", [], cancel: cancel)).Lines);
            if (!Printing.Rows(session, form, Keys(found, tree, compaction).Select(k => new Pairs().Add("uid", "all").Add("gid", "all").Add(k.Key, k.Value)))) Draw(session.Out, found, tree, compaction);
            return 0;
        });
        return command;
    }

    private static Command Refused(Session session, string verb) => Reports.Verb(
        session, "ns", verb, "Known to EOS, without a meaning here.", [new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore, Description = "Anything." }]);

    /// <summary>One number a line, as EOS prints it: `uid=all gid=all ns.current.fid=17`.</summary>
    internal static IEnumerable<(string Key, string Value)> Keys(Statistics s, TreeCounts tree, string compaction) =>
    [
        ("ns.total.files", Text(tree.Files)),
        ("ns.total.directories", Text(tree.Directories + 1)),
        ("ns.current.fid", Text(s.Namespace.CurrentFile.Value)),
        ("ns.current.cid", Text(s.Namespace.CurrentDirectory.Value)),
        ("ns.generated.fid", Text(s.Namespace.FilesCreated)),
        ("ns.generated.cid", Text(s.Namespace.DirectoriesCreated)),
        ("ns.contention.write", "0"), ("ns.contention.read", "0"),
        ("ns.cache.files.maxsize", Figure(s, "ns.cache.files.maxsize")), ("ns.cache.files.occupancy", Figure(s, "ns.cache.files.occupancy")),
        ("ns.cache.containers.maxsize", Figure(s, "ns.cache.containers.maxsize")), ("ns.cache.containers.occupancy", Figure(s, "ns.cache.containers.occupancy")),
        ("ns.total.files.changelog.size", "0"), ("ns.total.files.changelog.avg_entry_size", "0"),
        ("ns.total.directories.changelog.size", "0"), ("ns.total.directories.changelog.avg_entry_size", "0"),
        .. compaction.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => w.Split('=', 2)).Where(w => w.Length == 2).Select(w => ($"ns.compact.{w[0]}", w[1])),
        ("ns.boot.status", "booted"),
        ("ns.boot.time", Seconds(s.Process.BootTime)),
        ("ns.boot.file.time", "0"),
        ("is_master", IsMaster(s) ? "true" : "false"),
        ("master_id", s.Leadership.Master),
        ("ns.mgm.local", s.Leadership.Local),
        ("ns.mgm.role", IsMaster(s) ? "leader" : "follower"),
        ("ns.mgm.leader", s.Leadership.Master),
        ("ns.mgm.followers", string.Join(',', s.Leadership.Followers)),
        ("ns.memory.virtual", Text(s.Process.Virtual)),
        ("ns.memory.resident", Text(s.Process.Resident)),
        ("ns.memory.share", "0"), ("ns.memory.growth", "0"),
        ("ns.stat.threads", Text(s.Process.Threads)),
        ("ns.fds.all", Text(s.Process.Handles)),
        ("ns.fusex.caps", "0"), ("ns.fusex.clients", "0"), ("ns.fusex.activeclients", "0"), ("ns.fusex.lockedclients", "0"),
        ("ns.hanging", "0"), ("ns.hanging.since", "0"),
        ("ns.latencypeak.eosviewmutex.last", "0"), ("ns.latencypeak.eosviewmutex.1min", "0"), ("ns.latencypeak.eosviewmutex.2min", "0"), ("ns.latencypeak.eosviewmutex.5min", "0"),
        ("ns.eosviewmutex.penultimateseclocktimepercent", "0"),
        ("ns.qclient.persistency_type", "raft"),
        ("ns.qdb.leader", s.Leadership.QdbLeader),
        ("ns.qdb.followers", string.Join(',', s.Leadership.QdbFollowers)),
        ("ns.qclient.backlog.pending", "0"), ("ns.qclient.backlog.peak", "0"), ("ns.qclient.backlog.limit", "0"), ("ns.qclient.backlog.free_slots", "0"),
        ("ns.qclient.rtt_ms.min", "0"), ("ns.qclient.rtt_ms.avg", "0"), ("ns.qclient.rtt_ms.max", "0"),
        ("ns.qclient.rtt_ms_peak.1min", "0"), ("ns.qclient.rtt_ms_peak.2min", "0"), ("ns.qclient.rtt_ms_peak.5min", "0"),
        ("ns.requests.running", Figure(s, "ns.requests.running")), ("ns.requests.waiting", Figure(s, "ns.requests.waiting")),
        ("ns.uptime", Text((ulong)s.Process.Uptime.TotalSeconds)),
    ];

    internal static void Draw(TextWriter output, Statistics s, TreeCounts tree, string compaction)
    {
        output.WriteLine($"{Rule}\n# Namespace Statistics\n{Rule}");
        Line(output, "Files", $"{Text(tree.Files)} [booted] (0s)");
        Line(output, "Directories", Text(tree.Directories + 1));
        Line(output, "Total boot time", $"{Seconds(s.Process.BootTime)} s [booted]");
        Line(output, "Contention", "write: 0.00 % read:0.00 %");
        output.WriteLine(Rule);
        Line(output, "Compactification", compaction);
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
        Line(output, "File cache max num", Figure(s, "ns.cache.files.maxsize"));
        Line(output, "File cache occupancy", Figure(s, "ns.cache.files.occupancy"));
        Line(output, "Container cache max num", Figure(s, "ns.cache.containers.maxsize"));
        Line(output, "Container cache occupancy", Figure(s, "ns.cache.containers.occupancy"));
        output.WriteLine(Rule);
        Line(output, "requests running", Figure(s, "ns.requests.running"));
        Line(output, "requests waiting", Figure(s, "ns.requests.waiting"));
        output.WriteLine(Rule);
        Line(output, "memory virtual", HumanSize.Of((long)s.Process.Virtual));
        Line(output, "memory resident", HumanSize.Of((long)s.Process.Resident));
        Line(output, "threads", Text(s.Process.Threads));
        Line(output, "fds", Text(s.Process.Handles));
        Line(output, "uptime", Text((ulong)s.Process.Uptime.TotalSeconds));
        output.WriteLine(Rule);
    }

    private static bool IsMaster(Statistics s) => s.Leadership.Local.Length > 0 && s.Leadership.Local == s.Leadership.Master;
    private static string Figure(Statistics s, string key) => s.Figures.GetValueOrDefault(key, "0");
    private static string Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 2).ToString(CultureInfo.InvariantCulture);
    private static void Line(TextWriter output, string label, string value) => output.WriteLine($"ALL      {label,-33}{value}");
    private static string Text(ulong value) => value.ToString(CultureInfo.InvariantCulture);
    private static string Text(uint value) => value.ToString(CultureInfo.InvariantCulture);
}
