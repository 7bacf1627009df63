using Eos.Fst;
using Eos.Wire;

namespace Eos.Views;

/// <summary>The shapes of views, as the gateway answers them.</summary>
public static class ViewWire
{
    public static readonly Shape<FsView> Fs = new(
        "fs-view", (v, w) => { w.Part(1, FstWire.Report, v.Report); w.UInt(2, (ulong)v.Active); }, r => new FsView(r.Part(1, FstWire.Report), (Activity)r.UInt(2)));

    public static readonly Shape<NodeView> Node = new(
        "node-view",
        (v, w) =>
        {
            w.Text(1, v.Host);
            w.UInt(2, (ulong)v.Port);
            w.Text(3, v.Geotag);
            w.UInt(4, (ulong)v.Active);
            w.Span(5, v.HeartbeatAge);
            w.UInt(6, (ulong)v.Filesystems);
            w.UInt(7, v.Used);
            w.UInt(8, v.Capacity);
        },
        r => new NodeView(r.Text(1), (int)r.UInt(2), r.Text(3), (Activity)r.UInt(4), r.Span(5), (int)r.UInt(6), r.UInt(7), r.UInt(8)));

    public static readonly Shape<GroupView> Group = new(
        "group-view",
        (v, w) =>
        {
            w.Text(1, v.Name);
            w.Flag(2, v.On);
            w.UInt(3, (ulong)v.Filesystems);
            w.Real(4, v.AverageFilled);
            w.Real(5, v.MaxDeviation);
            w.Real(6, v.Sigma);
            w.UInt(7, v.Used);
            w.UInt(8, v.Capacity);
        },
        r => new GroupView(r.Text(1), r.Flag(2), (int)r.UInt(3), r.Real(4), r.Real(5), r.Real(6), r.UInt(7), r.UInt(8)));

    public static readonly Shape<SpaceView> Space = new(
        "space-view",
        (v, w) =>
        {
            w.Text(1, v.Name);
            w.UInt(2, (ulong)v.Groups);
            w.UInt(3, (ulong)v.Filesystems);
            w.UInt(4, (ulong)v.FilesystemsRw);
            w.UInt(5, v.Used);
            w.UInt(6, v.Capacity);
            w.UInt(7, v.CapacityRw);
            w.UInt(8, v.FreeRw);
        },
        r => new SpaceView(r.Text(1), (int)r.UInt(2), (int)r.UInt(3), (int)r.UInt(4), r.UInt(5), r.UInt(6), r.UInt(7), r.UInt(8)));
}
