using Eos.Fst;
using Eos.Kernel;
using Eos.Views;
using static Eos.Cli.Render.ViewFields;

namespace Eos.Cli.Render;

/// <summary>The forms of `fs ls`, with EOS's columns and keys. What only XRootD servers measure is 0.</summary>
internal static class FsTables
{
    /// <summary>Which columns, and which filesystems.</summary>
    public enum Kind
    {
        Usual = 1,
        Long = 2,
        Errors = 3,
        Drain = 4,
        Io = 5,
        Fsck = 6,
    }

    private const string NoDrain = "nodrain";

    private static readonly Column[] Usual =
    [
        new("host"), new("port", true), new("id", true), new("path"), new("schedgroup"), new("geotag"), new("boot"),
        new("configstatus"), new("drain"), new("usage", true), new("active"), new("health"),
    ];

    private static readonly Column[] Long =
    [
        .. Usual, new("alias host"), new("alias port", true), new("uuid"), new("headroom", true), new("scaninterval", true), new("scan_rain_interval", true), new("statuscomment"),
    ];

    private static readonly Column[] Errors =
        [new("host"), new("id", true), new("path"), new("boot"), new("configstatus"), new("drain"), new("errc", true), new("errmsg")];

    private static readonly Column[] Drain =
    [
        new("host"), new("port", true), new("id", true), new("path"), new("drain"), new("progress", true), new("files", true), new("bytes-left", true),
        new("timeleft", true), new("failed", true),
    ];

    private static readonly Column[] Io =
    [
        new("hostport"), new("id", true), new("schedgroup"), new("geotag"), new("diskload", true), new("diskr-MB/s", true), new("diskw-MB/s", true), new("eth-MiB/s", true),
        new("ethi-MiB", true), new("etho-MiB", true), new("ropen", true), new("wopen", true), new("usage", true), new("used-bytes", true), new("max-bytes", true),
        new("used-files", true), new("max-files", true), new("bal-shd", true), new("iops", true), new("bw", true),
    ];

    private static readonly Column[] Fsck =
    [
        new("hostport"), new("id", true), new("n(mem)", true), new("n(disk)", true), new("n(mgm)", true), new("e(orph)", true), new("e(unreg)", true), new("e(layout)", true),
        new("e(miss)", true), new("e(disksize)", true), new("e(mgmsize)", true), new("e(disk-cx)", true), new("e(mgm-cx)", true),
    ];

    public static string Draw(Kind kind, IReadOnlyList<FsView> rows) => kind switch
    {
        Kind.Long => Table.Draw(Long, [.. rows.Select(LongCells)]),
        Kind.Errors => Table.Draw(Errors, [.. rows.Where(f => f.Report.Health.Error != Errno.None).Select(ErrorCells)]),
        Kind.Drain => Table.Draw(Drain, []),
        Kind.Io => Table.Draw(Io, [.. rows.Select(IoCells)]),
        Kind.Fsck => Table.Draw(Fsck, [.. rows.Select(FsckCells)]),
        _ => Table.Draw(Usual, [.. rows.Select(Cells)]),
    };

