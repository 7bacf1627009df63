using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Wire;
using static Eos.Namespace.DirectoryProtocol;
using static Eos.Namespace.RecordShapes;

namespace Eos.Namespace;

/// <summary>The bytes of what is stored for ever: events, and the snapshot of a directory's whole state.</summary>
public static class DirectoryStore
{
    internal static readonly Shape<Stamp> StampShape = new(
        "stamp",
        (v, w) => { w.Value(1, KernelShapes.Op, v.Op); w.UInt(2, v.AnsweredBelow); w.At(3, v.At); },
        r => new Stamp(r.Part(1, KernelShapes.Op), r.UInt(2), r.At(3)));

    private static readonly Shape<KeyValuePair<FsId, ImmutableSortedSet<FileId>>> UnlinkedShape = new(
        "unlinked",
        (v, w) => { w.UInt(1, v.Key.Value); w.Files(2, v.Value); },
        r => KeyValuePair.Create(new FsId(r.UInt32(1)), r.Files(2).ToImmutableSortedSet()));

    private static readonly Shape<AbortedRemoval> AbortedShape = new(
        "aborted-removal",
        (v, w) => { w.UInt(1, v.Child.Value); w.Value(2, KernelShapes.Op, v.Removal); w.At(3, v.At); },
        r => new AbortedRemoval(new DirectoryId(r.UInt(1)), r.Part(2, KernelShapes.Op), r.At(3)));

    private static readonly Shape<KeyValuePair<ulong, Outcomes.Outcome>> OutcomeShape = new(
        "outcome",
        (v, w) => { w.UInt(1, v.Key); w.Part(2, Remembered, v.Value.Reply); w.At(3, v.Value.At); },
        r => KeyValuePair.Create(r.UInt(1), new Outcomes.Outcome(r.Part(2, Remembered), r.At(3))));

    private static readonly Shape<KeyValuePair<Guid, Outcomes.Client>> ClientShape = new(
        "outcomes-of-client",
        (v, w) =>
        {
            w.Bytes(1, v.Key.ToByteArray(bigEndian: true));
            w.UInt(2, v.Value.Floor);
            w.At(3, v.Value.Last);
            w.Parts(4, OutcomeShape, v.Value.Results);
        },
        r => KeyValuePair.Create(
            r.Bytes(1) is { Length: 16 } id ? new Guid(id.Span, bigEndian: true) : default,
            new Outcomes.Client(r.UInt(2), r.At(3), r.Parts(4, OutcomeShape).ToImmutableSortedDictionary())));

    public static IEnumerable<Manifest> Manifests =>
    [
        Event<Begun>("dir.e.begun", (m, w) => w.Part(2, RecordShapes.Directory, m.Self), r => new Begun(At(r), r.Part(2, RecordShapes.Directory))),
        Event<ChildAdded>(
            "dir.e.child-added",
            (m, w) => { w.Text(2, m.Name); w.Part(3, RecordShapes.Directory, m.Seed); },
            r => new ChildAdded(At(r), r.Text(2), r.Part(3, RecordShapes.Directory))),
        Event<ChildRemoved>(
            "dir.e.child-removed",
            (m, w) => { w.Text(2, m.Name); w.UInt(3, m.Child.Value); },
            r => new ChildRemoved(At(r), r.Text(2), new DirectoryId(r.UInt(3)))),
        Event<Sealed>("dir.e.sealed", (_, _) => { }, r => new Sealed(At(r))),
        Event<Unsealed>("dir.e.unsealed", (_, _) => { }, r => new Unsealed(At(r))),
        Event<Buried>("dir.e.buried", (_, _) => { }, r => new Buried(At(r))),
        Event<RemovalAborted>(
            "dir.e.removal-aborted",
            (m, w) => { w.UInt(2, m.Child.Value); w.Value(3, KernelShapes.Op, m.Removal); },
            r => new RemovalAborted(At(r), new DirectoryId(r.UInt(2)), r.Part(3, KernelShapes.Op))),
        Event<OpenStored>("dir.e.opened", (m, w) => w.Part(2, Open, m.Open), r => new OpenStored(At(r), r.Part(2, Open))),
        Event<FileCommitted>(
            "dir.e.committed",
            (m, w) =>
            {
                w.Value(2, KernelShapes.Open, m.Open);
                w.UInt(3, m.Size);
                w.Part(4, KernelShapes.Sum, m.Checksum);
                w.Filesystems(5, m.Locations);
                w.At(6, m.Modified);
                w.Part(12, HandoverWire.Shape, m.Leaves);
            },
            r => new FileCommitted(At(r), r.Part(2, KernelShapes.Open), r.UInt(3), r.Part(4, KernelShapes.Sum), r.Filesystems(5), r.At(6))
            {
                Leaves = r.OptionalPart(12, HandoverWire.Shape),
            }),
        Event<OpensEnded>(
            "dir.e.opens-ended", (m, w) => w.Parts(2, KernelShapes.Open, m.Opens), r => new OpensEnded(At(r), r.Parts(2, KernelShapes.Open))),
        Event<FileRemoved>("dir.e.file-removed", (m, w) => { w.Text(2, m.Name); w.Part(12, HandoverWire.Shape, m.Leaves); }, r => new FileRemoved(At(r), r.Text(2)) { Leaves = r.OptionalPart(12, HandoverWire.Shape) }),
        Event<EntryRenamed>(
            "dir.e.renamed",
            (m, w) => { w.Text(2, m.From); w.Text(3, m.To); w.Part(12, HandoverWire.Shape, m.Leaves); },
            r => new EntryRenamed(At(r), r.Text(2), r.Text(3)) { Leaves = r.OptionalPart(12, HandoverWire.Shape) }),
        Event<ReplicaAttached>(
            "dir.e.replica-attached",
            (m, w) => { w.Text(2, m.Name); w.UInt(3, m.File.Value); w.UInt(4, m.Fs.Value); w.Optional(5, m.Replaced?.Value); },
            r => new ReplicaAttached(
                At(r), r.Text(2), new FileId(r.UInt(3)), new FsId(r.UInt32(4)), r.Optional(5) is { } fs ? new FsId(checked((uint)fs)) : null)),
        Event<ReplicaDetached>(
            "dir.e.replica-detached",
            (m, w) => { w.Text(2, m.Name); w.UInt(3, m.File.Value); w.UInt(4, m.Fs.Value); },
            r => new ReplicaDetached(At(r), r.Text(2), new FileId(r.UInt(3)), new FsId(r.UInt32(4)))),
        Event<ReplicasForgotten>(
            "dir.e.forgotten",
            (m, w) => { w.UInt(2, m.Fs.Value); w.Files(3, m.Files); },
            r => new ReplicasForgotten(At(r), new FsId(r.UInt32(2)), r.Files(3))),
        Manifest.Of<DirectoryState>("dir.snapshot", WriteState, ReadState),
    ];

