using System.Globalization;
using Eos.Cli.Render;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Commands;

/// <summary>The namespace and who leads, by the node that answers: all of `ns`, and the beginning of `ns stat`. What EOS prints and means nothing here is there and 0, or off.</summary>
internal sealed class NsSummary(Statistics s, TreeCounts tree, string compaction)
{
    private const string Failed = " failed=\"";

    private const string Rule = "# ------------------------------------------------------------------------------------";

    public static async Task<NsSummary> AskAsync(Session session, CancellationToken cancel) => new(
        await session.Client.StatisticsAsync(cancel),
        ((DirectoryInformation)await session.Client.InfoAsync("/", cancel)).Tree,
        string.Concat((await session.Client.AdministerAsync("ns", "compact status", [], cancel: cancel)).Lines));

    /// <summary>For programs: `uid=all gid=all ns.current.fid=17` and so on.</summary>
    public IEnumerable<Pairs> Rows => Keys.Select(k => new Pairs().Add("uid", "all").Add("gid", "all").Add(k.Key, k.Value));

    /// <summary>One number a line, as EOS prints it: `uid=all gid=all ns.current.fid=17`.</summary>
    private IEnumerable<(string Key, string Value)> Keys =>
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
        .. CompactionKeys,
        ("ns.boot.status", BootStatus),
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
        ("ns.memory.share", Figure(s, "ns.memory.share")), ("ns.memory.growth", Figure(s, "ns.memory.growth")),
        ("ns.stat.threads", Text(s.Process.Threads)),
        ("ns.fds.all", Text(s.Process.Handles)),
        ("ns.fusex.caps", "0"), ("ns.fusex.clients", "0"), ("ns.fusex.activeclients", "0"), ("ns.fusex.lockedclients", "0"),
        ("ns.hanging", "0"), ("ns.hanging.since", "0"),
        ("ns.latencypeak.eosviewmutex.last", "0"), ("ns.latencypeak.eosviewmutex.1min", "0"), ("ns.latencypeak.eosviewmutex.2min", "0"), ("ns.latencypeak.eosviewmutex.5min", "0"),
        ("ns.eosviewmutex.penultimateseclocktimepercent", "0"),
        ("ns.qclient.persistency_type", "raft"),
        ("ns.qdb.leader", s.Leadership.QdbLeader),
        ("ns.qdb.followers", string.Join(',', s.Leadership.QdbFollowers)),
        .. new[] { "backlog.pending", "backlog.peak" }.Select(k => ($"ns.qclient.{k}", Figure(s, $"ns.qclient.{k}"))),
        ("ns.qclient.backlog.limit", "0"), ("ns.qclient.backlog.free_slots", "0"),
        .. new[] { "rtt_ms.min", "rtt_ms.avg", "rtt_ms.max", "rtt_ms_peak.1min", "rtt_ms_peak.2min", "rtt_ms_peak.5min" }.Select(k => ($"ns.qclient.{k}", Figure(s, $"ns.qclient.{k}"))),
        ("ns.directories.awake", Figure(s, "ns.directories.awake")),
        ("ns.requests.running", Figure(s, "ns.requests.running")), ("ns.requests.waiting", Figure(s, "ns.requests.waiting")),
        ("ns.uptime", Text((ulong)s.Process.Uptime.TotalSeconds)),
    ];

    public void Draw(TextWriter output)
    {
        output.WriteLine($"{Rule}\n# Namespace Statistics\n{Rule}");
        Line(output, "Files", $"{Text(tree.Files)} [{BootStatus}] (0s)");
        Line(output, "Directories", Text(tree.Directories + 1));
        Line(output, "Total boot time", $"{Seconds(s.Process.BootTime)} s [{BootStatus}]");
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
        Line(output, "eosxd caps", "0");
        Line(output, "eosxd clients", "0");
        Line(output, "eosxd active clients", "0");
        Line(output, "eosxd locked clients", "0");
        output.WriteLine(Rule);
        Line(output, "File cache max num", Figure(s, "ns.cache.files.maxsize"));
        Line(output, "File cache occupancy", Figure(s, "ns.cache.files.occupancy"));
        Line(output, "In-flight FileMD", "0");
        Line(output, "Container cache max num", Figure(s, "ns.cache.containers.maxsize"));
        Line(output, "Container cache occupancy", Figure(s, "ns.cache.containers.occupancy"));
        Line(output, "In-flight ContainerMD", "0");
        output.WriteLine(Rule);
        Line(output, "eosViewRWMutex status", "available (0s)");
        Line(output, "eosViewRWMutex peak-latency", "0ms (last) 0ms (1 min) 0ms (2 min) 0ms (5 min)");
        output.WriteLine(Rule);
        Line(output, "QClient Persistency", "raft");
        Line(output, "QClient request backlog", $"{Figure(s, "ns.qclient.backlog.pending")} (peak {Figure(s, "ns.qclient.backlog.peak")})");
        Line(output, "QClient overall RTT", $"{Milliseconds("rtt_ms.min")} (min)  {Milliseconds("rtt_ms.avg")} (avg)  {Milliseconds("rtt_ms.max")} (max)");
        Line(output, "QClient recent peak RTT", $"{Milliseconds("rtt_ms_peak.1min")} (1 min) {Milliseconds("rtt_ms_peak.2min")} (2 min) {Milliseconds("rtt_ms_peak.5min")} (5 min)");
        output.WriteLine(Rule);
        Line(output, "directories awake", Figure(s, "ns.directories.awake"));
        Line(output, "requests running", Figure(s, "ns.requests.running"));
        Line(output, "requests waiting", Figure(s, "ns.requests.waiting"));
        output.WriteLine(Rule);
        Line(output, "memory virtual", HumanSize.Of((long)s.Process.Virtual));
        Line(output, "memory resident", HumanSize.Of((long)s.Process.Resident));
        Line(output, "memory share", HumanSize.Of(long.Parse(Figure(s, "ns.memory.share"), CultureInfo.InvariantCulture)));
        Line(output, "memory growths", HumanSize.Of(long.Parse(Figure(s, "ns.memory.growth"), CultureInfo.InvariantCulture)));
        Line(output, "threads", Text(s.Process.Threads));
        Line(output, "fds", Text(s.Process.Handles));
        Line(output, "uptime", Text((ulong)s.Process.Uptime.TotalSeconds));
        output.WriteLine(Rule);
        foreach (var service in new[] { "drain", "fsck", "converter", "balancer", "traffic shaping", "monitoring", "tracker", "tape" }) Line(output, $"{service} info", "off");
        output.WriteLine(Rule);
    }

    /// <summary>As EOS has it: a compaction that runs, or has failed, is a state of the whole namespace.</summary>
    private string BootStatus => compaction.Contains(Failed, StringComparison.Ordinal) ? "failed" : compaction.StartsWith("status=compacting", StringComparison.Ordinal) ? "compacting" : "booted";

    /// <summary>`status=wait waitstart=12 …`, and at its end why the last run failed, in quotes.</summary>
    private IEnumerable<(string Key, string Value)> CompactionKeys
    {
        get
        {
            var failed = compaction.IndexOf(Failed, StringComparison.Ordinal);
            var words = (failed < 0 ? compaction : compaction[..failed]).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => w.Split('=', 2)).Where(w => w.Length == 2);
            foreach (var word in words) yield return ($"ns.compact.{word[0]}", word[1]);
            if (failed >= 0) yield return ("ns.compact.failed", compaction[(failed + Failed.Length)..].TrimEnd('"'));
        }
    }

    private string Milliseconds(string key) => Figure(s, $"ns.qclient.{key}") + "ms";

    private static bool IsMaster(Statistics s) => s.Leadership.Local.Length > 0 && s.Leadership.Local == s.Leadership.Master;
    private static string Figure(Statistics s, string key) => s.Figures.GetValueOrDefault(key, "0");
    private static string Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 2).ToString(CultureInfo.InvariantCulture);
    private static void Line(TextWriter output, string label, string value) => output.WriteLine($"ALL      {label,-33}{value}");
    private static string Text(ulong value) => value.ToString(CultureInfo.InvariantCulture);
    private static string Text(uint value) => value.ToString(CultureInfo.InvariantCulture);
}
