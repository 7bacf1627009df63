using System.Collections.Immutable;
using System.Globalization;
using Eos.Fst;
using Eos.Views;
using static Eos.Gateway.AdminVerdict;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`fs status`: everything that is known of a filesystem, sorted by EOS's names.</summary>
internal static class FsStatus
{
    public static AdminVerdict Describe(AdminFacts f)
    {
        if (FsVerbs.Find(f) is not { } fs) return FsVerbs.Unknown(f);
        var values = ValuesOf(f, fs);
        return Rows(
            [values.Aggregate(AdminRecord.Empty, (record, v) => record.Add(v.Key, v.Value))],
            ConfiguredThings.Banner("FileSystem Variables").Concat(values.Select(v => $"{v.Key,-32} := {v.Value}")));
    }

    private static ImmutableSortedDictionary<string, string> ValuesOf(AdminFacts f, ViewState.Heard fs)
    {
        var (report, id, usage, load) = (fs.Report, fs.Report.Identity, fs.Report.Usage, fs.Report.Load);
        var view = ViewRules.Filesystems(f.View, f.Now, f.Settings.OfflineAfter).First(v => v.Id == id.Id);
        return fs.Configured.Values.SetItems(new Dictionary<string, string>
        {
            ["bootcheck"] = "0",
            ["configstatus"] = FsConfiguration.WordOf(report.Status),
            ["headroom"] = Text(usage.Headroom),
            ["host"] = id.Host,
            ["hostport"] = ViewRules.NodeOf(id),
            ["id"] = id.Id.ToString(),
            ["local.drain"] = "nodrain",
            ["path"] = id.Path,
            ["port"] = id.Port.ToString(CultureInfo.InvariantCulture),
            ["queue"] = $"/eos/{ViewRules.NodeOf(id)}/fst",
            ["queuepath"] = FsVerbs.QueuePath(id),
            ["schedgroup"] = id.Group,
            ["stat.active"] = view.Active.ToString().ToLowerInvariant(),
            ["stat.boot"] = FsConfiguration.WordOf(report.Health.Boot),
            ["stat.errc"] = ((int)report.Health.Error).ToString(CultureInfo.InvariantCulture),
            ["stat.errmsg"] = report.Health.Text,
            ["stat.geotag"] = id.Geotag,
            ["stat.disk.load"] = Text(load.Disk),
            ["stat.disk.readratemb"] = Text(load.ReadRate),
            ["stat.disk.writeratemb"] = Text(load.WriteRate),
            ["stat.ropen"] = Text(load.OpenForRead),
            ["stat.wopen"] = Text(load.OpenForWrite),
            ["stat.statfs.capacity"] = Text(usage.Capacity),
            ["stat.statfs.freebytes"] = Text(usage.Free),
            ["stat.statfs.usedbytes"] = Text(usage.Used),
            ["stat.statfs.files"] = Text(usage.Inodes),
            ["stat.statfs.ffree"] = Text(usage.InodesFree),
            ["stat.usedfiles"] = Text(usage.Replicas),
            ["stat.fsck.rep_missing_n"] = Text(usage.Faults.Missing),
            ["stat.fsck.d_cx_diff"] = Text(usage.Faults.Broken),
            ["uuid"] = id.Uuid,
        });
    }

    private static string Text(ulong value) => value.ToString(CultureInfo.InvariantCulture);
    private static string Text(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
