using System.Globalization;
using Eos.Kernel;

namespace Eos.Fst;

/// <summary>The label of a mount: which filesystem it is.</summary>
public sealed partial class FolderDisk
{
    private static readonly HashSet<string> NotContent = [IdLabel, UuidLabel, IdLabel + NewSuffix, UuidLabel + NewSuffix, "lost+found"];

    /// <inheritdoc />
    public void Attach(FsId id, string uuid, bool labelled) => Guarded(() =>
    {
        if (!Directory.Exists(Root)) throw new DiskFault(Errno.NoEntry, $"{Root}: no such directory; the filesystem seems to be not mounted");
        var foundId = ReadLabel(IdLabel);
        var foundUuid = ReadLabel(UuidLabel);
        var wantedId = id.ToString();
        if (foundId == wantedId && foundUuid == uuid) return 0;
        if (foundId is not null && foundId != wantedId) throw Foreign($"filesystem id {foundId}", $"id {wantedId}");
        if (foundUuid is not null && foundUuid != uuid) throw Foreign($"filesystem uuid {foundUuid}", $"uuid {uuid}");
        if (labelled && foundId is null && foundUuid is null)
            throw new DiskFault(Errno.NoDevice, $"{Root} has no label, but filesystem {id} was labelled before; it seems to be not mounted any more");
        if (Directory.EnumerateFileSystemEntries(Root).Any(path => !NotContent.Contains(Path.GetFileName(path))))
            throw new DiskFault(Errno.NotEmpty, $"{Root} is not empty and has no complete label ({IdLabel}, {UuidLabel}); an empty folder is needed, or write the label by hand");
        WriteDurably(Path.Combine(Root, UuidLabel), System.Text.Encoding.UTF8.GetBytes(uuid + "\n"));
        WriteDurably(Path.Combine(Root, IdLabel), System.Text.Encoding.UTF8.GetBytes(wantedId + "\n"));
        SyncDirectory(Root);
        return 0;
    });

    /// <summary>What the label of a mount says; nulls where there is none.</summary>
    public (FsId? Id, string? Uuid) ReadLabel() => Guarded(() =>
        (uint.TryParse(ReadLabel(IdLabel), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? new FsId(id) : (FsId?)null, ReadLabel(UuidLabel)));

    private string? ReadLabel(string name)
    {
        var path = Path.Combine(Root, name);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
    }

    private DiskFault Foreign(string found, string wanted) =>
        new(Errno.NoDevice, $"{Root} is labelled as {found}, but {wanted} is expected: this is another filesystem");
}
