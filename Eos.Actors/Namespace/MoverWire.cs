using Eos.Kernel;
using Eos.Wire;
using static Eos.Namespace.MoverProtocol;

namespace Eos.Namespace;

/// <summary>The bytes of what the mover is told, answers and remembers.</summary>
public static class MoverWire
{
    private static readonly Shape<DirectoryMove> MoveShape = new(
        "directory-move",
        (v, w) => { w.UInt(1, v.Source.Value); w.Text(2, v.Name); w.UInt(3, v.Child.Value); w.UInt(4, v.Target.Value); w.Text(5, v.NewName); },
        r => new DirectoryMove(new DirectoryId(r.UInt(1)), r.Text(2), new DirectoryId(r.UInt(3)), new DirectoryId(r.UInt(4)), r.Text(5)));

    private static readonly Shape<MoveBegun> BegunShape = new(
        "mover-begun", (v, w) => { w.Value(1, DirectoryWire.CallShape, v.Call); w.Part(2, MoveShape, v.Move); w.UInt(3, v.Number); },
        r => new MoveBegun(r.Part(1, DirectoryWire.CallShape), r.Part(2, MoveShape), r.UInt(3)));

    private static readonly Shape<MoveEnded> EndedShape = new(
        "mover-ended", (v, w) => { w.Value(1, KernelShapes.Op, v.Op); w.UInt(2, (ulong)v.Why); w.Text(3, v.Text); }, r => new MoveEnded(r.Part(1, KernelShapes.Op), (Errno)r.UInt(2), r.Text(3)));

    public static IEnumerable<Manifest> Manifests =>
    [
        Manifest.Of<MoveDirectory>(
            "mover.move", (m, w) => { w.Value(1, DirectoryWire.CallShape, m.Call); w.Part(2, MoveShape, m.Move); }, r => new MoveDirectory(r.Part(1, DirectoryWire.CallShape), r.Part(2, MoveShape))),
        Manifest.Of<Moved>("mover.moved", (m, w) => w.Value(1, KernelShapes.Op, m.Op), r => new Moved(r.Part(1, KernelShapes.Op))),
        Manifest.Of<NotMoved>(
            "mover.not-moved",
            (m, w) => { w.Value(1, KernelShapes.Op, m.Op); w.UInt(2, (ulong)m.Why); w.Text(3, m.Text); },
            r => new NotMoved(r.Part(1, KernelShapes.Op), (Errno)r.UInt(2), r.Text(3))),
        Manifest.Of("mover.e.begun", BegunShape.Write, BegunShape.Read),
        Manifest.Of("mover.e.ended", EndedShape.Write, EndedShape.Read),
        Manifest.Of<MoverState>(
            "mover.snapshot",
            (m, w) => { w.Part(1, BegunShape, m.Current); w.Parts(2, EndedShape, m.Ended); w.UInt(3, m.Begun); },
            r => new MoverState(r.OptionalPart(1, BegunShape), r.Parts(2, EndedShape), r.UInt(3))),
    ];
}
