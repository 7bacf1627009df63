using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Wire;
using static Eos.Namespace.DirectoryProtocol;
using static Eos.Namespace.DirectoryStore;
using static Eos.Namespace.DirectoryWire;
using static Eos.Namespace.RecordShapes;

namespace Eos.Namespace;

/// <summary>The bytes of renamings from one directory into another.</summary>
public static class MoveWire
{
    private static readonly Shape<PreparedMove> PreparedShape = new(
        "prepared-move",
        (v, w) => { w.Text(1, v.Name); w.Value(2, KernelShapes.Op, v.Op); w.UInt(3, v.Source.Value); w.At(4, v.At); w.Part(12, HandoverWire.Displaced, v.Displaces); },
        r => new PreparedMove(r.Text(1), r.Part(2, KernelShapes.Op), new DirectoryId(r.UInt(3)), r.At(4)) { Displaces = r.OptionalPart(12, HandoverWire.Displaced) });

    private static readonly Shape<MoveOutcome> OutcomeShape = new(
        "move-outcome",
        (v, w) =>
        {
            w.Value(1, KernelShapes.Op, v.Op);
            w.Part(2, Entry, v.Entry);
            w.UInt(3, v.Target.Value);
            w.Text(4, v.NewName);
            w.Flag(5, v.HasRows);
            w.UInt(6, (ulong)v.Why);
            w.Text(7, v.Text);
        },
        r => new MoveOutcome(
            r.Part(1, KernelShapes.Op), r.OptionalPart(2, Entry), new DirectoryId(r.UInt(3)), r.Text(4), r.Flag(5), (Errno)r.UInt(6), r.Text(7)));

    public static IEnumerable<Manifest> Manifests =>
    [
        Command<PrepareMove>(
            "dir.prepare-move",
            (m, w) => { w.Text(3, m.Name); w.UInt(4, m.Source.Value); w.Flag(5, m.IsDirectory); w.Flag(6, m.Overwrite); w.Part(12, HandoverWire.Displaced, m.Displaces); },
            r => new PrepareMove(To(r), CallOf(r), r.Text(3), new DirectoryId(r.UInt(4)), r.Flag(5), r.Flag(6)) { Displaces = r.OptionalPart(12, HandoverWire.Displaced) }),
        Command<CommitMove>(
            "dir.commit-move",
            (m, w) => { w.Text(3, m.Name); w.UInt(4, m.Target.Value); w.Text(5, m.NewName); w.UInt(6, m.Child.Value); },
            r => new CommitMove(To(r), CallOf(r), r.Text(3), new DirectoryId(r.UInt(4)), r.Text(5), new DirectoryId(r.UInt(6)))),
        Command<FinishMove>(
            "dir.finish-move",
            (m, w) => { w.Text(3, m.Name); w.UInt(4, m.Source.Value); w.Part(5, Entry, m.Entry); },
            r => new FinishMove(To(r), CallOf(r), r.Text(3), new DirectoryId(r.UInt(4)), r.OptionalPart(5, Entry))),
        Command<SettleMove>("dir.settle-move", (_, _) => { }, r => new SettleMove(To(r), CallOf(r))),
        Command<AskMove>("dir.ask-move", (m, w) => w.Text(3, m.Name), r => new AskMove(To(r), CallOf(r), r.Text(3))),
        Command<SetParent>(
            "dir.set-parent", (m, w) => { w.UInt(3, m.Parent.Value); w.UInt(4, m.Number); }, r => new SetParent(To(r), CallOf(r), new DirectoryId(r.UInt(3)), r.UInt(4))),

        Reply<MoveCommitted>("dir.move-committed", (m, w) => w.Part(3, Entry, m.Entry), r => new MoveCommitted(To(r), OpOf(r), r.Part(3, Entry))),
        Reply<MoveRefused>(
            "dir.move-refused", (m, w) => { w.UInt(3, (ulong)m.Why); w.Text(4, m.Text); }, r => new MoveRefused(To(r), OpOf(r), (Errno)r.UInt(3), r.Text(4))),
        Reply<MoveDecided>(
            "dir.move-decided", (m, w) => { w.Text(3, m.Name); w.Part(4, Entry, m.Entry); }, r => new MoveDecided(To(r), OpOf(r), r.Text(3), r.OptionalPart(4, Entry))),

        Event<MovePrepared>(
            "dir.e.move-prepared",
            (m, w) => { w.Text(2, m.Name); w.UInt(3, m.Source.Value); w.Part(12, HandoverWire.Displaced, m.Displaces); },
            r => new MovePrepared(At(r), r.Text(2), new DirectoryId(r.UInt(3))) { Displaces = r.OptionalPart(12, HandoverWire.Displaced) }),
        Event<EntryMoved>(
            "dir.e.moved",
            (m, w) => { w.Text(2, m.Name); w.UInt(3, m.Target.Value); w.Text(4, m.NewName); },
            r => new EntryMoved(At(r), r.Text(2), new DirectoryId(r.UInt(3)), r.Text(4))),
        Event<MoveAborted>(
            "dir.e.move-aborted", (m, w) => { w.UInt(2, (ulong)m.Why); w.Text(3, m.Text); }, r => new MoveAborted(At(r), (Errno)r.UInt(2), r.Text(3))),
        Event<MoveFinished>(
            "dir.e.move-finished",
            (m, w) => { w.Text(2, m.Name); w.Part(3, Entry, m.Entry); w.Part(12, HandoverWire.Shape, m.Leaves); },
            r => new MoveFinished(At(r), r.Text(2), r.Part(3, Entry)) { Leaves = r.OptionalPart(12, HandoverWire.Shape) }),
        Event<MoveCancelled>("dir.e.move-cancelled", (m, w) => w.Text(2, m.Name), r => new MoveCancelled(At(r), r.Text(2))),
        Event<MoveSettled>("dir.e.move-settled", (_, _) => { }, r => new MoveSettled(At(r))),
        Event<ParentChanged>(
            "dir.e.parent", (m, w) => { w.UInt(2, m.Parent.Value); w.UInt(3, m.Number); }, r => new ParentChanged(At(r), new DirectoryId(r.UInt(2)), r.UInt(3))),
    ];

    /// <summary>A snapshot's part.</summary>
    public static void WriteState(DirectoryState s, FieldWriter w)
    {
        w.Parts(20, PreparedShape, s.Prepared.Values);
        w.Parts(21, OutcomeShape, s.Moves.Values.OrderBy(m => m.Op.Client).ThenBy(m => m.Op.Number));
        w.UInt(22, s.LastMove);
    }

    public static DirectoryState ReadState(DirectoryState s, FieldReader r) => s with
    {
        Prepared = r.Parts(20, PreparedShape).ToImmutableSortedDictionary(p => p.Name, p => p, NameOrder.Instance),
        Moves = r.Parts(21, OutcomeShape).ToImmutableDictionary(m => m.Op),
        LastMove = r.UInt(22),
    };
}
