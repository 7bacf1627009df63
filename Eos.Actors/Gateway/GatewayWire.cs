using Eos.Kernel;
using Eos.Namespace;
using Eos.Views;
using Eos.Wire;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>The bytes of what clients and gateways say to each other. Requests: 1 head. Replies: 1 operation.</summary>
public static partial class GatewayWire
{
    private static readonly Shape<Claim> ClaimShape = new(
        "claim",
        (v, w) =>
        {
            w.UInt(1, v.Uid);
            w.UInt(2, v.Gid);
            w.Text(3, v.Name);
            w.Text(4, v.Host);
            w.Text(5, v.App);
            w.Optional(6, v.RoleUid);
            w.Optional(7, v.RoleGid);
            w.Text(8, v.Token);
            w.Text(9, v.Key);
            w.Text(10, v.Ticket);
            w.Text(11, v.Door);
            w.Text(20, v.Comment);
        },
        r => new Claim(r.UInt32(1), r.UInt32(2), r.Text(3), r.Text(4), r.Text(5))
        {
            RoleUid = (uint?)r.Optional(6),
            RoleGid = (uint?)r.Optional(7),
            Token = r.Text(8),
            Key = r.Text(9),
            Ticket = r.Text(10),
            Door = r.Text(11),
            Comment = r.Text(20),
        });

    private static readonly Shape<Head> HeadShape = new(
        "head",
        (v, w) => { w.Value(1, KernelShapes.Op, v.Op); w.UInt(2, v.AnsweredBelow); w.Part(3, ClaimShape, v.Claim); },
        r => new Head(r.Part(1, KernelShapes.Op), r.UInt(2), r.Part(3, ClaimShape)));

    private static readonly Shape<Entry> EntryShape = new(
        "listed",
        (v, w) =>
        {
            w.Text(1, v.Name);
            w.UInt(2, (ulong)v.Kind);
            w.UInt(3, v.Id);
            w.UInt(4, v.Attributes.Mode);
            w.Value(5, RecordShapes.Owner, v.Attributes.Owner);
            w.Value(6, RecordShapes.Times, v.Attributes.Times);
            w.Flag(7, v.Attributes.Extended);
            w.UInt(8, v.Size);
            w.UInt(9, v.Replicas);
            w.Part(10, KernelShapes.Sum, v.Checksum);
            w.Text(11, v.Target);
        },
        r => new Entry(
            r.Text(1),
            (EntryKind)r.UInt(2),
            r.UInt(3),
            new EntryAttributes(r.UInt32(4), r.Part(5, RecordShapes.Owner), r.Part(6, RecordShapes.Times), r.Flag(7)),
            r.UInt(8),
            r.UInt32(9),
            r.Part(10, KernelShapes.Sum))
        {
            Target = r.Text(11),
        });

    private static readonly Shape<NamespaceCounts> NamespaceShape = new(
        "namespace-counts",
        (v, w) => { w.UInt(1, v.FilesCreated); w.UInt(2, v.DirectoriesCreated); w.UInt(3, v.CurrentFile.Value); w.UInt(4, v.CurrentDirectory.Value); },
        r => new NamespaceCounts(r.UInt(1), r.UInt(2), new FileId(r.UInt(3)), new DirectoryId(r.UInt(4))));

    private static readonly Shape<ProcessCounts> ProcessShape = new(
        "process-counts",
        (v, w) => { w.Span(1, v.Uptime); w.Span(2, v.BootTime); w.UInt(3, v.Resident); w.UInt(4, v.Virtual); w.UInt(5, v.Threads); w.UInt(6, v.Handles); },
        r => new ProcessCounts(r.Span(1), r.Span(2), r.UInt(3), r.UInt(4), r.UInt32(5), r.UInt32(6)));

    private static readonly Shape<CommandCounts> CommandShape = new(
        "command-counts",
        (v, w) =>
        {
            w.Text(1, v.Command);
            w.UInt(2, v.Total);
            w.UInts(3, v.Windows);
            w.Real(4, v.MeanMs);
            w.Real(5, v.SigmaMs);
            w.Real(6, v.P99Ms);
            w.Real(7, v.MaxMs);
        },
        r => new CommandCounts(r.Text(1), r.UInt(2), r.UInts(3), r.Real(4), r.Real(5), r.Real(6), r.Real(7)));