    internal static Stamp At(FieldReader r) => r.Part(1, StampShape);

    internal static Manifest Event<T>(string name, Action<T, FieldWriter> write, Func<FieldReader, T> read) where T : class, IEvent =>
        Manifest.Of(name, (m, w) => { w.Value(1, StampShape, m.Stamp); write(m, w); }, read);

    private static void WriteState(DirectoryState s, FieldWriter w)
    {
        w.UInt(1, (ulong)s.Life);
        w.Part(2, RecordShapes.Directory, s.Self);
        if (s.Removal is { } removal)
        {
            w.Value(3, KernelShapes.Op, removal.Op);
            w.At(4, removal.At);
        }
        w.Value(5, Counts, s.Counts);
        w.Parts(6, Open, s.Opens.Values.OrderBy(o => o.Name, StringComparer.Ordinal));
        w.Parts(7, UnlinkedShape, s.Unlinked);
        w.Parts(8, AbortedShape, s.Aborted);
        w.Parts(9, ClientShape, s.Seen.Clients.OrderBy(c => c.Key));
        w.UInt(10, (ulong)s.Seen.SinceSweep);
        MoveWire.WriteState(s, w);
        DetachedWire.WriteState(s, w);
        HandoverWire.WriteState(s, w);
        w.Parts(50, PageStore.Page, s.Entries.Pages);
        TotalsStore.Write(s.Totals, w);
        w.Part(35, QuotaStore.Book, s.Quota);
        w.UInts(51, s.ReplacedPages);
    }

    private static DirectoryState ReadState(FieldReader r)
    {
        var opens = r.Parts(6, Open);
        var (removal, since) = (r.OptionalValue(3, KernelShapes.Op), r.At(4));
        var state = new DirectoryState
        {
            Life = (Life)r.UInt(1),
            Self = r.OptionalPart(2, RecordShapes.Directory),
            Removal = removal is { } op ? (op, since) : null,
            Counts = r.Part(5, Counts),
            Opens = opens.ToImmutableDictionary(o => o.Id),
            Current = opens.ToImmutableDictionary(o => o.Name, o => o.Id),
            Unlinked = r.Parts(7, UnlinkedShape).ToImmutableSortedDictionary(),
            Aborted = [.. r.Parts(8, AbortedShape)],
            Seen = new Outcomes { Clients = r.Parts(9, ClientShape).ToImmutableDictionary(), SinceSweep = (int)r.UInt(10) },
            Entries = EntryPages.Of(r.Parts(50, PageStore.Page)),
            Totals = TotalsStore.Read(r),
            Quota = r.Part(35, QuotaStore.Book),
            ReplacedPages = r.UInts(51),
        };
        return DetachedWire.ReadState(MoveWire.ReadState(HandoverWire.ReadState(state, r), r), r);
    }
}
