using Eos.Identity;
using Eos.Kernel;
using Eos.Wire;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <summary>The bytes of <see cref="DirectoryProtocol"/>'s words about mode, owner, rules and attributes. Commands: 1 directory, 2 call, 3 name. Events: 1 stamp, 2 name.</summary>
public static class OwnershipWire
{
    public static IEnumerable<Manifest> Manifests =>
    [
        Command<ChangeMode>("dir.change-mode", (m, w) => w.UInt(4, m.Mode), (d, c, n, r) => new ChangeMode(d, c, n, r.UInt32(4))),
        Command<ChangeOwner>(
            "dir.change-owner",
            (m, w) => { w.Optional(4, m.Uid); w.Optional(5, m.Gid); },
            (d, c, n, r) => new ChangeOwner(d, c, n, (uint?)r.Optional(4), (uint?)r.Optional(5))),
        Command<EditAcl>(
            "dir.edit-acl",
            (m, w) => { w.Flag(4, m.OfUser); w.Text(5, m.Edit); w.Optional(6, m.Position); },
            (d, c, n, r) => new EditAcl(d, c, n, r.Flag(4), r.Text(5), (uint?)r.Optional(6))),
        Command<SetAttributes>(
            "dir.set-attributes",
            (m, w) => { w.Map(4, m.Set); w.Parts(5, CallerWire.NameShape, m.Removed); w.Flag(6, m.OnlyNew); },
            (d, c, n, r) => new SetAttributes(d, c, n, r.Map(4), r.Parts(5, CallerWire.NameShape), r.Flag(6))),
        DirectoryWire.Reply<LinkWanted>("dir.link-wanted", (m, w) => w.Text(3, m.Link), r => new LinkWanted(DirectoryWire.To(r), DirectoryWire.OpOf(r), r.Text(3))),
        DirectoryWire.Command<ChildIs>(
            "dir.child-is",
            (m, w) => { w.UInt(3, m.Child.Value); w.Value(4, RecordShapes.Owner, m.Owner); w.UInt(5, m.Mode); },
            r => new ChildIs(DirectoryWire.To(r), DirectoryWire.CallOf(r), new DirectoryId(r.UInt(3)), r.Part(4, RecordShapes.Owner), r.UInt32(5))),

        Event<ModeChanged>("dir.e.mode", (m, w) => w.UInt(3, m.Mode), (s, n, r) => new ModeChanged(s, n, r.UInt32(3)), m => m.Name),
        Event<OwnerChanged>("dir.e.owner", (m, w) => w.Value(3, RecordShapes.Owner, m.Owner), (s, n, r) => new OwnerChanged(s, n, r.Part(3, RecordShapes.Owner)), m => m.Name),
        Event<ChildLearnt>(
            "dir.e.child-learnt",
            (m, w) => { w.UInt(3, m.Child.Value); w.Value(4, RecordShapes.Owner, m.Owner); w.UInt(5, m.Mode); },
            (s, n, r) => new ChildLearnt(s, n, new DirectoryId(r.UInt(3)), r.Part(4, RecordShapes.Owner), r.UInt32(5)),
            m => m.Name),
        Event<AttributesChanged>(
            "dir.e.attributes",
            (m, w) => { w.Map(3, m.Set); w.Parts(4, CallerWire.NameShape, m.Removed); },
            (s, n, r) => new AttributesChanged(s, n, r.Map(3), r.Parts(4, CallerWire.NameShape)),
            m => m.Name),
    ];

    private static Manifest Command<T>(string name, Action<T, FieldWriter> write, Func<DirectoryId, Call, string, FieldReader, T> read) where T : class, IOwnershipCommand =>
        DirectoryWire.Command<T>(name, (m, w) => { w.Text(3, m.Name); write(m, w); }, r => read(DirectoryWire.To(r), DirectoryWire.CallOf(r), r.Text(3), r));

    private static Manifest Event<T>(string name, Action<T, FieldWriter> write, Func<Stamp, string, FieldReader, T> read, Func<T, string> named) where T : class, IEvent =>
        DirectoryStore.Event<T>(name, (m, w) => { w.Text(2, named(m)); write(m, w); }, r => read(DirectoryStore.At(r), r.Text(2), r));
}