    internal static readonly Shape<string> LineShape = new("line", (v, w) => w.Text(1, v), r => r.Text(1));

    private static readonly Shape<Leadership> LeadershipShape = new(
        "leadership",
        (v, w) => { w.Text(1, v.Local); w.Text(2, v.Master); w.Parts(3, LineShape, v.Followers); w.Text(4, v.QdbLeader); w.Parts(5, LineShape, v.QdbFollowers); },
        r => new Leadership(r.Text(1), r.Text(2), r.Parts(3, LineShape), r.Text(4), r.Parts(5, LineShape)));

    private static readonly Shape<ReplicaWork> WorkShape = new(
        "replica-work",
        (v, w) => { w.UInt(1, (ulong)v.Deed); w.UInt(2, v.Fs.Value); w.Optional(3, v.Source?.Value); },
        r => new ReplicaWork((ReplicaDeed)r.UInt(1), new FsId(r.UInt32(2)), FsOf(r, 3)));

    public static IEnumerable<Manifest> Manifests =>
    [
        Request<MakeDirectory>(
            "gw.mkdir",
            (m, w) => { w.Text(2, m.Path); w.Flag(3, m.Parents); w.Optional(4, m.Mode); },
            r => new MakeDirectory(HeadOf(r), r.Text(2), r.Flag(3), (uint?)r.Optional(4))),
        Request<RemoveFile>(
            "gw.rm", (m, w) => { w.Text(2, m.Path); w.Flag(12, m.IsForced); }, r => new RemoveFile(HeadOf(r), r.Text(2)) { IsForced = r.Flag(12) }),
        Request<RemoveDirectory>("gw.rmdir", (m, w) => w.Text(2, m.Path), r => new RemoveDirectory(HeadOf(r), r.Text(2))),
        Request<Rename>(
            "gw.rename",
            (m, w) => { w.Text(2, m.From); w.Text(3, m.To); w.Flag(4, m.Overwrite); },
            r => new Rename(HeadOf(r), r.Text(2), r.Text(3), r.Flag(4))),
        Request<OpenWrite>(
            "gw.open-write",
            (m, w) => { w.Text(2, m.Path); w.Optional(3, m.Size); w.Flag(4, m.Overwrite); w.Optional(5, (ulong?)m.Checksum); w.Filesystems(6, m.Excluded); w.Map(7, m.Options); },
            r => new OpenWrite(HeadOf(r), r.Text(2), r.Optional(3), r.Flag(4), (ChecksumType?)r.Optional(5)) { Excluded = r.Filesystems(6), Options = r.Map(7) }),
        Request<AdjustReplicas>(
            "gw.adjust",
            (m, w) => { w.Text(2, m.Path); w.Flag(3, m.KeepsAll); w.Filesystems(4, m.Excluded); },
            r => new AdjustReplicas(HeadOf(r), r.Text(2), r.Flag(3)) { Excluded = r.Filesystems(4) }),
        Request<VerifyReplicas>(
            "gw.verify",
            (m, w) => { w.Text(2, m.Path); w.Optional(3, m.Fs?.Value); w.Flag(4, m.Glance); w.UInt(5, (ulong)m.Corrects); w.UInt(6, m.Rate); },
            r => new VerifyReplicas(HeadOf(r), r.Text(2), FsOf(r, 3)) { Glance = r.Flag(4), Corrects = (Fst.FstProtocol.Correction)r.UInt(5), Rate = r.UInt(6) }),
        Request<CopyReplica>(
            "gw.copy-replica",
            (m, w) => { w.Text(2, m.Path); w.UInt(3, m.Source.Value); w.UInt(4, m.Target.Value); w.Flag(5, m.Moves); },
            r => new CopyReplica(HeadOf(r), r.Text(2), new FsId(r.UInt32(3)), new FsId(r.UInt32(4)), r.Flag(5))),
        Request<ChangeLayout>(
            "gw.layout",
            (m, w) => { w.Text(2, m.Path); w.Optional(3, (ulong?)m.Stripes); w.Optional(4, m.Type?.Value); w.Optional(5, (ulong?)m.Checksum); },
            r => new ChangeLayout(
                HeadOf(r), r.Text(2), (int?)r.Optional(3), r.Optional(4) is { } id ? new LayoutId(checked((uint)id)) : null, (ChecksumType?)r.Optional(5))),
        Request<DropReplica>(
            "gw.drop-replica", (m, w) => { w.Text(2, m.Path); w.UInt(3, m.Fs.Value); }, r => new DropReplica(HeadOf(r), r.Text(2), new FsId(r.UInt32(3)))),
        Request<OpenRead>(
            "gw.open-read",
            (m, w) => { w.Text(2, m.Path); w.Filesystems(3, m.Excluded); w.Map(4, m.Options); },
            r => new OpenRead(HeadOf(r), r.Text(2)) { Excluded = r.Filesystems(3), Options = r.Map(4) }),
        Request<List>(
            "gw.list",
            (m, w) => { w.Text(2, m.Path); w.Text(3, m.After); w.Flag(4, m.Long); },
            r => new List(HeadOf(r), r.Text(2), r.Text(3), r.Flag(4))),
        Request<Stat>("gw.stat", (m, w) => w.Text(2, m.Path), r => new Stat(HeadOf(r), r.Text(2))),
        Request<Inform>("gw.inform", (m, w) => w.Text(2, m.Path), r => new Inform(HeadOf(r), r.Text(2))),
        Request<ListFilesystems>("gw.fs", (_, _) => { }, r => new ListFilesystems(HeadOf(r))),
        Request<ListNodes>("gw.nodes", (_, _) => { }, r => new ListNodes(HeadOf(r))),
        Request<ListGroups>("gw.groups", (_, _) => { }, r => new ListGroups(HeadOf(r))),
        Request<ListSpaces>("gw.spaces", (_, _) => { }, r => new ListSpaces(HeadOf(r))),
        Request<AskStatistics>("gw.ns", (_, _) => { }, r => new AskStatistics(HeadOf(r))),
        Request<MoveMaster>("gw.master-move", (m, w) => w.Text(2, m.Node), r => new MoveMaster(HeadOf(r), r.Text(2))),
        Request<SetMasterFailover>("gw.master-failover", (m, w) => w.Flag(2, m.On), r => new SetMasterFailover(HeadOf(r), r.Flag(2))),
        Request<ClearMasterLog>("gw.master-clear", (_, _) => { }, r => new ClearMasterLog(HeadOf(r))),
        Request<ReadMasterLog>("gw.master-log", (_, _) => { }, r => new ReadMasterLog(HeadOf(r))),
        Request<AskVersion>("gw.version", (_, _) => { }, r => new AskVersion(HeadOf(r))),

        Reply<Done>("gw.r.done", (_, _) => { }, r => new Done(OpOf(r))),
        Reply<Refused>("gw.r.refused", (m, w) => { w.UInt(2, (ulong)m.Why); w.Text(3, m.Text); }, r => new Refused(OpOf(r), (Errno)r.UInt(2), r.Text(3))),
        Reply<Unknown>("gw.r.unknown", (m, w) => w.Text(2, m.Text), r => new Unknown(OpOf(r), r.Text(2))),
        Reply<Arranged>("gw.r.arranged", (m, w) => w.Parts(2, WorkShape, m.Work), r => new Arranged(OpOf(r), r.Parts(2, WorkShape))),
        Reply<Redirect>(
            "gw.r.redirect",
            (m, w) =>
            {
                w.Text(2, m.Host);
                w.UInt(3, (ulong)m.Port);
                w.Text(4, m.Path);
                w.Text(5, m.Capability);
                w.UInt(6, m.File.Value);
                w.Value(7, KernelShapes.Open, m.Open);
                w.UInt(8, m.Size);
                w.Filesystems(9, m.Locations);
            },
            r => new Redirect(OpOf(r), r.Text(2), (int)r.UInt(3), r.Text(4), r.Text(5), new FileId(r.UInt(6)), r.Part(7, KernelShapes.Open), r.UInt(8))
            {
                Locations = r.Filesystems(9),
            }),
        Reply<Listing>(
            "gw.r.listing", (m, w) => { w.Parts(2, EntryShape, m.Entries); w.Flag(3, m.More); }, r => new Listing(OpOf(r), r.Parts(2, EntryShape), r.Flag(3))),
        Reply<Status>(
            "gw.r.status", (m, w) => { w.Text(2, m.Path); w.Part(3, EntryShape, m.Entry); }, r => new Status(OpOf(r), r.Text(2), r.Part(3, EntryShape))),
        Reply<FileInformation>(
            "gw.r.file",
            (m, w) => { w.Text(2, m.Path); w.UInt(3, m.Parent.Value); w.Part(4, RecordShapes.File, m.File); w.Parts(5, ViewWire.Fs, m.Replicas); w.Filesystems(6, m.Unlinked); },
            r => new FileInformation(OpOf(r), r.Text(2), new DirectoryId(r.UInt(3)), r.Part(4, RecordShapes.File), r.Parts(5, ViewWire.Fs)) { Unlinked = r.Filesystems(6) }),
        Reply<DirectoryInformation>(
            "gw.r.directory",
            (m, w) => { w.Text(2, m.Path); w.Part(3, RecordShapes.Directory, m.Directory); w.UInt(4, m.Files); w.UInt(5, m.Directories); w.UInt(6, m.Bytes); w.Value(7, RecordShapes.Tree, m.Tree); },
            r => new DirectoryInformation(OpOf(r), r.Text(2), r.Part(3, RecordShapes.Directory), r.UInt(4), r.UInt(5), r.UInt(6)) { Tree = r.Part(7, RecordShapes.Tree) }),
        Reply<Filesystems>("gw.r.fs", (m, w) => w.Parts(2, ViewWire.Fs, m.Rows), r => new Filesystems(OpOf(r), r.Parts(2, ViewWire.Fs))),
        Reply<Nodes>("gw.r.nodes", (m, w) => w.Parts(2, ViewWire.Node, m.Rows), r => new Nodes(OpOf(r), r.Parts(2, ViewWire.Node))),
        Reply<Groups>("gw.r.groups", (m, w) => w.Parts(2, ViewWire.Group, m.Rows), r => new Groups(OpOf(r), r.Parts(2, ViewWire.Group))),
        Reply<Spaces>("gw.r.spaces", (m, w) => w.Parts(2, ViewWire.Space, m.Rows), r => new Spaces(OpOf(r), r.Parts(2, ViewWire.Space))),
        Reply<Statistics>(
            "gw.r.ns",
            (m, w) => { w.Part(2, NamespaceShape, m.Namespace); w.Part(3, ProcessShape, m.Process); w.Parts(4, CommandShape, m.Commands); w.Part(5, LeadershipShape, m.Leadership); w.Map(6, m.Figures); },
            r => new Statistics(OpOf(r), r.Part(2, NamespaceShape), r.Part(3, ProcessShape), r.Parts(4, CommandShape), r.Part(5, LeadershipShape)) { Figures = r.Map(6) }),
        Reply<MasterMoved>("gw.r.master-moved", (m, w) => w.Flag(2, m.WasThere), r => new MasterMoved(OpOf(r), r.Flag(2))),
        Reply<MasterLog>("gw.r.master-log", (m, w) => w.Parts(2, LineShape, m.Lines), r => new MasterLog(OpOf(r), r.Parts(2, LineShape))),
        Reply<InstanceVersion>(
            "gw.r.version",
            (m, w) => { w.Text(2, m.Instance); w.Text(3, m.ServerVersion); w.Text(4, m.Engine); },
            r => new InstanceVersion(OpOf(r), r.Text(2), r.Text(3), r.Text(4))),
    ];

    private static FsId? FsOf(FieldReader r, int field) => r.Optional(field) is { } fs ? new FsId(checked((uint)fs)) : null;
    internal static Head HeadOf(FieldReader r) => r.Part(1, HeadShape);
    internal static OpId OpOf(FieldReader r) => r.Part(1, KernelShapes.Op);

    internal static Manifest Request<T>(string name, Action<T, FieldWriter> write, Func<FieldReader, T> read) where T : class, IRequest =>
        Manifest.Of(name, (m, w) => { w.Part(1, HeadShape, m.Head); write(m, w); }, read);

    internal static Manifest Reply<T>(string name, Action<T, FieldWriter> write, Func<FieldReader, T> read) where T : class, IReply =>
        Manifest.Of(name, (m, w) => { w.Value(1, KernelShapes.Op, m.Op); write(m, w); }, read);
}
