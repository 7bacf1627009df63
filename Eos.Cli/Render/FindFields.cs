using System.Collections.Immutable;
using System.Globalization;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Views;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Render;

/// <summary>The keys that `find` can print of an entry, each spelled in one way.</summary>
internal sealed class FindFields(FindStyle style, ImmutableArray<FsView> views, string endpoint)
{
    private readonly Dictionary<FsId, FsView> _views = views.ToDictionary(v => v.Id);

    /// <summary>A line for people: the path alone, with keys behind it.</summary>
    public string Line(TreeRow row)
    {
        if (style.Shape == FindShape.Du) return $"{Number(Size(row)),16}  {PathOf(row)}";
        var keys = string.Concat(Values(row).Select(v => $" {v.Key}={v.Value}"));
        if (style.Shape != FindShape.Path) return $"path=\"{PathOf(row)}\"{keys}";
        return PathOf(row) + (keys.Length == 0 && row.Kind == EntryKind.Link ? " -> " + row.Target : keys);
    }

    /// <summary>The same for programs.</summary>
    public Pairs Pairs(TreeRow row)
    {
        var pairs = new Pairs().Add("path", PathOf(row)).Add("type", TypeOf(row));
        if (style.Shape == FindShape.Du) pairs.Add("size", Size(row));
        foreach (var (key, value) in Values(row).Where(v => v.Key != "type")) pairs.Add(key, value);
        return pairs;
    }

    private string PathOf(TreeRow row)
    {
        var path = row.Kind == EntryKind.Directory && row.Path.Length > 1 ? row.Path + "/" : row.Path;
        return style.Url ? $"root://{endpoint}/{path}" : path;
    }

    private IEnumerable<(string Key, string Value)> Values(TreeRow row) => style.Shape switch
    {
        FindShape.ChildCount => [("ndirs", Number(row.Counts.Directories)), ("nfiles", Number(row.Counts.Files))],
        FindShape.TreeCount => [("ndirs", Number(row.Tree.Directories)), ("nfiles", Number(row.Tree.Files))],
        _ => style.Keys.SelectMany(k => Value(row, k)),
    };

    private IEnumerable<(string Key, string Value)> Value(TreeRow row, string key)
    {
        if (key is "attr.*")
        {
            foreach (var (name, one) in AttributesOf(row)) yield return ("attr." + name, $"\"{one}\"");
            yield break;
        }
        var value = key switch
        {
            "type" => TypeOf(row),
            "size" => Number(Size(row)),
            "uid" => Number(OwnerOf(row).Uid),
            "gid" => Number(OwnerOf(row).Gid),
            "mode" => FileFields.Octal(row.File?.Mode ?? row.Directory!.Mode),
            "fid" or "cid" => Number(IdOf(row)),
            "fxid" or "cxid" => IdOf(row).ToString("x8", CultureInfo.InvariantCulture),
            "pid" => Number(ParentOf(row).Value),
            "pxid" => ParentOf(row).Value.ToString("x8", CultureInfo.InvariantCulture),
            "ctime" => TimesOf(row).Changed.ToString(),
            "mtime" => TimesOf(row).Modified.ToString(),
            "btime" => TimesOf(row).Born.ToString(),
            "atime" => (row.File?.Accessed ?? Instant.Epoch).ToString(),
            "stime" => (row.Directory is null ? Instant.Epoch : row.Tree.Modified).ToString(),
            "checksum" or "xs" => row.File?.Content.Checksum.Hex ?? "",
            "checksumtype" or "xstype" => row.File?.Content.Checksum.Type.Name() ?? "",
            "etag" when row.File is { } file => FileFields.Etag(file),
            "fs" or "fsid" => Join(LocationsOf(row).Select(l => l.ToString())),
            "online" => Join(Online(row).Select(v => v.Id.ToString())),
            "hosts" => Join(ViewsOf(row).Select(v => v.Report.Identity.Host).Distinct()),
            "partition" => Join(ViewsOf(row).Select(v => $"{v.Report.Identity.Host}:{v.Report.Identity.Path}")),
            "nrep" => Number((ulong)LocationsOf(row).Length),
            "nunlink" => Number((ulong)row.Unlinked.Length),
            "layout" => row.File?.Content.Layout.TypeName ?? "",
            "nstripes" => row.File is null ? "0" : Number((ulong)row.File.Content.Layout.Stripes),
            "link" or "target" => row.Target,
            "files" => Number(row.Directory is null ? 0 : row.Counts.Files),
            "directories" => Number(row.Directory is null ? 0 : row.Counts.Directories),
            "treesize" => Number(row.Tree.Bytes),
            "treefiles" => Number(row.Tree.Files),
            "treecontainers" => Number(row.Tree.Directories),
            _ when key.StartsWith("attr.", StringComparison.Ordinal) => AttributesOf(row).GetValueOrDefault(key[5..], ""),
            "etag" => "",
            _ => throw new EosException(Errno.Invalid, $"find prints no '{key}'"),
        };
        yield return (key == "fs" ? "fsid" : key.StartsWith("attr.", StringComparison.Ordinal) && style.Shape == FindShape.Path ? key[5..] : key, value);
    }

    private static string TypeOf(TreeRow row) => row.Kind switch
    {
        EntryKind.Directory => "directory",
        EntryKind.Link => "symlink",
        _ => "file",
    };

    private static ulong Size(TreeRow row) => row.File?.Content.Size ?? row.Tree.Bytes;
    private static ulong IdOf(TreeRow row) => row.File?.Id.Value ?? row.Directory!.Id.Value;
    private static DirectoryId ParentOf(TreeRow row) => row.Directory?.Parent ?? row.Parent;
    private static Owner OwnerOf(TreeRow row) => row.File?.Owner ?? row.Directory!.Owner;
    private static Times TimesOf(TreeRow row) => row.File?.Times ?? row.Directory!.Times;
    private static ImmutableArray<FsId> LocationsOf(TreeRow row) => row.File?.Content.Locations ?? [];
    private static ImmutableSortedDictionary<string, string> AttributesOf(TreeRow row) => row.File?.Attributes ?? row.Directory!.Attributes;

    private IEnumerable<FsView> ViewsOf(TreeRow row) => LocationsOf(row).Where(_views.ContainsKey).Select(l => _views[l]);
    private IEnumerable<FsView> Online(TreeRow row) => ViewsOf(row).Where(v => v.Active == Activity.Online);

    private static string Join(IEnumerable<string> values) => string.Join(',', values);
    private static string Number(ulong value) => value.ToString(CultureInfo.InvariantCulture);
}
