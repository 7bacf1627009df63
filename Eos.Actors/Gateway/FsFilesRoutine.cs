using System.Collections.Immutable;
using System.Globalization;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Views;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>One file that a filesystem has by the rows of the index: where it is, and its record. Null: there is no such file, the row is a ghost.</summary>
internal sealed record FsFile(FileId Id, string Path, DirectoryId Parent, FileRecord? Record);

/// <summary>
/// `fs dumpmd` and the risk that `fs status` tells: goes through the files of a filesystem by the rows of the index, some hundred for each request; the client asks on from where it is.
/// </summary>
/// <param name="report">What is told of some files; with the last of them, how many wait to be deleted.</param>
internal sealed class FsFilesRoutine(Administer request, FsId fs, Func<IReadOnlyList<FsFile>, RoutineFacts, ulong, (IEnumerable<AdminRecord>, IEnumerable<string>)> report, VirtualIdentity who, RoutineFacts facts)
    : Routine(request.Head, who, facts)
{
    /// <summary>Rows in one reading, and files in one report.</summary>
    private const int PageSize = 1000, FilesOfReport = 300;

    private readonly Dictionary<DirectoryId, EosPath> _paths = [];

    public override IEnumerable<Step> Run()
    {
        var (rows, isLast) = (new List<(FileId File, DirectoryId Directory)>(), false);
        foreach (var step in Read(rows, last => isLast = last)) yield return step;
        if (Answer is Refused) yield break;
        var files = new List<FsFile>();
        foreach (var row in rows)
        {
            foreach (var step in Look(row.File, row.Directory, files.Add)) yield return step;
        }
        var waiting = 0UL;
        if (isLast)
        {
            foreach (var step in Count(count => waiting = count)) yield return step;
        }
        var (records, lines) = report(files, Facts, waiting);
        Answer = new Report(Op, [.. records], [.. lines], isLast ? 0 : request.From + FilesOfReport);
    }

    /// <summary>The rows from where the client is.</summary>
    private IEnumerable<Step> Read(List<(FileId, DirectoryId)> rows, Action<bool> end)
    {
        var (after, seen, hasMore) = (default(ReadOnlyMemory<byte>), 0u, true);
        while (hasMore && rows.Count <= FilesOfReport)
        {
            yield return new Step.ReadRows(NamespaceIndex.Replicas, NamespaceIndex.Key(fs), after, PageSize);
            if (Rows is not { } page)
            {
                Refuse(Errno.NotSupported, "this instance has no indexes: what a filesystem has is not known");
                yield break;
            }
            foreach (var row in page.Rows)
                if (seen++ >= request.From) rows.Add((NamespaceIndex.FileOf(row.Key.Span), NamespaceIndex.DirectoryOf(row.Value.Span)));
            (after, hasMore) = (page.More ? page.Rows[^1].Key : after, page.More);
        }
        end(rows.Count <= FilesOfReport);
        if (rows.Count > FilesOfReport) rows.RemoveRange(FilesOfReport, rows.Count - FilesOfReport);
    }

    /// <summary>Replicas that wait to be deleted.</summary>
    private IEnumerable<Step> Count(Action<ulong> take)
    {
        var (after, count, hasMore) = (default(ReadOnlyMemory<byte>), 0UL, true);
        while (hasMore)
        {
            yield return new Step.ReadRows(NamespaceIndex.Unlinked, NamespaceIndex.Key(fs), after, PageSize);
            if (Rows is not { } page) break;
            count += (ulong)page.Rows.Length;
            (after, hasMore) = (page.More ? page.Rows[^1].Key : after, page.More);
        }
        take(count);
    }

    private IEnumerable<Step> Look(FileId file, DirectoryId directory, Action<FsFile> take)
    {
        foreach (var step in ReadSpot(NamespaceIndex.Files, NamespaceIndex.Key(file))) yield return step;
        var name = Spot is { Name.Length: > 0 } spot && spot.Directory == directory ? spot.Name : "";
        if (!_paths.TryGetValue(directory, out var path))
        {
            foreach (var step in Ascend(directory, new Stack<string>(), found => path = found)) yield return step;
            if (path is not null) _paths[directory] = path;
        }
        var record = default(FileRecord);
        if (name.Length > 0)
        {
            var question = Look(directory, name);
            foreach (var step in Ask(question)) yield return step;
            record = question.Answer is DirectoryProtocol.Found { Entry: FileEntry entry } && entry.File.Id == file && entry.File.Content.Locations.Contains(fs) ? entry.File : null;
        }
        take(new FsFile(file, path is null ? name : path.Child(name.Length > 0 ? name : file.ToString()).ToString(), directory, record));
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
                $"id={file.Id.Value}&cid={file.Parent.Value}&uid={record.Owner.Uid}&gid={record.Owner.Gid}&size={content.Size}&ctime={record.Times.Changed.Seconds}&mtime={record.Times.Modified.Seconds}&lid={content.Layout.Value}&location={string.Join(',', content.Locations)}&checksum={content.Checksum.Hex}&name={Last(file.Path)}&container={Parent(file.Path)}");
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
