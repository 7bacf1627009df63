using Eos.Kernel;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <summary>Mode, owner and attributes, of the directory itself and of its files. They change ctime only.</summary>
public sealed partial record DirectoryState
{
    private DirectoryState WithMode(ModeChanged x) => x.Name.Length == 0
        ? this with { Self = Changed(Self! with { Mode = x.Mode }, x.Stamp.At) }
        : WithFile(x.Name, x.Stamp.At, file => file with { Mode = x.Mode });

    private DirectoryState WithOwner(OwnerChanged x) => x.Name.Length == 0
        ? this with { Self = Changed(Self! with { Owner = x.Owner }, x.Stamp.At) }
        : WithFile(x.Name, x.Stamp.At, file => file with { Owner = x.Owner });

    private DirectoryState WithAttributes(AttributesChanged x) => x.Name.Length == 0
        ? this with { Self = Changed(Self! with { Attributes = Self.Attributes.SetItems(x.Set).RemoveRange(x.Removed) }, x.Stamp.At) }
        : WithFile(x.Name, x.Stamp.At, file => file with { Attributes = file.Attributes.SetItems(x.Set).RemoveRange(x.Removed) });

    private DirectoryState WithChild(ChildLearnt x) => Entries.Find(x.Name) is ChildEntry child && child.Id == x.Child
        ? this with { Entries = Entries.Set(child with { Seed = child.Seed with { Owner = x.Owner, Mode = x.Mode } }) }
        : this;

    private static DirectoryRecord Changed(DirectoryRecord record, Instant at) => record with { Times = record.Times with { Changed = at } };

    /// <summary>Nothing happens if what made the file was rejected by the journal.</summary>
    private DirectoryState WithFile(string name, Instant at, Func<FileRecord, FileRecord> change)
    {
        if (Entries.Find(name) is not FileEntry entry) return this;
        var changed = entry with { File = change(entry.File) with { Times = entry.File.Times with { Changed = at } } };
        return this with
        {
            Entries = Entries.Set(changed),
            Totals = changed.File.Owner == entry.File.Owner ? Totals : Totals.Without(entry).With(changed),
        };
    }
}
