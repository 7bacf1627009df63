using Eos.Kernel;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <summary>How touching and tagging change a directory.</summary>
public sealed partial record DirectoryState
{
    private DirectoryState WithTouched(FileTouched x)
    {
        if (Entries.Find(x.Name) is not FileEntry entry) return this; // what made the entry was rejected by the journal
        var (file, content) = (entry.File, entry.File.Content);
        var touched = file with { Times = file.Times with { Changed = x.Stamp.At, Modified = x.Stamp.At } };
        if (!x.Truncated) return Exchanged(entry, touched);
        var left = touched with { Content = content with { Size = 0, Checksum = Checksum.None, Locations = [] } };
        return Exchanged(entry, left) with { Unlinked = Unlink(Unlinked, file.Id, content.Locations) };
    }

    private DirectoryState WithAccess(FileAccessed x) => Entries.Find(x.Name) is FileEntry entry && entry.File.Id == x.File
        ? this with { Entries = Entries.Set(entry with { File = entry.File with { Accessed = x.Stamp.At } }) }
        : this; // as above

    private DirectoryState WithPlace(PlaceTagged x)
    {
        if (Entries.Find(x.Name) is not FileEntry entry || entry.File.Id != x.File) return this; // as above
        if (x.Tag == PlaceTag.Unlink) return Relocated(x.Name, x.File, null, x.Fs);
        var content = entry.File.Content;
        var moved = content with { Locations = x.Tag == PlaceTag.Add ? content.Locations.Add(x.Fs) : content.Locations.Remove(x.Fs) };
        return Forgotten(x.Fs, [x.File]).Exchanged(entry, entry.File with { Content = moved });
    }

    /// <summary>Another record for a file that is there.</summary>
    private DirectoryState Exchanged(FileEntry old, FileRecord file)
    {
        var entry = old with { File = file };
        return this with { Entries = Entries.Set(entry), Counts = Count(Count(Counts, old, -1), entry, +1), Totals = Totals.Without(old).With(entry) };
    }
}
