using System.CommandLine;
using System.Globalization;
using Eos.Cli.Render;
using Eos.Views;

namespace Eos.Cli.Commands;

/// <summary>`fs ls [-m] [match]`: filesystems.</summary>
internal static class FsCommand
{
    private static readonly Column[] Columns =
    [
        new("host"), new("port", true), new("id", true), new("path"), new("schedgroup"), new("geotag"), new("boot"),
        new("configstatus"), new("drain"), new("usage", true), new("active"), new("health"),
    ];

    private static readonly Column[] LongColumns =
        [.. Columns, new("uuid"), new("used", true), new("capacity", true), new("headroom", true), new("files", true)];

    public static Command Build(Session session)
    {
        var longForm = new Option<bool>("-l") { Description = "Also uuid, bytes and files." };
        var errors = new Option<bool>("-e") { Description = "Only filesystems with an error, and which." };
        var match = new Argument<string?>("match") { Arity = ArgumentArity.ZeroOrOne, Description = "Part of host:port, path, group or the id." };
        var list = new Command("ls", "List filesystems.") { longForm, errors, match };
        var printing = Printing.OptionsOf(list);
        list.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            var rows = (await session.Client.FilesystemsAsync(cancel)).Rows.Where(f => Matches(f, parsed.GetValue(match))).OrderBy(f => f.Id).ToList();
            if (Printing.Rows(session, form, rows.Select(Record))) return 0;
            if (parsed.GetValue(errors)) session.Out.Write(Table.Draw(ErrorColumns, [.. rows.Where(f => f.Report.Health.Error != Kernel.Errno.None).Select(ErrorCells)]));
            else if (parsed.GetValue(longForm)) session.Out.Write(Table.Draw(LongColumns, [.. rows.Select(LongCells)]));
            else session.Out.Write(Table.Draw(Columns, [.. rows.Select(Cells)]));
            return 0;
        });
        return new Command("fs", "Filesystems.") { list };
    }

    private static readonly Column[] ErrorColumns =
        [new("host"), new("id", true), new("path"), new("boot"), new("configstatus"), new("drain"), new("errc", true), new("errmsg")];

    internal static string[] Cells(FsView fs)
    {
        var (report, identity) = (fs.Report, fs.Report.Identity);
        return
        [
            identity.Host, Text(identity.Port), identity.Id.ToString(), identity.Path, identity.Group, identity.Geotag,
            FsWords.Of(report.Health.Boot), FsWords.Of(report.Status), "nodrain",
            FsWords.Filled(report.Usage.Used, report.Usage.Capacity).ToString("0.00", CultureInfo.InvariantCulture),
            FsWords.Of(fs.Active), FsWords.Health(report),
        ];
    }

    /// <summary>The keys of EOS's `fs ls -m` that this instance measures, in EOS's order.</summary>
    internal static Pairs Record(FsView fs)
    {
        var (id, report) = (fs.Report.Identity, fs.Report);
        var (usage, load) = (report.Usage, report.Load);
        return new Pairs()
            .Add("host", id.Host).Add("port", id.Port).Add("id", id.Id.Value).Add("uuid", id.Uuid).Add("path", id.Path).Add("schedgroup", id.Group)
            .Add("stat.boot", FsWords.Of(report.Health.Boot)).Add("configstatus", FsWords.Of(report.Status)).Add("headroom", usage.Headroom)
            .Add("stat.errc", (int)report.Health.Error).Add("stat.errmsg", report.Health.Text)
            .Add("stat.disk.load", load.Disk).Add("stat.disk.readratemb", load.ReadRate).Add("stat.disk.writeratemb", load.WriteRate)
            .Add("stat.ropen", load.OpenForRead).Add("stat.wopen", load.OpenForWrite)
            .Add("stat.statfs.freebytes", usage.Free).Add("stat.statfs.usedbytes", usage.Used).Add("stat.statfs.capacity", usage.Capacity)
            .Add("stat.usedfiles", usage.Replicas).Add("stat.statfs.ffree", usage.InodesFree)
            .Add("stat.statfs.fused", usage.Inodes - Math.Min(usage.InodesFree, usage.Inodes)).Add("stat.statfs.files", usage.Inodes)
            .Add("local.drain", "nodrain").Add("stat.active", FsWords.Of(fs.Active))
            .Add("stat.geotag", id.Geotag).Add("stat.health", FsWords.Health(report))
            .Add("stat.fsck.rep_missing_n", usage.Faults.Missing).Add("stat.fsck.d_cx_diff", usage.Faults.Broken).Add("stat.fsck.restored", usage.Faults.Restored);
    }

    private static string[] LongCells(FsView fs) =>
    [
        .. Cells(fs), fs.Report.Identity.Uuid, HumanSize.Of((long)fs.Report.Usage.Used), HumanSize.Of((long)fs.Report.Usage.Capacity),
        HumanSize.Of((long)fs.Report.Usage.Headroom), fs.Report.Usage.Replicas.ToString(CultureInfo.InvariantCulture),
    ];

    private static string[] ErrorCells(FsView fs) =>
    [
        fs.Report.Identity.Host, fs.Id.ToString(), fs.Report.Identity.Path, FsWords.Of(fs.Report.Health.Boot), FsWords.Of(fs.Report.Status), "nodrain",
        Text((int)fs.Report.Health.Error), fs.Report.Health.Text,
    ];

    private static bool Matches(FsView fs, string? match)
    {
        var id = fs.Report.Identity;
        return match is null || id.Id.ToString() == match
            || new[] { $"{id.Host}:{id.Port}", id.Path, id.Group }.Any(t => t.Contains(match, StringComparison.Ordinal));
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
