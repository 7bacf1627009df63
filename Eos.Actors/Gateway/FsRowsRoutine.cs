using System.Collections.Immutable;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>One file that a filesystem has by the rows of the index: where it is, and its record. Null: there is no such file, the row is a ghost.</summary>
internal sealed record FsFile(FileId Id, string Path, DirectoryId Parent, FileRecord? Record)
{
    /// <summary>Filesystems that are to delete it.</summary>
    public ImmutableArray<FsId> Unlinked { get; init; } = [];

    /// <summary>Its name, or its number where nobody knows one.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}

/// <summary>
/// What goes through the files of a filesystem by the rows of the index, some hundred for each request, in the order of their numbers. The client asks on behind the last one: so
/// rows may come and go meanwhile.
/// </summary>
internal abstract class FsRowsRoutine(Administer request, FsId fs, VirtualIdentity who, RoutineFacts facts) : ReplicaRoutine(request.Head, who, facts)
{
    /// <summary>Rows in one reading, and files in one report.</summary>
    private const int PageSize = 1000, FilesOfReport = 300;

    private readonly Dictionary<DirectoryId, EosPath> _paths = [];

    protected FsId Fs => fs;
    protected Administer Request => request;
    protected List<AdminRecord> Records { get; } = [];
    protected List<string> Lines { get; } = [];

    public override IEnumerable<Step> Run()
    {
        yield return new Step.ReadRows(NamespaceIndex.Replicas, NamespaceIndex.Key(fs), After, FilesOfReport);
        if (Rows is not { } page)
        {
            Refuse(Errno.NotSupported, "this instance has no indexes: what a filesystem has is not known");
            yield break;
        }
        var files = new List<FsFile>();
        foreach (var row in page.Rows)
        {
            foreach (var step in Look(NamespaceIndex.FileOf(row.Key.Span), NamespaceIndex.DirectoryOf(row.Value.Span), files.Add)) yield return step;
        }
        foreach (var step in Treat(files, isLast: !page.More)) yield return step;
        Answer = new Report(Op, [.. Records], [.. Lines], page.More ? files[^1].Id.Value : 0);
    }

    /// <summary>What is done and told of some of the files.</summary>
    protected abstract IEnumerable<Step> Treat(IReadOnlyList<FsFile> files, bool isLast);

    /// <summary>Replicas that wait to be deleted.</summary>
    protected IEnumerable<Step> CountUnlinked(Action<ulong> take)
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

    private ReadOnlyMemory<byte> After => request.From == 0 ? default(ReadOnlyMemory<byte>) : NamespaceIndex.Key(fs, new FileId(request.From));

    private IEnumerable<Step> Look(FileId file, DirectoryId directory, Action<FsFile> take)
    {
        foreach (var step in ReadSpot(NamespaceIndex.Files, NamespaceIndex.Key(file))) yield return step;
        var name = Spot is { Name.Length: > 0 } spot && spot.Directory == directory ? spot.Name : "";
        if (!_paths.TryGetValue(directory, out var path))
        {
            foreach (var step in Ascend(directory, new Stack<string>(), found => path = found)) yield return step;
            if (path is not null) _paths[directory] = path;
        }
        var found = default(FileEntry);
        if (name.Length > 0)
        {
            var question = Look(directory, name);
            foreach (var step in Ask(question)) yield return step;
            found = question.Answer is DirectoryProtocol.Found { Entry: FileEntry entry } && entry.File.Id == file && entry.File.Content.Locations.Contains(fs) ? entry : null;
        }
        take(new FsFile(file, path is null ? name : path.Child(name.Length > 0 ? name : file.ToString()).ToString(), directory, found?.File) { Unlinked = found?.Unlinked ?? [] });
    }
}

