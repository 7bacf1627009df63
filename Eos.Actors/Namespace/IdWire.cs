using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Wire;
using static Eos.Namespace.IdProtocol;

namespace Eos.Namespace;

/// <summary>The bytes of the allocator of numbers.</summary>
public static class IdWire
{
    private static readonly Shape<KeyValuePair<Counter, ulong>> CounterShape = new(
        "counter", (v, w) => { w.UInt(1, (ulong)v.Key); w.UInt(2, v.Value); }, r => KeyValuePair.Create((Counter)r.UInt(1), r.UInt(2)));

    public static IEnumerable<Manifest> Manifests =>
    [
        Manifest.Of<TakeBlock>(
            "id.take",
            (m, w) => { w.UInt(1, (ulong)m.Counter); w.UInt(2, m.Count); w.Value(3, KernelShapes.Op, m.Op); },
            r => new TakeBlock((Counter)r.UInt(1), r.UInt32(2), r.Part(3, KernelShapes.Op))),
        Manifest.Of<BlockTaken>(
            "id.taken",
            (m, w) => { w.UInt(1, (ulong)m.Counter); w.UInt(2, m.First); w.UInt(3, m.Count); w.Value(4, KernelShapes.Op, m.Op); },
            r => new BlockTaken((Counter)r.UInt(1), r.UInt(2), r.UInt32(3), r.Part(4, KernelShapes.Op))),
        Manifest.Of<Reserve>(
            "id.reserve",
            (m, w) => { w.UInt(1, (ulong)m.Counter); w.UInt(2, m.UpTo); w.Value(3, KernelShapes.Op, m.Op); },
            r => new Reserve((Counter)r.UInt(1), r.UInt(2), r.Part(3, KernelShapes.Op))),
        Manifest.Of<Reserved>(
            "id.reserved",
            (m, w) => { w.UInt(1, (ulong)m.Counter); w.UInt(2, m.UpTo); w.Value(3, KernelShapes.Op, m.Op); },
            r => new Reserved((Counter)r.UInt(1), r.UInt(2), r.Part(3, KernelShapes.Op))),
        Manifest.Of<BlockGranted>(
            "id.e.granted", (m, w) => { w.UInt(1, (ulong)m.Counter); w.UInt(2, m.Next); }, r => new BlockGranted((Counter)r.UInt(1), r.UInt(2))),
        Manifest.Of<IdState>(
            "id.snapshot", (m, w) => w.Parts(1, CounterShape, m.Next), r => new IdState(r.Parts(1, CounterShape).ToImmutableSortedDictionary())),
    ];
}
