using Eos.Client;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Copying;

/// <summary>Turns sources and a target into a plan, by looking at both ends. Changes nothing.</summary>
/// <param name="depth">So many levels below a source; null: all.</param>
/// <param name="heard">Told how far the look at a tree of the namespace is.</param>
internal sealed class CopyPlanner(EosClient client, bool recursive, uint? depth = null, Action<TreePart>? heard = null)
{
    private readonly List<Place> _directories = [];
    private readonly List<FileCopy> _files = [];
    private readonly List<string> _skipped = [];

    /// <summary>
    /// A source goes into the target if that is a directory, else it becomes the target. A source directory with a slash at its end
    /// stands for what is in it (as rsync has it).
    /// </summary>
    public async Task<CopyPlan> PlanAsync(IReadOnlyList<Place> sources, Place target, CancellationToken cancel)
    {
        var intoDirectory = target.Kind != PlaceKind.Stream && (await IsDirectoryAsync(target, cancel) || target.InTheLarge);
        if (sources.Count > 1 && !intoDirectory && target.Kind != PlaceKind.Stream)
            throw new EosException(Errno.NotADirectory, $"several sources need a directory as target: {target}");
        if (target.InTheLarge && recursive) _directories.Add(target.Below(""));
        foreach (var source in sources)
        {
            if (source.Kind == PlaceKind.Local && target.Kind == PlaceKind.Local)
                throw new EosException(Errno.Invalid, $"neither {source} nor {target} is in the namespace (/eos/…)");
            await (source.Kind switch
            {
                PlaceKind.Stream => Stream(source, target, intoDirectory),
                PlaceKind.Local => LocalAsync(source, target, intoDirectory),
                _ => RemoteAsync(source, target, intoDirectory, cancel),
            });
        }
        return new(_directories, _files, _skipped);
    }

    private Task Stream(Place source, Place target, bool intoDirectory)
    {
        if (intoDirectory) throw new EosException(Errno.IsADirectory, $"standard input needs a file name: {target}");
        _files.Add(new(source, target, null, null, null));
        return Task.CompletedTask;
    }

    private Task LocalAsync(Place source, Place target, bool intoDirectory)
    {
        if (File.Exists(source.Path))
        {
            Add(new FileInfo(source.Path), intoDirectory ? target.Below(source.Name) : target);
            return Task.CompletedTask;
        }
        if (!Directory.Exists(source.Path)) throw new EosException(Errno.NoEntry, $"cannot read {source}");
        var root = Root(source, target, intoDirectory);
        Walk(new DirectoryInfo(source.Path), root, 0);
        return Task.CompletedTask;
    }

    private void Walk(DirectoryInfo folder, Place to, uint level)
    {
        _directories.Add(to);
        if (level == depth) return;
        foreach (var entry in folder.EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            var isLink = entry.LinkTarget is not null;
            if (entry is DirectoryInfo sub)
            {
                if (isLink) _skipped.Add($"{entry.FullName}: a link to a directory is not followed");
                else Walk(sub, to.Below(entry.Name), level + 1);
            }
            else if (isLink && entry.ResolveLinkTarget(returnFinalTarget: true) is not FileInfo { Exists: true }) _skipped.Add($"{entry.FullName}: leads nowhere");
            else Add((FileInfo)entry, to.Below(entry.Name));
        }
    }

    private void Add(FileInfo file, Place to)
    {
        var real = file.LinkTarget is null ? file : (FileInfo)file.ResolveLinkTarget(returnFinalTarget: true)!;
        // a pipe or device has no length worth believing
        var isRegular = real.Length > 0 || !real.FullName.StartsWith("/dev/", StringComparison.Ordinal);
        _files.Add(new(
            new Place(PlaceKind.Local, file.FullName, false), to, isRegular ? real.Length : null, null, Instant.From(file.LastWriteTimeUtc)));
    }

    private async Task RemoteAsync(Place source, Place target, bool intoDirectory, CancellationToken cancel)
    {
        var entry = await client.StatAsync(source.Path, cancel);
        if (entry.Kind != EntryKind.Directory)
        {
            Add(source.Below(""), entry.Kind == EntryKind.Link, (long)entry.Size, entry.Checksum, entry.Attributes.Times.Modified, intoDirectory ? target.Below(source.Name) : target);
            return;
        }
        await WalkAsync(source.Below(""), Root(source, target, intoDirectory), cancel);
    }

    /// <summary>One walk of the gateway, however deep the tree is.</summary>
    private async Task WalkAsync(Place from, Place to, CancellationToken cancel)
    {
        var query = new FindQuery { Detail = FindDetail.Records, MaxDepth = depth };
        await client.FindAsync(from.Path, query, part =>
        {
            if (part.Faults.FirstOrDefault() is { } fault) throw new EosException(fault.Why, fault.Text);
            heard?.Invoke(part);
            foreach (var row in part.Rows)
            {
                var relative = row.Path[from.Path.Length..].TrimStart('/');
                if (row.File is not { } file) _directories.Add(to.Below(relative));
                else Add(from.Below(relative), file.IsLink, (long)file.Content.Size, file.Content.Checksum, file.Times.Modified, to.Below(relative));
            }
            return ValueTask.CompletedTask;
        }, cancel);
    }

    /// <summary>Of a link what it points to is copied; how much that is, and its checksum, is known when it is read.</summary>
    private void Add(Place from, bool isLink, long size, Checksum checksum, Instant modified, Place to) =>
        _files.Add(new(from, to, isLink ? null : size, isLink ? Checksum.None : checksum, modified));

    private Place Root(Place source, Place target, bool intoDirectory)
    {
        if (!recursive) throw new EosException(Errno.IsADirectory, $"{source} is a directory (use -r)");
        if (target.Kind == PlaceKind.Stream) throw new EosException(Errno.IsADirectory, $"{source} is a directory and cannot go to standard output");
        return intoDirectory && !source.InTheLarge ? target.Below(source.Name) : target.Below("");
    }

    private async Task<bool> IsDirectoryAsync(Place place, CancellationToken cancel)
    {
        if (place.Kind == PlaceKind.Local) return Directory.Exists(place.Path);
        try
        {
            return (await client.StatAsync(place.Path, cancel)).Kind == EntryKind.Directory;
        }
        catch (EosException missing) when (missing.Why == Errno.NoEntry)
        {
            return false;
        }
    }
}
