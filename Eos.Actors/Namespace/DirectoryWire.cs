using Eos.Identity;
using Eos.Kernel;
using Eos.Wire;
using static Eos.Namespace.DirectoryProtocol;
using static Eos.Namespace.RecordShapes;

namespace Eos.Namespace;

/// <summary>The bytes of what directories are told and answer. Field numbers are never reused. Events and snapshots: <see cref="DirectoryStore"/>.</summary>
public static class DirectoryWire
{
    internal static readonly Shape<Call> CallShape = new(
        "call",
        (v, w) => { w.Value(1, KernelShapes.Op, v.Op); w.UInt(2, v.AnsweredBelow); w.Part(3, CallerWire.Shape, v.Caller); },
        r => new Call(r.Part(1, KernelShapes.Op), r.UInt(2), r.Part(3, CallerWire.Shape)));

    public static IEnumerable<Manifest> Manifests =>
    [
        // commands: 1 directory, 2 call
        Command<Begin>("dir.begin", (m, w) => w.Part(3, RecordShapes.Directory, m.Seed), r => new Begin(To(r), CallOf(r), r.Part(3, RecordShapes.Directory))),
        Command<MakeChild>(
            "dir.make-child",
            (m, w) => { w.Text(3, m.Name); w.UInt(4, m.Child.Value); w.Optional(5, m.Mode); },
            r => new MakeChild(To(r), CallOf(r), r.Text(3), new DirectoryId(r.UInt(4)), (uint?)r.Optional(5))),
        Command<RemoveChild>(
            "dir.remove-child",
            (m, w) => { w.Text(3, m.Name); w.UInt(4, m.Child.Value); },
            r => new RemoveChild(To(r), CallOf(r), r.Text(3), new DirectoryId(r.UInt(4)))),
        Command<Seal>("dir.seal", (_, _) => { }, r => new Seal(To(r), CallOf(r))),
        Command<Bury>("dir.bury", (_, _) => { }, r => new Bury(To(r), CallOf(r))),
        Command<OpenFile>(
            "dir.open",
            (m, w) => { w.Text(3, m.Name); w.Flag(4, m.Overwrite); w.Part(5, Plan, m.Plan); },
            r => new OpenFile(To(r), CallOf(r), r.Text(3), r.Flag(4), r.Part(5, Plan))),
        Command<RemoveFile>(
            "dir.remove-file", (m, w) => { w.Text(3, m.Name); w.Flag(12, m.IsAlone); }, r => new RemoveFile(To(r), CallOf(r), r.Text(3)) { IsAlone = r.Flag(12) }),
        Command<Rename>(
            "dir.rename",
            (m, w) => { w.Text(3, m.From); w.Text(4, m.To); w.Flag(5, m.Overwrite); w.Part(12, HandoverWire.Displaced, m.Displaces); },
            r => new Rename(To(r), CallOf(r), r.Text(3), r.Text(4), r.Flag(5)) { Displaces = r.OptionalPart(12, HandoverWire.Displaced) }),
        Command<DropReplica>(
            "dir.drop-replica", (m, w) => { w.Text(3, m.Name); w.UInt(4, m.Fs.Value); }, r => new DropReplica(To(r), CallOf(r), r.Text(3), new FsId(r.UInt32(4)))),
        Command<AskRemoved>(
            "dir.ask-removed",
            (m, w) => { w.UInt(3, m.Child.Value); w.Value(4, KernelShapes.Op, m.Removal); },
            r => new AskRemoved(To(r), CallOf(r), new DirectoryId(r.UInt(3)), r.Part(4, KernelShapes.Op))),

        // queries: 1 directory, 2 op
        Query<Lookup>(
            "dir.lookup",
            (m, w) => { w.Text(3, m.Name); if (m.Earlier is { } op) w.Value(4, KernelShapes.Op, op); },
            r => new Lookup(To(r), OpOf(r), r.Text(3), r.OptionalValue(4, KernelShapes.Op))),
        Query<Condense>("dir.condense", (_, _) => { }, r => new Condense(To(r), OpOf(r))),
        Query<Peek>("dir.peek", (m, w) => { w.Text(3, m.After); w.UInt(4, m.Limit); }, r => new Peek(To(r), OpOf(r), r.Text(3), r.UInt32(4))),
        Query<ReadPage>("dir.read-page", (m, w) => { w.Text(3, m.After); w.UInt(4, m.Limit); }, r => new ReadPage(To(r), OpOf(r), r.Text(3), r.UInt32(4))),

        // replies: 1 directory, 2 op
        Reply<Done>("dir.done", (_, _) => { }, r => new Done(To(r), OpOf(r))),
        Reply<Refused>("dir.refused", (m, w) => { w.UInt(3, (ulong)m.Why); w.Text(4, m.Text); }, r => new Refused(To(r), OpOf(r), (Errno)r.UInt(3), r.Text(4))),
        Reply<Unknown>("dir.unknown", (_, _) => { }, r => new Unknown(To(r), OpOf(r))),
        Reply<Unborn>("dir.unborn", (_, _) => { }, r => new Unborn(To(r), OpOf(r))),
        Reply<Gone>("dir.gone", (_, _) => { }, r => new Gone(To(r), OpOf(r))),
        Reply<ChildMade>(
            "dir.child-made", (m, w) => w.Part(3, RecordShapes.Directory, m.Seed), r => new ChildMade(To(r), OpOf(r), r.Part(3, RecordShapes.Directory))),
        Reply<FileOpened>("dir.opened", (m, w) => w.Part(3, Open, m.Open), r => new FileOpened(To(r), OpOf(r), r.Part(3, Open))),
        Reply<RemovalDecided>(
            "dir.removal-decided",
            (m, w) => { w.Value(3, KernelShapes.Op, m.Removal); w.Flag(4, m.Removed); },
            r => new RemovalDecided(To(r), OpOf(r), r.Part(3, KernelShapes.Op), r.Flag(4))),
        Reply<Found>(
            "dir.found",
            (m, w) =>
            {
                w.Part(3, RecordShapes.Directory, m.Self);
                w.Value(4, Counts, m.Counts);
                w.Part(5, Entry, m.Entry);
                w.Part(6, Remembered, m.Earlier);
                w.Value(7, Tree, m.Tree);
            },
            r => new Found(To(r), OpOf(r), r.Part(3, RecordShapes.Directory), r.Part(4, Counts), r.OptionalPart(5, Entry), r.OptionalPart(6, Remembered))
            {
                Tree = r.Part(7, Tree),
            }),
        Reply<Page>(
            "dir.page",
            (m, w) => { w.Part(3, RecordShapes.Directory, m.Self); w.Parts(4, Entry, m.Entries); w.Flag(5, m.More); w.Value(6, Counts, m.Counts); w.Value(7, Tree, m.Tree); },
            r => new Page(To(r), OpOf(r), r.Part(3, RecordShapes.Directory), r.Parts(4, Entry), r.Flag(5)) { Counts = r.Part(6, Counts), Tree = r.Part(7, Tree) }),
    ];

    internal static DirectoryId To(FieldReader r) => new(r.UInt(1));
    internal static Call CallOf(FieldReader r) => r.Part(2, CallShape);
    internal static OpId OpOf(FieldReader r) => r.Part(2, KernelShapes.Op);

    internal static Manifest Command<T>(string name, Action<T, FieldWriter> write, Func<FieldReader, T> read) where T : class, ICommand =>
        Manifest.Of(name, (m, w) => { w.UInt(1, m.Directory.Value); w.Value(2, CallShape, m.Call); write(m, w); }, read);

    internal static Manifest Query<T>(string name, Action<T, FieldWriter> write, Func<FieldReader, T> read) where T : class, IQuery =>
        Manifest.Of(name, (m, w) => { w.UInt(1, m.Directory.Value); w.Value(2, KernelShapes.Op, m.Op); write(m, w); }, read);

    internal static Manifest Reply<T>(string name, Action<T, FieldWriter> write, Func<FieldReader, T> read) where T : class, IReply =>
        Manifest.Of(name, (m, w) => { w.UInt(1, m.Directory.Value); w.Value(2, KernelShapes.Op, m.Op); write(m, w); }, read);
}
