using Eos.Kernel;
using Eos.Wire;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <summary>The bytes of <see cref="DropGhosts"/>.</summary>
public static class GhostWire
{
    public static IEnumerable<Manifest> Manifests =>
    [
        DirectoryWire.Command<DropGhosts>(
            "dir.drop-ghosts",
            (m, w) => { w.UInt(3, m.Fs.Value); w.Files(4, m.Files); },
            r => new DropGhosts(DirectoryWire.To(r), DirectoryWire.CallOf(r), new FsId(r.UInt32(3)), r.Files(4))),
        DirectoryStore.Event<GhostsDropped>(
            "dir.e.ghosts-dropped", (m, w) => { w.UInt(2, m.Fs.Value); w.Files(3, m.Files); }, r => new GhostsDropped(DirectoryStore.At(r), new FsId(r.UInt32(2)), r.Files(3))),
    ];
}
