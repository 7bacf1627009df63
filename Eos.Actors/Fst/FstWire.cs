using Eos.Kernel;
using Eos.Wire;
using static Eos.Fst.FstProtocol;

namespace Eos.Fst;

/// <summary>The bytes of what directories, filesystems and views say to each other.</summary>
public static class FstWire
{
    private static readonly Shape<Held> HeldShape = new(
        "held", (v, w) => { w.UInt(1, v.File.Value); w.Value(2, KernelShapes.Open, v.Open); }, r => new Held(new FileId(r.UInt(1)), r.Part(2, KernelShapes.Open)));

    private static readonly Shape<FsIdentity> IdentityShape = new(
        "fs-identity",
        (v, w) =>
        {
            w.UInt(1, v.Id.Value);
            w.Text(2, v.Uuid);
            w.Text(3, v.Host);
            w.UInt(4, (ulong)v.Port);
            w.Text(5, v.Path);
            w.Text(6, v.Space);
            w.Text(7, v.Group);
            w.Text(8, v.Geotag);
        },
        r => new FsIdentity(new FsId(r.UInt32(1)), r.Text(2), r.Text(3), (int)r.UInt(4), r.Text(5), r.Text(6), r.Text(7), r.Text(8)));

    private static readonly Shape<FsHealth> HealthShape = new(
        "fs-health",
        (v, w) => { w.Int(1, (long)v.Boot); w.UInt(2, (ulong)v.Error); w.Text(3, v.Text); w.Flag(4, v.Swept); },
        r => new FsHealth((BootStatus)r.Int(1), (Errno)r.UInt(2), r.Text(3)) { Swept = r.Flag(4) });

    private static readonly Shape<FsUsage> UsageShape = new(
        "fs-usage",
        (v, w) =>
        {
            w.UInt(1, v.Capacity);
            w.UInt(2, v.Free);
            w.UInt(3, v.Headroom);
            w.UInt(4, v.Inodes);
            w.UInt(5, v.InodesFree);
            w.UInt(6, v.Replicas);
            w.UInt(7, v.Faults.Missing);
            w.UInt(8, v.Faults.Broken);
            w.UInt(9, v.Faults.Restored);
        },
        r => new FsUsage(r.UInt(1), r.UInt(2), r.UInt(3), r.UInt(4), r.UInt(5), r.UInt(6)) { Faults = new FsFaults(r.UInt(7), r.UInt(8), r.UInt(9)) });

    private static readonly Shape<FsLoad> LoadShape = new(
        "fs-load",
        (v, w) => { w.Real(1, v.Disk); w.Real(2, v.ReadRate); w.Real(3, v.WriteRate); w.UInt(4, v.OpenForRead); w.UInt(5, v.OpenForWrite); },
        r => new FsLoad(r.Real(1), r.Real(2), r.Real(3), r.UInt32(4), r.UInt32(5)));

    public static readonly Shape<FsSystem> System = new(
        "fs-system",
        (v, w) =>
        {
            w.UInt(1, v.Virtual);
            w.UInt(2, v.Resident);
            w.UInt(3, v.Threads);
            w.UInt(4, v.Sockets);
            w.Text(5, v.Version);
            w.Text(6, v.Engine);
            w.Text(7, v.Kernel);
            w.At(8, v.Started);
            w.Span(9, v.Uptime);
        },
        r => new FsSystem(r.UInt(1), r.UInt(2), r.UInt32(3), r.UInt32(4), r.Text(5), r.Text(6), r.Text(7), r.At(8), r.Span(9)));

    public static readonly Shape<FsReport> Report = new(
        "fst.report",
        (v, w) =>
        {
            w.Part(1, IdentityShape, v.Identity);
            w.Int(2, (long)v.Status);
            w.Part(3, HealthShape, v.Health);
            w.Part(4, UsageShape, v.Usage);
            w.Part(5, LoadShape, v.Load);
            w.UInt(6, v.Incarnation);
            w.UInt(7, v.Sequence);
            w.At(8, v.At);
            w.Part(9, System, v.System);
        },
        r => new FsReport(
            r.Part(1, IdentityShape), (ConfigStatus)r.Int(2), r.Part(3, HealthShape), r.Part(4, UsageShape), r.Part(5, LoadShape), r.UInt(6), r.UInt(7), r.At(8))
        {
            System = r.Part(9, System),
        });

