using System.Collections.Immutable;
using System.Globalization;
using Eos.Kernel;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <remarks>Files that were removed and wait for their replicas to be deleted.</remarks>
public sealed partial record DirectoryState
{
    /// <summary>Their records, by number: pages, as entries have, so that many are neither in memory nor in each snapshot.</summary>
    public EntryPages Detached { get; init; } = EntryPages.Empty;

    /// <summary>About what it takes in memory.</summary>
    public long Bytes => Entries.Bytes + (Detached.Count == 0 ? 0 : Detached.Bytes);

    /// <summary>All pages that a snapshot stores.</summary>
    public IEnumerable<EntryPage> Pages => Entries.Pages.Concat(Detached.Pages);

    /// <summary>Under which name the record of a detached file stands.</summary>
    public static string DetachedKey(FileId file) => file.Value.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>With the name that it had, and who has not deleted it yet; null: there is none.</summary>
    public FileEntry? DetachedOf(FileId file) =>
        Detached.Find(DetachedKey(file)) is DetachedEntry detached ? new FileEntry(detached.LastName, detached.File) { Unlinked = UnlinkedOf(file) } : null;

    /// <summary>Filesystems that have not said yet that they have deleted the file.</summary>
    public ImmutableArray<FsId> UnlinkedOf(FileId file) => Unlinked.IsEmpty ? [] : [.. Unlinked.Where(u => u.Value.Contains(file)).Select(u => u.Key)];

    /// <summary>An entry as it is shown.</summary>
    internal DirectoryEntry Shown(DirectoryEntry entry) =>
        !Unlinked.IsEmpty && entry is FileEntry file && UnlinkedOf(file.File.Id) is { IsEmpty: false } unlinked ? file with { Unlinked = unlinked } : entry;

    /// <summary>The file has no name here any more: its replicas wait to be deleted, and its record waits for them.</summary>
    private DirectoryState Detach(string name, FileRecord file)
    {
        var next = this with { Unlinked = Unlink(Unlinked, file.Id, file.Content.Locations) };
        return next.IsUnlinked(file.Id)
            ? next with { Detached = Detached.Set(new DetachedEntry(DetachedKey(file.Id), file with { Content = file.Content with { Locations = [] } }, name)) }
            : next;
    }

    private DirectoryState Forgotten(FsId fs, IEnumerable<FileId> files)
    {
        if (!Unlinked.TryGetValue(fs, out var waiting)) return this;
        var left = waiting.Except(files);
        var next = this with { Unlinked = left.IsEmpty ? Unlinked.Remove(fs) : Unlinked.SetItem(fs, left) };
        return next with { Detached = files.Where(f => !next.IsUnlinked(f)).Aggregate(Detached, (all, f) => all.Remove(DetachedKey(f))) };
    }

    private DirectoryState Dropped(DetachedDropped x) => UnlinkedOf(x.File).Aggregate(this, (s, fs) => s.Forgotten(fs, [x.File]));

    private bool IsUnlinked(FileId file) => Unlinked.Values.Any(u => u.Contains(file));
}
