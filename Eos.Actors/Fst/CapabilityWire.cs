using Eos.Kernel;
using Eos.Wire;

namespace Eos.Fst;

/// <summary>The bytes of a capability, which are signed and travel in URLs. Field numbers are never reused.</summary>
internal static class CapabilityWire
{
    private static readonly Shape<CapabilityContent> Content = new(
        "capability-content",
        (c, w) =>
        {
            w.UInt(1, c.Layout.Value);
            w.Part(2, KernelShapes.Sum, c.Checksum);
            w.Optional(3, c.Size);
            w.UInt(4, c.MinSize);
            w.UInt(5, c.MaxSize);
            w.UInt(6, c.Booking);
        },
        r => new CapabilityContent(new LayoutId(r.UInt32(1)), r.Part(2, KernelShapes.Sum), r.Optional(3), r.UInt(4), r.UInt(5), r.UInt(6)));

    private static readonly Shape<CapabilityGrant> Grant = new(
        "capability-grant",
        (g, w) => { w.UInt(1, g.Uid); w.UInt(2, g.Gid); w.At(3, g.Expires); },
        r => new CapabilityGrant(r.UInt32(1), r.UInt32(2), r.At(3)));

    private static readonly Shape<CapabilityPace> Pace = new(
        "capability-pace", (p, w) => { w.UInt(1, p.Bandwidth); w.Flag(2, p.SyncsEach); }, r => new CapabilityPace(r.UInt(1), r.Flag(2)));

    private static readonly Shape<ReplicaPlace> Place = new(
        "replica-place",
        (p, w) => { w.UInt(1, p.Fs.Value); w.Text(2, p.Host); w.UInt(3, (ulong)p.Port); },
        r => new ReplicaPlace(new FsId(r.UInt32(1)), r.Text(2), (int)r.UInt(3)));

    /// <remarks>Field 6 was the filesystems without the addresses of their ports.</remarks>
    public static readonly Shape<Capability> Shape = new(
        "capability",
        (c, w) =>
        {
            w.UInt(1, (ulong)c.Operation);
            w.Value(2, KernelShapes.Open, c.Open);
            w.UInt(3, c.File.Value);
            w.UInt(4, c.Directory.Value);
            w.Text(5, c.Path);
            w.Part(7, Content, c.Content);
            w.Part(8, Grant, c.Grant);
            w.Parts(9, Place, c.Places);
            w.Part(10, Pace, c.Pace);
            w.Optional(11, (ulong?)c.Modified?.Nanoseconds);
        },
        r => new Capability(
            (CapabilityOperation)r.UInt(1), r.Part(2, KernelShapes.Open), new FileId(r.UInt(3)), new DirectoryId(r.UInt(4)), r.Text(5),
            r.Parts(9, Place), r.Part(7, Content), r.Part(8, Grant))
        {
            Pace = r.Part(10, Pace),
            Modified = r.Optional(11) is { } at ? new Instant((long)at) : null,
        });
}