    public static IEnumerable<Manifest> Manifests =>
    [
        Manifest.Of<CommitFile>(
            "fst.commit",
            (m, w) =>
            {
                w.UInt(1, m.Directory.Value);
                w.Value(2, KernelShapes.Op, m.Op);
                w.Value(3, KernelShapes.Open, m.Open);
                w.UInt(4, m.File.Value);
                w.UInt(5, m.Size);
                w.Part(6, KernelShapes.Sum, m.Checksum);
                w.Filesystems(7, m.Locations);
                w.At(8, m.Modified);
            },
            r => new CommitFile(
                To(r), OpOf(r, 2), r.Part(3, KernelShapes.Open), new FileId(r.UInt(4)), r.UInt(5), r.Part(6, KernelShapes.Sum), r.Filesystems(7), r.At(8))),
        Manifest.Of<AbandonOpen>(
            "fst.abandon",
            (m, w) =>
            {
                w.UInt(1, m.Directory.Value);
                w.Value(2, KernelShapes.Op, m.Op);
                w.Value(3, KernelShapes.Open, m.Open);
                w.UInt(4, m.File.Value);
            },
            r => new AbandonOpen(To(r), OpOf(r, 2), r.Part(3, KernelShapes.Open), new FileId(r.UInt(4)))),
        Manifest.Of<AttachReplica>(
            "fst.attach",
            (m, w) =>
            {
                w.UInt(1, m.Directory.Value);
                w.Value(2, KernelShapes.Op, m.Op);
                w.Value(3, HeldShape, m.Replica);
                w.UInt(4, m.Fs.Value);
                w.UInt(5, m.Size);
                w.Part(6, KernelShapes.Sum, m.Checksum);
                w.Text(7, m.Name);
                w.Optional(8, m.Replaces?.Value);
            },
            r => new AttachReplica(
                To(r), OpOf(r, 2), r.Part(3, HeldShape), FsOf(r, 4), r.UInt(5), r.Part(6, KernelShapes.Sum), r.Text(7), OptionalFs(r, 8))),
        Manifest.Of<RestoreReplica>(
            "fst.restore",
            (m, w) => { w.UInt(1, m.Fs.Value); w.Text(2, m.Capability); w.Optional(3, m.Replaces?.Value); },
            r => new RestoreReplica(FsOf(r, 1), r.Text(2), OptionalFs(r, 3))),
        Manifest.Of<VerifyReplica>(
            "fst.verify",
            (m, w) => { w.UInt(1, m.Fs.Value); w.Text(2, m.Capability); w.Flag(3, m.Whole); w.UInt(4, (ulong)m.Corrects); w.UInt(5, m.Rate); },
            r => new VerifyReplica(FsOf(r, 1), r.Text(2), r.Flag(3)) { Corrects = (Correction)r.UInt(4), Rate = r.UInt(5) }),
        Manifest.Of<CorrectFile>(
            "fst.correct",
            (m, w) =>
            {
                w.UInt(1, m.Directory.Value);
                w.Value(2, KernelShapes.Op, m.Op);
                w.Value(3, HeldShape, m.Replica);
                w.UInt(4, m.Fs.Value);
                w.Text(5, m.Name);
                w.Optional(6, m.Size);
                w.Part(7, KernelShapes.Sum, m.Checksum);
            },
            r => new CorrectFile(To(r), OpOf(r, 2), r.Part(3, HeldShape), FsOf(r, 4), r.Text(5), r.Optional(6), r.OptionalPart(7, KernelShapes.Sum))),
        Manifest.Of<ReplicaDropped>(
            "fst.dropped",
            (m, w) => { w.UInt(1, m.Directory.Value); w.Value(2, KernelShapes.Op, m.Op); w.UInt(3, m.Fs.Value); w.Files(4, m.Files); },
            r => new ReplicaDropped(To(r), OpOf(r, 2), FsOf(r, 3), r.Files(4))),
        Manifest.Of<WhoOwns>(
            "fst.who-owns",
            (m, w) => { w.UInt(1, m.Directory.Value); w.Value(2, KernelShapes.Op, m.Asked); w.UInt(3, m.Fs.Value); w.Parts(4, HeldShape, m.Replicas); },
            r => new WhoOwns(To(r), OpOf(r, 2), FsOf(r, 3), r.Parts(4, HeldShape))),
        Manifest.Of<Committed>(
            "fst.committed",
            (m, w) => { w.Value(1, KernelShapes.Op, m.Op); w.UInt(2, m.File.Value); },
            r => new Committed(OpOf(r, 1), new FileId(r.UInt(2)))),
        Manifest.Of<CommitRefused>(
            "fst.commit-refused",
            (m, w) => { w.Value(1, KernelShapes.Op, m.Op); w.UInt(2, (ulong)m.Why); w.Text(3, m.Text); },
            r => new CommitRefused(OpOf(r, 1), (Errno)r.UInt(2), r.Text(3))),
        Manifest.Of<CommitUnknown>("fst.commit-unknown", (m, w) => w.Value(1, KernelShapes.Op, m.Op), r => new CommitUnknown(OpOf(r, 1))),
        Manifest.Of<Noted>("fst.noted", (m, w) => w.Value(1, KernelShapes.Op, m.Op), r => new Noted(OpOf(r, 1))),
        Manifest.Of<Owned>(
            "fst.owned",
            (m, w) => { w.Value(1, KernelShapes.Op, m.Asked); w.UInt(2, m.Directory.Value); w.UInts(3, [.. m.Verdicts.Select(v => (ulong)v)]); },
            r => new Owned(OpOf(r, 1), new DirectoryId(r.UInt(2)), [.. r.UInts(3).Select(v => (Ownership)v)])),
        Manifest.Of<DropReplicas>(
            "fst.drop",
            (m, w) => { w.UInt(1, m.Fs.Value); w.UInt(2, m.Directory.Value); w.Files(3, m.Files); },
            r => new DropReplicas(FsOf(r, 1), new DirectoryId(r.UInt(2)), r.Files(3))),
        Manifest.Of<OrderSweep>("fst.sweep", (m, w) => { w.UInt(1, m.Fs.Value); w.UInt(2, m.Token); }, r => new OrderSweep(FsOf(r, 1), r.UInt(2))),
        Manifest.Of<OrderBoot>("fst.boot", (m, w) => { w.UInt(1, m.Fs.Value); w.Flag(2, m.Sweeps); }, r => new OrderBoot(FsOf(r, 1)) { Sweeps = r.Flag(2) }),
        Manifest.Of(Report.Name, Report.Write, Report.Read),
    ];

    private static DirectoryId To(FieldReader r) => new(r.UInt(1));
    private static OpId OpOf(FieldReader r, int field) => r.Part(field, KernelShapes.Op);
    private static FsId? OptionalFs(FieldReader r, int field) => r.Optional(field) is { } fs ? new FsId(checked((uint)fs)) : null;
    private static FsId FsOf(FieldReader r, int field) => new(r.UInt32(field));
}
