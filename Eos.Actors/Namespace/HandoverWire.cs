using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Wire;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <summary>The bytes of files that go from one directory to another.</summary>
public static class HandoverWire
{
    public static readonly Shape<VersionPlan> Plan = new(
        "version-plan", (v, w) => { w.UInt(1, v.Directory.Value); w.UInt(2, (ulong)v.Keep); }, r => new VersionPlan(new DirectoryId(r.UInt(1)), (int)r.UInt(2)));

    /// <summary>In events, and in the snapshot as long as it is on its way.</summary>
    public static readonly Shape<Handover> Shape = new(
        "handover",
        (v, w) =>
        {
            w.UInt(1, v.Number);
            w.Value(2, KernelShapes.Op, v.Op);
            w.UInt(3, v.To.Value);
            w.Text(4, v.Name);
            w.Part(5, RecordShapes.File, v.File);
            w.UInt(6, (ulong)v.Keep);
            w.Part(7, RecordShapes.Directory, v.Begins);
            w.UInt(8, v.Successor.Value);
            w.Part(9, Plan, v.Versions);
        },
        r => new Handover(
            r.UInt(1), r.Part(2, KernelShapes.Op), new DirectoryId(r.UInt(3)), r.Text(4), r.Part(5, RecordShapes.File), (int)r.UInt(6), r.OptionalPart(7, RecordShapes.Directory))
        {
            Successor = new FileId(r.UInt(8)),
            Versions = r.OptionalPart(9, Plan),
        });

    private static readonly Shape<(FileId File, Instant At)> DepartedShape = new(
        "departed", (v, w) => { w.UInt(1, v.File.Value); w.At(2, v.At); }, r => (new FileId(r.UInt(1)), r.At(2)));

    private static readonly Shape<Destination> Goal = new(
        "destination",
        (v, w) => { w.UInt(1, v.Directory.Value); w.Text(2, v.Name); w.Part(3, Plan, v.Versions); },
        r => new Destination(new DirectoryId(r.UInt(1)), r.Text(2), r.OptionalPart(3, Plan)));

    private static readonly Shape<BinPlan> Bin = new(
        "bin-plan",
        (v, w) => { w.UInt(1, v.File.Value); w.Part(2, Goal, v.To); w.Map(3, v.Changes); },
        r => new BinPlan(new FileId(r.UInt(1)), r.OptionalPart(2, Goal), r.Map(3)));

    public static readonly Shape<Displacement> Displaced = new(
        "displacement", (v, w) => { w.Part(1, Plan, v.Versions); w.Part(2, Bin, v.Bin); }, r => new Displacement(r.OptionalPart(1, Plan), r.OptionalPart(2, Bin)));

    private static readonly Shape<string> NameShape = new("name", (v, w) => w.Text(1, v), r => r.Text(1));

    public static IEnumerable<Manifest> Manifests =>
    [
        DirectoryWire.Command<Adopt>(
            "dir.adopt",
            (m, w) => { w.Text(3, m.Name); w.Part(4, RecordShapes.File, m.File); w.UInt(5, (ulong)m.Keep); w.Part(6, Plan, m.Versions); },
            r => new Adopt(DirectoryWire.To(r), DirectoryWire.CallOf(r), r.Text(3), r.Part(4, RecordShapes.File), (int)r.UInt(5)) { Versions = r.OptionalPart(6, Plan) }),
        DirectoryWire.Command<LetGo>(
            "dir.let-go",
            (m, w) => { w.Text(3, m.Name); w.UInt(4, m.File.Value); w.Part(5, Goal, m.To); w.Map(6, m.Changes); },
            r => new LetGo(DirectoryWire.To(r), DirectoryWire.CallOf(r), r.Text(3), new FileId(r.UInt(4)), r.Part(5, Goal), r.Map(6))),
        DirectoryWire.Command<LockFile>(
            "dir.lock",
            (m, w) => { w.Text(3, m.Name); w.Optional(4, (ulong?)m.Audience); w.Span(5, m.Lifetime); },
            r => new LockFile(DirectoryWire.To(r), DirectoryWire.CallOf(r), r.Text(3), (LockRules.Audience?)r.Optional(4), r.Span(5))),
        DirectoryStore.Event<FileAdopted>(
            "dir.e.adopted",
            (m, w) => { w.Text(2, m.Name); w.Part(3, RecordShapes.File, m.File); w.Parts(4, NameShape, m.Dropped); w.Part(12, Shape, m.Leaves); },
            r => new FileAdopted(DirectoryStore.At(r), r.Text(2), r.Part(3, RecordShapes.File), r.Parts(4, NameShape)) { Leaves = r.OptionalPart(12, Shape) }),
        DirectoryStore.Event<FileLocked>(
            "dir.e.locked", (m, w) => { w.Text(2, m.Name); w.Text(3, m.Lock); }, r => new FileLocked(DirectoryStore.At(r), r.Text(2), r.Text(3))),
        DirectoryStore.Event<HandoverEnded>(
            "dir.e.handover-ended", (m, w) => { w.UInt(2, m.Number); w.Flag(3, m.Lost); }, r => new HandoverEnded(DirectoryStore.At(r), r.UInt(2), r.Flag(3))),
    ];

    /// <summary>A snapshot's part.</summary>
    public static void WriteState(DirectoryState s, FieldWriter w)
    {
        w.Parts(40, Shape, s.Outbox.Values);
        w.UInt(41, s.Handed);
        w.Parts(42, DepartedShape, s.Departed);
    }

    public static DirectoryState ReadState(DirectoryState s, FieldReader r)
    {
        var departed = r.Parts(42, DepartedShape);
        return s with
        {
            Outbox = r.Parts(40, Shape).ToImmutableSortedDictionary(h => h.Number, h => h),
            Handed = r.UInt(41),
            Departed = [.. departed],
            Away = [.. departed.Select(d => d.File)],
        };
    }
}
