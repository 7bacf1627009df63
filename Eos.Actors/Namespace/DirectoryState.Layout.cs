using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <summary>How another layout changes a directory.</summary>
public sealed partial record DirectoryState
{
    private DirectoryState WithContent(ContentCorrected x) => Entries.Find(x.Name) is FileEntry entry && entry.File.Id == x.File
        ? Exchanged(entry, entry.File with { Content = entry.File.Content with { Size = x.Size, Checksum = x.Checksum }, Times = entry.File.Times with { Changed = x.Stamp.At } })
        : this; // as below

    private DirectoryState WithLayout(LayoutChanged x)
    {
        if (Entries.Find(x.Name) is not FileEntry entry || entry.File.Id != x.File) return this; // what made the entry was rejected by the journal
        var content = entry.File.Content;
        return Exchanged(entry, entry.File with { Content = content with { Layout = x.Layout }, Times = entry.File.Times with { Changed = x.Stamp.At } });
    }
}
