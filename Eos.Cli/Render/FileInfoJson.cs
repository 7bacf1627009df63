using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Render;

/// <summary>`fileinfo -j`: one object, with EOS's keys.</summary>
internal static class FileInfoJson
{
    public static string Of(FileInformation info) => Pairs.JsonText(json =>
    {
        var (file, content) = (info.File, info.File.Content);
        json.WriteStartObject();
        Common(json, info.Path, file.Id.Value, EntryText.Inode(EntryKind.File, file.Id.Value), info.Parent, file.Owner, file.Mode, file.Times);
        json.WriteNumber("size", content.Size);
        json.WriteString("status", FileFields.Status(info));
        json.WriteString("etag", FileFields.Etag(file));
        Time(json, "atime", file.Accessed);
        if (file.IsLink) json.WriteString("target", file.Link);
        json.WriteBoolean("detached", info.IsDetached);
        json.WriteString("checksumtype", content.Checksum.Type.Name());
        json.WriteString("checksumvalue", content.Checksum.Hex);
        json.WriteString("layout", content.Layout.TypeName);
        json.WriteString("layoutid", content.Layout.ToString());
        json.WriteNumber("nstripes", content.Layout.Stripes);
        json.WriteStartArray("locations");
        foreach (var fs in content.Locations) Location(json, info, fs);
        json.WriteEndArray();
        if (!info.Unlinked.IsEmpty)
        {
            json.WriteStartArray("fsdel");
            foreach (var fs in info.Unlinked) json.WriteNumberValue(fs.Value);
            json.WriteEndArray();
        }
        Attributes(json, file.Attributes);
        json.WriteEndObject();
    });

    public static string Of(DirectoryInformation info) => Pairs.JsonText(json =>
    {
        var directory = info.Directory;
        json.WriteStartObject();
        Common(json, info.Path, directory.Id.Value, directory.Id.Value, directory.Parent, directory.Owner, directory.Mode, directory.Times);
        json.WriteNumber("nfiles", info.Files);
        json.WriteNumber("ndirectories", info.Directories);
        json.WriteNumber("treesize", info.Tree.Bytes);
        json.WriteNumber("treefiles", info.Tree.Files);
        json.WriteNumber("treecontainers", info.Tree.Directories);
        Time(json, "tmtime", info.Tree.Modified);
        json.WriteBoolean("detached", false);
        Attributes(json, directory.Attributes);
        json.WriteEndObject();
    });

    private static void Location(Utf8JsonWriter json, FileInformation info, FsId fs)
    {
        json.WriteStartObject();
        json.WriteNumber("fsid", fs.Value);
        if (FileFields.View(info, fs) is { } view)
        {
            json.WriteString("host", view.Report.Identity.Host);
            json.WriteString("schedgroup", view.Report.Identity.Group);
            json.WriteString("mountpoint", view.Report.Identity.Path);
            json.WriteString("fstpath", FileFields.PhysicalPath(view, info.File.Id));
            json.WriteString("configstatus", FsWords.Of(view.Report.Status));
            json.WriteString("active", FsWords.Of(view.Active));
        }
        json.WriteEndObject();
    }

    private static void Common(Utf8JsonWriter json, string path, ulong id, ulong inode, DirectoryId parent, Owner owner, uint mode, Times times)
    {
        json.WriteString("name", RemotePath.Name(path));
        json.WriteString("path", path);
        json.WriteNumber("id", id);
        json.WriteString("fxid", id.ToString("x8", CultureInfo.InvariantCulture));
        json.WriteNumber("inode", inode);
        json.WriteNumber("pid", parent.Value);
        json.WriteNumber("uid", owner.Uid);
        json.WriteNumber("gid", owner.Gid);
        json.WriteNumber("mode", mode);
        Time(json, "mtime", times.Modified);
        Time(json, "ctime", times.Changed);
        Time(json, "btime", times.Born);
    }

    private static void Time(Utf8JsonWriter json, string key, Instant time)
    {
        json.WriteNumber(key, time.Seconds);
        json.WriteNumber(key + "_ns", time.NanosecondOfSecond);
    }

    private static void Attributes(Utf8JsonWriter json, ImmutableSortedDictionary<string, string> attributes)
    {
        json.WriteStartObject("xattr");
        foreach (var (key, value) in attributes) json.WriteString(key, value);
        json.WriteEndObject();
    }
}
