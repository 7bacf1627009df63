using System.Globalization;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Views;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`fs dumpmd` and the risk that `fs status` tells.</summary>
/// <param name="report">What is told of some files; with the last of them, how many wait to be deleted.</param>
internal sealed class FsFilesRoutine(Administer request, FsId fs, Func<IReadOnlyList<FsFile>, RoutineFacts, ulong, (IEnumerable<AdminRecord>, IEnumerable<string>)> report, VirtualIdentity who, RoutineFacts facts)
    : FsRowsRoutine(request, fs, who, facts)
{
    protected override IEnumerable<Step> Treat(IReadOnlyList<FsFile> files, bool isLast)
    {
        var waiting = 0UL;
        if (isLast)
        {
            foreach (var step in CountUnlinked(count => waiting = count)) yield return step;
        }
        var (records, lines) = report(files, Facts, waiting);
        Records.AddRange(records);
        Lines.AddRange(lines);
    }
}

/// <summary>What is told of the files of a filesystem. Pure.</summary>
internal static class FsFiles
{
    /// <summary>`fs dumpmd`: one line a file with what is asked for; all with `-m`.</summary>
    public static (IEnumerable<AdminRecord>, IEnumerable<string>) Dump(AdminFacts f, IReadOnlyList<FsFile> files)
    {
        var ghosts = files.Where(file => file.Record is null).Select(file => $"# warning: ghost entry fxid={file.Id}");
        return ([], f.Has("s") ? ghosts : ghosts.Concat(files.Where(file => file.Record is not null).Select(file => Line(f, file, file.Record!))));
    }

    /// <summary>How many files would suffer, and with `-l` which.</summary>
    public static (IEnumerable<AdminRecord>, IEnumerable<string>) Risk(AdminFacts f, IReadOnlyList<FsFile> files, RoutineFacts facts, ulong waiting)
    {
        var readable = ViewRules.Filesystems(facts.View(), facts.Now, facts.Settings.OfflineAfter).Where(ViewRules.IsReadable).Select(v => v.Id).ToHashSet();
        var judged = files.Where(file => file.Record is not null).Select(file => (file.Path, Has: file.Record!.Content.Locations.Count(readable.Contains), Wants: file.Record.Content.Layout.Stripes)).ToList();
        var record = AdminRecord.Empty
            .Add("files", (ulong)judged.Count)
            .Add("healthy", (ulong)judged.Count(j => j.Has >= j.Wants))
            .Add("risk", (ulong)judged.Count(j => j.Has > 0 && j.Has < j.Wants))
            .Add("inaccessible", (ulong)judged.Count(j => j.Has == 0))
            .Add("pending", waiting);
        return ([record], f.Has("l") ? judged.Where(j => j.Has < j.Wants).Select(j => $"{(j.Has == 0 ? "inaccessible" : "at risk     ")} {j.Path}") : []);
    }

    private static string Line(AdminFacts f, FsFile file, FileRecord record)
    {
        var content = record.Content;
        if (f.Has("m"))
            return string.Create(
                CultureInfo.InvariantCulture,
                $"id={file.Id.Value}&cid={file.Parent.Value}&uid={record.Owner.Uid}&gid={record.Owner.Gid}&size={content.Size}&ctime={record.Times.Changed.Seconds}&mtime={record.Times.Modified.Seconds}&lid={content.Layout.Value}&location={string.Join(',', [.. content.Locations.Select(l => l.ToString()), .. file.Unlinked.Select(l => $"!{l}")])}&checksum={content.Checksum.Hex}&name={Last(file.Path)}&container={Parent(file.Path)}");
        var isAll = !(f.Has("path") || f.Has("fid") || f.Has("fxid") || f.Has("size"));
        List<string> parts = [];
        if (isAll || f.Has("path")) parts.Add($"path={file.Path}");
        if (isAll || f.Has("fid")) parts.Add($"fid={file.Id.Value}");
        if (isAll || f.Has("fxid")) parts.Add($"fxid={file.Id}");
        if (isAll || f.Has("size")) parts.Add($"size={content.Size}");
        return string.Join(' ', parts);
    }

    private static string Last(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string Parent(string path) => path[..(path.LastIndexOf('/') + 1)];
}
