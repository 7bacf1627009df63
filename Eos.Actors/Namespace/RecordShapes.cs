using Eos.Kernel;
using Eos.Wire;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <summary>The shapes of records and entries, used by messages, events and snapshots.</summary>
public static class RecordShapes
{
    public static readonly Shape<Owner> Owner = new(
        "owner", (v, w) => { w.UInt(1, v.Uid); w.UInt(2, v.Gid); }, r => new Owner(r.UInt32(1), r.UInt32(2)));

    public static readonly Shape<Times> Times = new(
        "times",
        (v, w) => { w.At(1, v.Changed); w.At(2, v.Modified); w.At(3, v.Born); },
        r => new Times(r.At(1), r.At(2), r.At(3)));

    public static readonly Shape<Content> Content = new(
        "content",
        (v, w) => { w.UInt(1, v.Size); w.Part(2, KernelShapes.Sum, v.Checksum); w.UInt(3, v.Layout.Value); w.Filesystems(4, v.Locations); },
        r => new Content(r.UInt(1), r.Part(2, KernelShapes.Sum), new LayoutId(r.UInt32(3)), r.Filesystems(4)));

    public static readonly Shape<FileRecord> File = new(
        "file",
        (v, w) =>
        {
            w.UInt(1, v.Id.Value);
            w.Value(2, KernelShapes.Open, v.Open);
            w.Value(3, Owner, v.Owner);
            w.UInt(4, v.Mode);
            w.Value(5, Times, v.Times);
            w.Part(6, Content, v.Content);
            w.Map(7, v.Attributes);
            w.Text(8, v.Link);
            w.At(9, v.Accessed);
        },
        r => new FileRecord(
            new FileId(r.UInt(1)), r.Part(2, KernelShapes.Open), r.Part(3, Owner), r.UInt32(4), r.Part(5, Times), r.Part(6, Content), r.Map(7))
        {
            Link = r.Text(8),
            Accessed = r.At(9),
        });

    public static readonly Shape<DirectoryRecord> Directory = new(
        "directory",
        (v, w) =>
        {
            w.UInt(1, v.Id.Value);
            w.UInt(2, v.Parent.Value);
            w.Value(3, Owner, v.Owner);
            w.UInt(4, v.Mode);
            w.Value(5, Times, v.Times);
            w.Map(6, v.Attributes);
            w.Flag(8, v.IsQuotaNode);
        },
        r => new DirectoryRecord(
            new DirectoryId(r.UInt(1)), new DirectoryId(r.UInt(2)), r.Part(3, Owner), r.UInt32(4), r.Part(5, Times), r.Map(6))
        {
            IsQuotaNode = r.Flag(8),
        });

    /// <summary>A name with either a file (2) or the seed of a sub-directory (3); a file that is detached has the name that it had (5).</summary>
    public static readonly Shape<DirectoryEntry> Entry = new(
        "entry",
        (v, w) =>
        {
            w.Text(1, v.Name);
            if (v is FileEntry file)
            {
                w.Part(2, File, file.File);
                w.Filesystems(4, file.Unlinked);
            }
            if (v is ChildEntry child) w.Part(3, Directory, child.Seed);
            if (v is DetachedEntry detached)
            {
                w.Part(2, File, detached.File);
                w.Text(5, detached.LastName);
            }
        },
        r =>
        {
            var (name, file, child) = (r.Text(1), r.OptionalPart(2, File), r.OptionalPart(3, Directory));
            if (file is null) return new ChildEntry(name, child ?? Directory.Decode(default));
            return r.Text(5) is { Length: > 0 } last ? new DetachedEntry(name, file, last) : new FileEntry(name, file) { Unlinked = r.Filesystems(4) };
        });

    public static readonly Shape<OpenPlan> Plan = new(
        "plan",
        (v, w) =>
        {
            w.UInt(1, v.File.Value);
            w.UInt(2, v.Layout.Value);
            w.Filesystems(3, v.Locations);
            w.Optional(4, v.Size);
            w.Part(12, HandoverWire.Plan, v.Versions);
            w.Optional(14, v.Limit);
            w.UInt(15, v.Booking);
        },
        r => new OpenPlan(new FileId(r.UInt(1)), new LayoutId(r.UInt32(2)), r.Filesystems(3), r.Optional(4))
        {
            Versions = r.OptionalPart(12, HandoverWire.Plan),
            Limit = r.Optional(14),
            Booking = r.UInt(15),
        });

    public static readonly Shape<OpenRecord> Open = new(
        "open-record",
        (v, w) =>
        {
            w.Value(1, KernelShapes.Open, v.Id);
            w.Text(2, v.Name);
            w.UInt(3, v.File.Value);
            w.Value(4, Owner, v.Owner);
            w.UInt(5, v.Mode);
            w.Part(6, Plan, v.Plan);
            w.Flag(7, v.Fresh);
            w.At(8, v.Expires);
        },
        r => new OpenRecord(
            r.Part(1, KernelShapes.Open), r.Text(2), new FileId(r.UInt(3)), r.Part(4, Owner), r.UInt32(5), r.Part(6, Plan), r.Flag(7), r.At(8)));

    public static readonly Shape<DirectoryCounts> Counts = new(
        "counts",
        (v, w) => { w.UInt(1, v.Files); w.UInt(2, v.Directories); w.UInt(3, v.Bytes); },
        r => new DirectoryCounts(r.UInt(1), r.UInt(2), r.UInt(3)));

    public static readonly Shape<TreeCounts> Tree = new(
        "tree-counts",
        (v, w) => { w.UInt(1, v.Files); w.UInt(2, v.Directories); w.UInt(3, v.Bytes); w.At(4, v.Modified); },
        r => new TreeCounts(r.UInt(1), r.UInt(2), r.UInt(3), r.At(4)));

    /// <summary>An answer that is worth remembering: done (3), child made (4) or file opened (5), of a directory (1) to an operation (2).</summary>
    public static readonly Shape<IReply> Remembered = new(
        "remembered",
        (v, w) =>
        {
            w.UInt(1, v.Directory.Value);
            w.Value(2, KernelShapes.Op, v.Op);
            if (v is ChildMade made) w.Part(4, Directory, made.Seed);
            if (v is FileOpened opened) w.Part(5, Open, opened.Open);
            if (v is MoveRefused refused)
            {
                w.UInt(6, (ulong)refused.Why);
                w.Text(7, refused.Text);
            }
        },
        r =>
        {
            var (self, op) = (new DirectoryId(r.UInt(1)), r.Part(2, KernelShapes.Op));
            var (seed, open) = (r.OptionalPart(4, Directory), r.OptionalPart(5, Open));
            if ((Errno)r.UInt(6) is var why and not Errno.None) return new MoveRefused(self, op, why, r.Text(7));
            return seed is not null ? new ChildMade(self, op, seed) : open is not null ? new FileOpened(self, op, open) : new Done(self, op);
        });
}