    /// <summary>The keys of EOS's `fs ls -m`, in EOS's order, and behind them what was found wrong.</summary>
    public static Pairs Record(FsView fs)
    {
        var (id, report, keys) = (fs.Report.Identity, fs.Report, fs.Configured);
        var (usage, load) = (report.Usage, report.Load);
        return new Pairs()
            .Add("host", id.Host).Add("port", id.Port).Add("id", id.Id.Value).Add("uuid", id.Uuid).Add("path", id.Path).Add("schedgroup", id.Group)
            .Add("stat.alias.host", "").Add("stat.alias.port", "").Add("stat.boot", FsWords.Of(report.Health.Boot)).Add("configstatus", FsWords.Of(report.Status))
            .Add("headroom", usage.Headroom).Add("stat.errc", (int)report.Health.Error).Add("stat.errmsg", report.Health.Text)
            .Add("stat.disk.load", load.Disk).Add("stat.disk.readratemb", load.ReadRate).Add("stat.disk.writeratemb", load.WriteRate)
            .Add("stat.net.ethratemib", 0L).Add("stat.net.inratemib", 0L).Add("stat.net.outratemib", 0L)
            .Add("stat.ropen", load.OpenForRead).Add("stat.wopen", load.OpenForWrite)
            .Add("stat.statfs.freebytes", usage.Free).Add("stat.statfs.usedbytes", usage.Used).Add("stat.statfs.capacity", usage.Capacity)
            .Add("stat.usedfiles", usage.Replicas).Add("stat.statfs.ffree", usage.InodesFree)
            .Add("stat.statfs.fused", usage.Inodes - Math.Min(usage.InodesFree, usage.Inodes)).Add("stat.statfs.files", usage.Inodes)
            .Add("local.drain", NoDrain).Add("local.drain.progress", 0L).Add("local.drain.files", 0L).Add("local.drain.bytesleft", 0L).Add("local.drain.failed", 0L)
            .Add("local.drain.timeleft", 0L).Add("graceperiod", Key(keys, "graceperiod")).Add("drainperiod", Key(keys, "drainperiod")).Add("stat.active", FsWords.Of(fs.Active))
            .Add("scaninterval", Key(keys, "scaninterval")).Add("scan_rain_interval", Key(keys, "scan_rain_interval")).Add("scanreruninterval", keys["scanreruninterval"])
            .Add("local.balancer.running", 0L).Add("stat.disk.iops", 0L).Add("stat.disk.bw", 0L).Add("stat.geotag", id.Geotag)
            .Add("stat.health", FsWords.Health(report)).Add("stat.health.redundancy_factor", 1L).Add("stat.health.drives_failed", 0L)
            .Add("stat.health.drives_total", 1L).Add("stat.health.indicator", report.Health.Error == Errno.None ? 1L : 0L)
            .Add("stat.fsck.rep_missing_n", usage.Faults.Missing).Add("stat.fsck.d_cx_diff", usage.Faults.Broken).Add("stat.fsck.restored", usage.Faults.Restored);
    }

    /// <summary>What is set, else what holds without it.</summary>
    private static string Key(FsConfiguration keys, string key) => keys[key] is { Length: > 0 } set ? set : SpaceDefaults.All[key];

    internal static string[] Cells(FsView fs)
    {
        var (report, identity) = (fs.Report, fs.Report.Identity);
        return
        [
            identity.Host, Text(identity.Port), identity.Id.ToString(), identity.Path, identity.Group, identity.Geotag,
            FsWords.Of(report.Health.Boot), FsWords.Of(report.Status), NoDrain, Text(FsWords.Filled(report.Usage.Used, report.Usage.Capacity)),
            FsWords.Of(fs.Active), FsWords.Health(report),
        ];
    }

    private static string[] LongCells(FsView fs) =>
    [
        .. Cells(fs), "", "", fs.Report.Identity.Uuid, HumanSize.Of((long)fs.Report.Usage.Headroom), Key(fs.Configured, "scaninterval"), Key(fs.Configured, "scan_rain_interval"),
        fs.Configured["statuscomment"],
    ];

    private static string[] ErrorCells(FsView fs) =>
    [
        fs.Report.Identity.Host, fs.Id.ToString(), fs.Report.Identity.Path, FsWords.Of(fs.Report.Health.Boot), FsWords.Of(fs.Report.Status), NoDrain,
        Text((int)fs.Report.Health.Error), fs.Report.Health.Text,
    ];

    private static string[] IoCells(FsView fs)
    {
        var (id, usage, load) = (fs.Report.Identity, fs.Report.Usage, fs.Report.Load);
        return
        [
            ViewRules.NodeOf(id), id.Id.ToString(), id.Group, id.Geotag, Text(load.Disk), Text(load.ReadRate), Text(load.WriteRate), "0", "0", "0",
            Text((ulong)load.OpenForRead), Text((ulong)load.OpenForWrite), Text(FsWords.Filled(usage.Used, usage.Capacity)), HumanSize.Of((long)usage.Used),
            HumanSize.Of((long)usage.Capacity), Text(usage.Replicas), Text(usage.Inodes), "0", "0", "0",
        ];
    }

    private static string[] FsckCells(FsView fs)
    {
        var usage = fs.Report.Usage;
        return
        [
            ViewRules.NodeOf(fs.Report.Identity), fs.Id.ToString(), Text(usage.Replicas), Text(usage.Replicas), Text(usage.Replicas), "0", "0", "0", Text(usage.Faults.Missing),
            "0", "0", Text(usage.Faults.Broken), "0",
        ];
    }
}
