using System.Globalization;
using System.Text;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Render;

/// <summary>`fileinfo` of a directory. Sums over the whole tree are late by some seconds.</summary>
internal static class DirectoryInfoText
{
    public static string Human(DirectoryInformation info, TimeZoneInfo zone)
    {
        var directory = info.Directory;
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"  Directory: '{info.Path}'  Treesize: {info.Tree.Bytes}  Treecontainers: {info.Tree.Directories}  Treefiles: {info.Tree.Files}");
        Line($"  Container: {info.Directories}  Files: {info.Files}  Flags: {FileFields.Octal(directory.Mode)}");
        Line($"Modify: {FileFields.Date(directory.Times.Modified, zone)} Timestamp: {directory.Times.Modified}");
        Line($"Change: {FileFields.Date(directory.Times.Changed, zone)} Timestamp: {directory.Times.Changed}");
        Line($"Sync  : {FileFields.Date(info.Tree.Modified, zone)} Timestamp: {info.Tree.Modified}");
        Line($"Birth : {FileFields.Date(directory.Times.Born, zone)} Timestamp: {directory.Times.Born}");
        Line($"  CUid: {directory.Owner.Uid} CGid: {directory.Owner.Gid} Fxid: {directory.Id.Value:x8} Fid: {directory.Id.Value} Pid: {directory.Parent.Value} Pxid: {directory.Parent.Value:x8}");
        Line($"  ETAG: {Etag(info)}");
        return text.ToString();
    }

    public static string Monitoring(DirectoryInformation info)
    {
        var directory = info.Directory;
        var pairs = new Pairs()
            .Add("keylength.file", Encoding.UTF8.GetByteCount(info.Path)).Add("file", info.Path)
            .Add("treesize", info.Tree.Bytes).Add("treecontainers", info.Tree.Directories).Add("treefiles", info.Tree.Files)
            .Add("container", info.Directories).Add("files", info.Files)
            .Add("mtime", directory.Times.Modified.ToString()).Add("ctime", directory.Times.Changed.ToString())
            .Add("btime", directory.Times.Born.ToString()).Add("stime", info.Tree.Modified.ToString())
            .Add("clock", FileFields.Clock(directory.Times.Changed))
            .Add("mode", FileFields.Octal(directory.Mode)).Add("uid", directory.Owner.Uid).Add("gid", directory.Owner.Gid)
            .Add("fxid", directory.Id.Value.ToString("x8", CultureInfo.InvariantCulture)).Add("fid", directory.Id.Value).Add("ino", directory.Id.Value)
            .Add("pid", directory.Parent.Value).Add("pxid", directory.Parent.Value.ToString("x8", CultureInfo.InvariantCulture))
            .Add("etag", Etag(info)).Add("detached", 0);
        foreach (var (key, value) in directory.Attributes) pairs.Add("xattrn", key).Add("xattrv", value);
        return pairs.Line();
    }

    /// <summary>Changes with each change of the directory's names.</summary>
    private static string Etag(DirectoryInformation info) =>
        $"{info.Directory.Id.Value:x}:{info.Directory.Times.Modified.Seconds.ToString(CultureInfo.InvariantCulture)}.{info.Directory.Times.Modified.NanosecondOfSecond / 1_000_000:d3}";
}
