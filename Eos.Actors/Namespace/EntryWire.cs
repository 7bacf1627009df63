using Eos.Kernel;
using Eos.Wire;
using static Eos.Namespace.DirectoryProtocol;
using static Eos.Namespace.DirectoryStore;
using static Eos.Namespace.DirectoryWire;

namespace Eos.Namespace;

/// <summary>The bytes of what is said about links, empty files and places, and of what happened.</summary>
public static class EntryWire
{
    public static IEnumerable<Manifest> Manifests =>
    [
        Command<MakeLink>(
            "dir.make-link",
            (m, w) => { w.Text(3, m.Name); w.UInt(4, m.File.Value); w.Text(5, m.Target); w.Flag(6, m.Replace); },
            r => new MakeLink(To(r), CallOf(r), r.Text(3), new FileId(r.UInt(4)), r.Text(5), r.Flag(6))),
        Command<TouchFile>(
            "dir.touch",
            (m, w) => { w.Text(3, m.Name); w.UInt(4, m.File.Value); w.UInt(5, m.Layout.Value); w.Flag(6, m.Truncate); },
            r => new TouchFile(To(r), CallOf(r), r.Text(3), new FileId(r.UInt(4)), new LayoutId(r.UInt32(5)), r.Flag(6))),
        Command<TagPlace>(
            "dir.tag-place",
            (m, w) => { w.Text(3, m.Name); w.UInt(4, m.Fs.Value); w.UInt(5, (ulong)m.Tag); },
            r => new TagPlace(To(r), CallOf(r), r.Text(3), new FsId(r.UInt32(4)), (PlaceTag)r.UInt(5))),
        Command<SetLayout>(
            "dir.set-layout",
            (m, w) => { w.Text(3, m.Name); w.UInt(4, m.File.Value); w.UInt(5, m.Layout.Value); },
            r => new SetLayout(To(r), CallOf(r), r.Text(3), new FileId(r.UInt(4)), new LayoutId(r.UInt32(5)))),
        Manifest.Of<NoteAccess>(
            "dir.note-access",
            (m, w) => { w.UInt(1, m.Directory.Value); w.Value(2, KernelShapes.Op, m.Op); w.Text(3, m.Name); w.UInt(4, m.File.Value); w.Span(5, m.Resolution); },
            r => new NoteAccess(To(r), OpOf(r), r.Text(3), new FileId(r.UInt(4)), r.Span(5))),
        Reply<LinkMet>("dir.link-met", (m, w) => w.Text(3, m.Target), r => new LinkMet(To(r), OpOf(r), r.Text(3))),

        Event<FileMade>(
            "dir.e.file-made",
            (m, w) => { w.Text(2, m.Name); w.Part(3, RecordShapes.File, m.File); },
            r => new FileMade(At(r), r.Text(2), r.Part(3, RecordShapes.File))),
        Event<FileTouched>(
            "dir.e.file-touched", (m, w) => { w.Text(2, m.Name); w.Flag(3, m.Truncated); }, r => new FileTouched(At(r), r.Text(2), r.Flag(3))),
        Event<FileAccessed>(
            "dir.e.file-accessed", (m, w) => { w.Text(2, m.Name); w.UInt(3, m.File.Value); }, r => new FileAccessed(At(r), r.Text(2), new FileId(r.UInt(3)))),
        Event<LayoutChanged>(
            "dir.e.layout-changed",
            (m, w) => { w.Text(2, m.Name); w.UInt(3, m.File.Value); w.UInt(4, m.Layout.Value); },
            r => new LayoutChanged(At(r), r.Text(2), new FileId(r.UInt(3)), new LayoutId(r.UInt32(4)))),
        Event<ContentCorrected>(
            "dir.e.content-corrected",
            (m, w) => { w.Text(2, m.Name); w.UInt(3, m.File.Value); w.UInt(4, m.Size); w.Part(5, KernelShapes.Sum, m.Checksum); },
            r => new ContentCorrected(At(r), r.Text(2), new FileId(r.UInt(3)), r.UInt(4), r.Part(5, KernelShapes.Sum))),
        Event<PlaceTagged>(
            "dir.e.place-tagged",
            (m, w) => { w.Text(2, m.Name); w.UInt(3, m.File.Value); w.UInt(4, m.Fs.Value); w.UInt(5, (ulong)m.Tag); },
            r => new PlaceTagged(At(r), r.Text(2), new FileId(r.UInt(3)), new FsId(r.UInt32(4)), (PlaceTag)r.UInt(5))),
    ];
}
