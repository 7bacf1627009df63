using Eos.Kernel;
using Eos.Wire;
using static Eos.Services.UpkeepProtocol;

namespace Eos.Services;

/// <summary>The bytes of what nodes are told about compaction and forgetting.</summary>
public static class UpkeepWire
{
    public static IEnumerable<Manifest> Manifests =>
    [
        Manifest.Of<Set>("upkeep.set", (m, w) => { w.Flag(1, m.On); w.Span(2, m.Delay); w.Span(3, m.Interval); }, r => new Set(r.Flag(1), r.Span(2), r.Span(3))),
        Manifest.Of<Ask>("upkeep.ask", (_, _) => { }, _ => new Ask()),
        Manifest.Of<Status>("upkeep.status", (m, w) => { w.Text(1, m.Node); w.Flag(2, m.IsMaster); w.Text(3, m.Text); }, r => new Status(r.Text(1), r.Flag(2), r.Text(3))),
        Manifest.Of<Compact>("upkeep.compact", (_, _) => { }, _ => new Compact()),
        Manifest.Of<Compacted>(
            "upkeep.compacted",
            (m, w) => { w.Text(1, m.Node); w.UInt(2, m.Before); w.UInt(3, m.After); w.Text(4, m.Trouble); },
            r => new Compacted(r.Text(1), r.UInt(2), r.UInt(3), r.Text(4))),
        Manifest.Of<Forget>("upkeep.forget", (m, w) => w.UInt(1, m.Directory.Value), r => new Forget(new DirectoryId(r.UInt(1)))),
        Manifest.Of<Remember>("upkeep.remember", (m, w) => w.UInt(1, m.Most), r => new Remember(r.UInt32(1))),
        Manifest.Of<ReadUsers>("upkeep.read-users", (_, _) => { }, _ => new ReadUsers()),
        Manifest.Of<Done>("upkeep.done", (m, w) => w.Text(1, m.Node), r => new Done(r.Text(1))),
    ];
}
