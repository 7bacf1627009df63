using System.Globalization;
using System.Text;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Views;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Render;

/// <summary>`fileinfo` of a file, for people and as `key=value`.</summary>
internal static class FileInfoText
{
    private static readonly Column[] ReplicaColumns =
    [
        new("no.", true), new("fs-id", true), new("host"), new("schedgroup"), new("path"), new("boot"), new("configstatus"), new("drain"),
        new("active"), new("geotag"),
    ];

    public static string Human(FileInformation info, bool fullPath, bool proxy, TimeZoneInfo zone)
    {
        var (file, content) = (info.File, info.File.Content);
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"  File: '{info.Path}'  Flags: {FileFields.Octal(file.Mode)}  Clock: {FileFields.Clock(file.Times.Changed):x}");
        Line($"  Size: {content.Size}");
        Line($"Status: {FileFields.Status(info)}");
        Line($"Modify: {FileFields.Date(file.Times.Modified, zone)} Timestamp: {file.Times.Modified}");
        Line($"Change: {FileFields.Date(file.Times.Changed, zone)} Timestamp: {file.Times.Changed}");
        Line($"Access: {FileFields.Date(file.Accessed, zone)} Timestamp: {file.Accessed}");
        Line($" Birth: {FileFields.Date(file.Times.Born, zone)} Timestamp: {file.Times.Born}");
        Line($"  CUid: {file.Owner.Uid} CGid: {file.Owner.Gid} Fxid: {file.Id} Fid: {file.Id.Value} Pid: {info.Parent.Value} Pxid: {info.Parent.Value:x8}");
        Line($"XStype: {content.Checksum.Type.Name()}    XS: {content.Checksum.Hex}    ETAGs: {FileFields.Etag(file)}");
        Line($"Layout: {content.Layout.TypeName} Stripes: {content.Layout.Stripes} Blocksize: {FileFields.BlockSize(content.Layout)} LayoutId: {content.Layout} Redundancy: {FileFields.Redundancy(content)}");
        Line($"  #Rep: {content.Locations.Length}");
        text.Append(Table.Draw(
            [.. ReplicaColumns, .. fullPath ? [new Column("physical location")] : Array.Empty<Column>(), .. proxy ? [new Column("proxygroup")] : Array.Empty<Column>()],
            [.. content.Locations.Select((fs, i) => Replica(i, fs, info, fullPath, proxy))]));
        foreach (var fs in info.Unlinked) Line($"(undeleted) $ {fs}");
        return text.Append("*******\n").ToString();
    }

    public static string Monitoring(FileInformation info, bool fullPath)
    {
        var (file, content) = (info.File, info.File.Content);
        var pairs = new Pairs()
            .Add("keylength.file", Encoding.UTF8.GetByteCount(info.Path)).Add("file", info.Path).Add("size", content.Size)
            .Add("status", FileFields.Status(info));
        if (file.IsLink) pairs.Add("target", file.Link);
        pairs
            .Add("mtime", file.Times.Modified.ToString()).Add("ctime", file.Times.Changed.ToString()).Add("btime", file.Times.Born.ToString())
            .Add("atime", file.Accessed.ToString()).Add("clock", FileFields.Clock(file.Times.Changed)).Add("mode", FileFields.Octal(file.Mode))
            .Add("uid", file.Owner.Uid).Add("gid", file.Owner.Gid)
            .Add("fxid", file.Id.ToString()).Add("fid", file.Id.Value).Add("ino", EntryText.Inode(EntryKind.File, file.Id.Value))
            .Add("pid", info.Parent.Value).Add("pxid", info.Parent.Value.ToString("x8", CultureInfo.InvariantCulture))
            .Add("xstype", content.Checksum.Type.Name()).Add("xs", content.Checksum.Hex).Add("etag", FileFields.Etag(file)).Add("detached", info.IsDetached ? 1 : 0)
            .Add("layout", content.Layout.TypeName).Add("nstripes", content.Layout.Stripes).Add("lid", content.Layout.ToString())
            .Add("nrep", content.Locations.Length).Add("cachefsid", 0);
        foreach (var (key, value) in file.Attributes) pairs.Add("xattrn", key).Add("xattrv", value);
        foreach (var fs in content.Locations)
        {
            pairs.Add("fsid", fs.Value);
            if (fullPath && FileFields.View(info, fs) is { } view) pairs.Add("fullpath", FileFields.PhysicalPath(view, file.Id));
        }
        foreach (var fs in info.Unlinked) pairs.Add("fsdel", fs.Value);
        return pairs.Line();
    }

    private static string[] Replica(int index, FsId fs, FileInformation info, bool fullPath, bool proxy)
    {
        var view = FileFields.View(info, fs);
        string[] cells =
        [
            index.ToString(CultureInfo.InvariantCulture), fs.ToString(), .. view is null
                ? new[] { "unknown", "", "", "", "", "", "", "" }
                : [
                    view.Report.Identity.Host, view.Report.Identity.Group, view.Report.Identity.Path, FsWords.Of(view.Report.Health.Boot),
                    FsWords.Of(view.Report.Status), "nodrain", FsWords.Of(view.Active), view.Report.Identity.Geotag,
                ],
        ];
        if (fullPath) cells = [.. cells, view is null ? "" : FileFields.PhysicalPath(view, info.File.Id)];
        return proxy ? [.. cells, view?.Configured["proxygroup"] ?? ""] : cells;
    }
}
