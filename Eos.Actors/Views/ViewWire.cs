using Eos.Fst;
using Eos.Wire;

namespace Eos.Views;

/// <summary>The shapes of views, as the gateway answers them.</summary>
public static class ViewWire
{
    public static readonly Shape<FsView> Fs = new(
        "fs-view",
        (v, w) => { w.Part(1, FstWire.Report, v.Report); w.UInt(2, (ulong)v.Active); w.Map(3, v.Configured.Values); },
        r => new FsView(r.Part(1, FstWire.Report), (Activity)r.UInt(2)) { Configured = new FsConfiguration(r.Map(3)) });

    private static readonly Shape<ViewSums> Sums = new(
        "view-sums",
        (v, w) =>
        {
            w.UInt(1, (ulong)v.Filesystems);
            w.UInt(2, (ulong)v.Writable);
            w.Real(3, v.LoadAverage);
            w.Real(4, v.LoadSigma);
            w.Real(5, v.ReadRate);
            w.Real(6, v.WriteRate);
            w.UInt(7, v.OpenForRead);
            w.UInt(8, v.OpenForWrite);
            w.UInt(9, v.Used);
            w.UInt(10, v.Free);
            w.UInt(11, v.Capacity);
            w.UInt(12, v.FreeRw);
            w.UInt(13, v.CapacityRw);
            w.UInt(14, v.Files);
            w.UInt(15, v.Inodes);
            w.UInt(16, v.InodesFree);
            w.Real(17, v.FilledAverage);
            w.Real(18, v.FilledSigma);
            w.Real(19, v.FilledDeviation);
            w.Text(20, v.Geotag);
        },
        r => new ViewSums((int)r.UInt(1), (int)r.UInt(2))
        {
            LoadAverage = r.Real(3),
            LoadSigma = r.Real(4),
            ReadRate = r.Real(5),
            WriteRate = r.Real(6),
            OpenForRead = r.UInt(7),
            OpenForWrite = r.UInt(8),
            Used = r.UInt(9),
            Free = r.UInt(10),
            Capacity = r.UInt(11),
            FreeRw = r.UInt(12),
            CapacityRw = r.UInt(13),
            Files = r.UInt(14),
            Inodes = r.UInt(15),
            InodesFree = r.UInt(16),
            FilledAverage = r.Real(17),
            FilledSigma = r.Real(18),
            FilledDeviation = r.Real(19),
            Geotag = r.Text(20),
        });

    public static readonly Shape<NodeView> Node = new(
        "node-view",
        (v, w) =>
        {
            w.Text(1, v.Name);
            w.Text(2, v.Host);
            w.UInt(3, (ulong)v.Port);
            w.Text(4, v.Geotag);
            w.UInt(5, (ulong)v.Active);
            w.Span(6, v.HeartbeatAge);
            w.Part(7, Sums, v.Sums);
            w.Map(8, v.Keys);
            w.Part(9, FstWire.System, v.System);
        },
        r => new NodeView(r.Text(1), r.Text(2), (int)r.UInt(3), r.Text(4), (Activity)r.UInt(5), r.Span(6), r.Part(7, Sums), r.Map(8)) { System = r.Part(9, FstWire.System) });

    public static readonly Shape<GroupView> Group = new(
        "group-view", (v, w) => { w.Text(1, v.Name); w.Text(2, v.Status); w.Part(3, Sums, v.Sums); }, r => new GroupView(r.Text(1), r.Text(2), r.Part(3, Sums)));

    public static readonly Shape<SpaceView> Space = new(
        "space-view",
        (v, w) => { w.Text(1, v.Name); w.UInt(2, (ulong)v.Groups); w.Part(3, Sums, v.Sums); w.Map(4, v.Keys); },
        r => new SpaceView(r.Text(1), (int)r.UInt(2), r.Part(3, Sums), r.Map(4)));
}
