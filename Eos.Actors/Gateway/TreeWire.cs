using Eos.Kernel;
using Eos.Namespace;
using Eos.Wire;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>The bytes of what is said of whole trees.</summary>
public static partial class GatewayWire
{
    private static readonly Shape<FindQuery> QueryShape = new(
        "find-query",
        (v, w) =>
        {
            w.Flag(1, v.Files);
            w.Flag(2, v.Directories);
            w.Optional(3, v.MaxDepth);
            w.UInt(4, (ulong)v.Detail);
            w.Text(5, v.Name);
            w.Optional(6, v.Uid);
            w.Optional(7, v.NotUid);
            w.Optional(8, v.Gid);
            w.Optional(9, v.NotGid);
            w.Optional(10, v.Mode);
            w.Optional(11, v.NotMode);
            w.Optional(12, (ulong?)v.ChangedBefore?.Nanoseconds);
            w.Optional(13, (ulong?)v.ChangedAfter?.Nanoseconds);
            w.Optional(14, (ulong?)v.ModifiedBefore?.Nanoseconds);
            w.Optional(15, (ulong?)v.ModifiedAfter?.Nanoseconds);
            w.Text(16, v.Attribute);
            w.Text(17, v.Value);
            w.Flag(18, v.Empty);
            w.Flag(19, v.MixedGroups);
            w.Flag(20, v.WrongStripes);
            w.Flag(21, v.FaultyAcl);
            w.Flag(22, v.SkipVersions);
        },
        r => new FindQuery
        {
            Files = r.Flag(1),
            Directories = r.Flag(2),
            MaxDepth = (uint?)r.Optional(3),
            Detail = (FindDetail)r.UInt(4),
            Name = r.Text(5),
            Uid = (uint?)r.Optional(6),
            NotUid = (uint?)r.Optional(7),
            Gid = (uint?)r.Optional(8),
            NotGid = (uint?)r.Optional(9),
            Mode = (uint?)r.Optional(10),
            NotMode = (uint?)r.Optional(11),
            ChangedBefore = InstantOf(r, 12),
            ChangedAfter = InstantOf(r, 13),
            ModifiedBefore = InstantOf(r, 14),
            ModifiedAfter = InstantOf(r, 15),
            Attribute = r.Text(16),
            Value = r.Text(17),
            Empty = r.Flag(18),
            MixedGroups = r.Flag(19),
            WrongStripes = r.Flag(20),
            FaultyAcl = r.Flag(21),
            SkipVersions = r.Flag(22),
        });

    private static readonly Shape<TreeRow> RowShape = new(
        "tree-row",
        (v, w) =>
        {
            w.Text(1, v.Path);
            w.UInt(2, (ulong)v.Kind);
            w.Text(3, v.Target);
            w.Part(4, RecordShapes.File, v.File);
            w.Part(5, RecordShapes.Directory, v.Directory);
            w.Value(6, RecordShapes.Counts, v.Counts);
            w.UInt(7, v.Parent.Value);
            w.Value(8, RecordShapes.Tree, v.Tree);
            w.Filesystems(9, v.Unlinked);
        },
        r => new TreeRow(r.Text(1), (EntryKind)r.UInt(2), r.Text(3))
        {
            File = r.OptionalPart(4, RecordShapes.File),
            Directory = r.OptionalPart(5, RecordShapes.Directory),
            Counts = r.Part(6, RecordShapes.Counts),
            Parent = new DirectoryId(r.UInt(7)),
            Tree = r.Part(8, RecordShapes.Tree),
            Unlinked = r.Filesystems(9),
        });

    private static readonly Shape<TreeFault> FaultShape = new(
        "tree-fault",
        (v, w) => { w.Text(1, v.Path); w.UInt(2, (ulong)v.Why); w.Text(3, v.Text); },
        r => new TreeFault(r.Text(1), (Errno)r.UInt(2), r.Text(3)));

    public static IEnumerable<Manifest> TreeManifests =>
    [
        Request<RemoveTree>(
            "gw.rm-tree", (m, w) => { w.Text(2, m.Path); w.Flag(12, m.IsForced); }, r => new RemoveTree(HeadOf(r), r.Text(2)) { IsForced = r.Flag(12) }),
        Request<CheckNamespace>("gw.check", (_, _) => { }, r => new CheckNamespace(HeadOf(r))),
        Request<Find>(
            "gw.find",
            (m, w) => { w.Text(2, m.Path); w.Text(3, m.After); w.Part(4, QueryShape, m.Query); },
            r => new Find(HeadOf(r), r.Text(2), r.Text(3), r.Part(4, QueryShape))),
        Manifest.Of<Acknowledge>(
            "gw.acknowledge",
            (m, w) => { w.Value(1, KernelShapes.Op, m.Op); w.UInt(2, m.Sequence); w.Value(3, KernelShapes.Op, m.Run); },
            r => new Acknowledge(OpOf(r), r.Part(3, KernelShapes.Op), r.UInt32(2))),
        Manifest.Of<Abandon>("gw.abandon", (m, w) => w.Value(1, KernelShapes.Op, m.Op), r => new Abandon(OpOf(r))),
        Reply<TreePart>(
            "gw.r.tree",
            (m, w) =>
            {
                w.UInt(2, m.Sequence);
                w.UInt(3, m.Files);
                w.UInt(4, m.Directories);
                w.Value(5, KernelShapes.Op, m.Run);
                w.Text(6, m.At);
                w.Parts(7, RowShape, m.Rows);
                w.Parts(8, FaultShape, m.Faults);
            },
            r => new TreePart(OpOf(r), r.Part(5, KernelShapes.Op), r.UInt32(2), r.Text(6), r.UInt(3), r.UInt(4), r.Parts(7, RowShape), r.Parts(8, FaultShape))),
        Reply<TreeDone>(
            "gw.r.tree-done",
            (m, w) => { w.UInt(2, m.Files); w.UInt(3, m.Directories); w.UInt(4, m.Faults); w.UInt(5, (ulong)m.First); w.Text(12, m.RestoreKey); },
            r => new TreeDone(OpOf(r), r.UInt(2), r.UInt(3), r.UInt(4), (Errno)r.UInt(5)) { RestoreKey = r.Text(12) }),
    ];

    private static Instant? InstantOf(FieldReader r, int field) => r.Optional(field) is { } at ? new Instant((long)at) : null;
}
