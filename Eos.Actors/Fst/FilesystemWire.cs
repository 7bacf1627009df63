using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Wire;
using static Eos.Fst.FilesystemProtocol;

namespace Eos.Fst;

/// <summary>The bytes of what a filesystem's actor stores.</summary>
public static class FilesystemWire
{
    private static readonly Shape<KeyValuePair<DirectoryId, ImmutableArray<FileId>>> Drops = new(
        "fs-drops",
        (v, w) => { w.UInt(1, v.Key.Value); w.Files(2, v.Value); },
        r => KeyValuePair.Create(new DirectoryId(r.UInt(1)), r.Files(2)));

    public static IEnumerable<Manifest> Manifests =>
    [
        Manifest.Of<Labelled>("fs.e.labelled", (e, w) => { w.UInt(1, e.Fs.Value); w.Text(2, e.Uuid); }, r => new Labelled(new FsId(r.UInt32(1)), r.Text(2))),
        Manifest.Of<MasterObeyed>("fs.e.master-obeyed", (e, w) => w.UInt(1, e.Token), r => new MasterObeyed(r.UInt(1))),
        Manifest.Of<DropsOrdered>(
            "fs.e.drops-ordered", (e, w) => { w.UInt(1, e.Directory.Value); w.Files(2, e.Files); }, r => new DropsOrdered(new DirectoryId(r.UInt(1)), r.Files(2))),
        Manifest.Of<DropsEnded>("fs.e.drops-ended", (e, w) => w.Files(1, e.Files), r => new DropsEnded(r.Files(1))),
        Manifest.Of<FilesystemMemory>(
            "fs.snapshot",
            (m, w) =>
            {
                w.Text(1, m.Uuid);
                w.Parts(2, Drops, m.Drops.GroupBy(d => d.Value, d => d.Key).Select(g => KeyValuePair.Create(g.Key, g.ToImmutableArray())));
                w.UInt(3, m.Token);
            },
            r => new FilesystemMemory(
                r.Text(1), r.Parts(2, Drops).SelectMany(d => d.Value.Select(file => KeyValuePair.Create(file, d.Key))).ToImmutableSortedDictionary()) { Token = r.UInt(3) }),
    ];
}
