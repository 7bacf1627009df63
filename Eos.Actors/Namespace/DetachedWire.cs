using Eos.Kernel;
using Eos.Wire;
using static Eos.Namespace.DirectoryProtocol;
using static Eos.Namespace.DirectoryStore;
using static Eos.Namespace.DirectoryWire;

namespace Eos.Namespace;

/// <summary>The bytes of what is said about files that were removed, and of what happened.</summary>
public static class DetachedWire
{
    public static IEnumerable<Manifest> Manifests =>
    [
        Command<DropDetached>(
            "dir.drop-detached", (m, w) => { w.UInt(3, m.File.Value); w.Flag(4, m.Forget); }, r => new DropDetached(To(r), CallOf(r), new FileId(r.UInt(3)), r.Flag(4))),
        Command<ForgetDeletions>(
            "dir.forget-deletions", (m, w) => { w.UInt(3, m.Fs.Value); w.Files(4, m.Files); }, r => new ForgetDeletions(To(r), CallOf(r), new FsId(r.UInt32(3)), r.Files(4))),
        Query<LookDetached>("dir.look-detached", (m, w) => w.UInt(3, m.File.Value), r => new LookDetached(To(r), OpOf(r), new FileId(r.UInt(3)))),
        Reply<DetachedFound>(
            "dir.detached-found", (m, w) => w.Part(3, RecordShapes.Entry, m.File), r => new DetachedFound(To(r), OpOf(r), r.OptionalPart(3, RecordShapes.Entry) as FileEntry)),
        Event<DetachedDropped>("dir.e.detached-dropped", (m, w) => w.UInt(2, m.File.Value), r => new DetachedDropped(At(r), new FileId(r.UInt(2)))),
    ];

    /// <summary>A snapshot's part.</summary>
    public static void WriteState(DirectoryState s, FieldWriter w) => w.Parts(23, PageStore.Page, s.Detached.Pages);

    public static DirectoryState ReadState(DirectoryState s, FieldReader r) => s with { Detached = EntryPages.Of(r.Parts(23, PageStore.Page)) };
}
