using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Eos.Client;
using Eos.Fst;
using Eos.Gateway;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Views;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit.Cli;

/// <summary>A gateway in memory, enough to see what the command line asks and how it prints the answers. Files have no bytes.</summary>
internal sealed class FakeGateway : IGatewayLink
{
    public static readonly Instant Then = new(1_700_000_000_123_456_789);

    private static readonly ViewSums Sums = new(1, 1) { Used = 100_000, Capacity = 1_000_000, CapacityRw = 1_000_000, FreeRw = 900_000 };

    private readonly SortedDictionary<string, Entry> _tree = new(StringComparer.Ordinal);
    private ulong _nextId = 1;

    public FakeGateway() => Directory("/").Directory("/eos").Directory("/eos/dev");

    public TransferSettings Transfer { get; } = TransferSettings.From(new Settings(Settings.Reference, "eos.client.transfer"));

    /// <summary>Every request in the order of asking.</summary>
    public List<IRequest> Asked { get; } = [];

    /// <summary>What `ns compact status` answers.</summary>
    public string Compaction { get; set; } = "status=off waitstart=0 interval=0 ratio=1.0:1";

    public int PageSize { get; init; } = 3;

    public FakeGateway Directory(string path) => Put(path, EntryKind.Directory, 0);

    public FakeGateway File(string path, ulong size) => Put(path, EntryKind.File, size);

    public bool Has(string path) => _tree.ContainsKey(path);

    public async IAsyncEnumerable<IReply> AskAsync(IRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.CompletedTask;
        List<IReply> replies;
        lock (_tree) replies = [.. Replies(request)];   // commands may ask several things at once
        foreach (var reply in replies) yield return reply;
    }

    private IEnumerable<IReply> Replies(IRequest request)
    {
        Asked.Add(request);
        if (request is Find find)
        {
            foreach (var row in Rows(find)) yield return new TreePart(request.Head.Op, request.Head.Op, 1, row.Path, 0, 0, [row], Fault is null ? [] : [Fault]);
            yield return new TreeDone(request.Head.Op, 2, 1, 0, Errno.None);
            yield break;
        }
        if (request is RemoveTree) yield return new TreePart(request.Head.Op, default, 1, "", 2, 1, [], []);
        yield return Answer(request, request.Head.Op);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private IReply Answer(IRequest request, OpId op)
    {
        switch (request)
        {
            case IOwnershipRequest { Recursive: true }: return new TreeDone(op, 2, 1, 0, Errno.None);
            case MakeDirectory m when _tree.ContainsKey(m.Path) && !m.Parents: return new Refused(op, Errno.Exists, $"{m.Path} exists");
            case MakeDirectory m: Directory(m.Path); return new Done(op);
            case List l when Find(l.Path) is { Kind: EntryKind.File } file: return new Listing(op, [file], false);
            case List l when Find(l.Path) is not null: return Page(op, l);
            case Stat s when Find(s.Path) is { } entry: return new Status(op, s.Path, entry);
            case Inform i when Find(i.Path) is { } entry: return Information(op, i.Path, entry);
            case RemoveFile r when Find(r.Path) is { Kind: EntryKind.Directory }: return new Refused(op, Errno.IsADirectory, $"{r.Path} is a directory");
            case RemoveFile r when _tree.Remove(r.Path): return new Done(op);
            case RemoveDirectory r when _tree.Remove(r.Path): return new Done(op);
            case RemoveTree: return new TreeDone(op, 2, 1, 0, Errno.None);
            case Rename or RenameWithLink or MakeLink or TouchFile or TagPlace: return new Done(op);
            case ListFilesystems: return new Filesystems(op, [Filesystem]);
            case ListNodes: return new Nodes(op, [new NodeView("node1:8001", "node1", 8001, "here", Activity.Online, TimeSpan.FromSeconds(2), Sums, NoOptions)]);
            case ListGroups: return new Groups(op, [new GroupView("default.0", "on", Sums)]);
            case ListSpaces: return new Spaces(op, [new SpaceView("default", 1, Sums, NoOptions)]);
            case AskVersion: return new InstanceVersion(op, "eosdev", "0.1.0+abc", "embedded");
            case Administer { Noun: "whoami", Head.Claim: var me }:
                var (uid, gid) = (me.RoleUid ?? me.Uid, me.RoleGid ?? me.Gid);
                return new Report(op, [AdminRecord.Empty.Add("uid", uid).Add("gid", gid)], [$"Virtual Identity: uid={uid} gid={gid}"]);
            case Administer { Noun: "token" }: return new Report(op, [], ["zteos64:abc="]);
            case Administer { Noun: "fs", Verb: "dumpmd", Arguments: ["1"] }: return new Report(op, [], ["path=/eos/dev/a", "path=/eos/dev/b"]);
            case Administer { Noun: "fs", Verb: "dumpmd" }: return new Report(op, [], ["path=/eos/dev/b", "path=/eos/dev/c"]);
            case Administer { Noun: "fs", Verb: "dropfiles" }: return new Report(op, [], ["success: dropped stripe on fs=1 path=/eos/dev/a", "error: /eos/dev/b: the last replica"]);
            case Administer { Noun: "fs" } fs: return new Report(op, [], [$"{fs.Verb} {string.Join(' ', fs.Arguments)} {string.Join(' ', fs.Options.Keys)}".Trim()]);
            case Administer { Noun: "ns", Verb: "compact status" }: return new Report(op, [], [Compaction]);
            case Administer { Noun: "ns", Verb: "stat" }:
                return new Report(
                    op,
                    [
                        AdminRecord.Empty.Add("uid", "all").Add("gid", "all").Add("total.exec.avg", 0.5).Add("total.exec.sigma", 0.25),
                        Counted("uid", "all").Add("exec", 0.5).Add("execsig", 0.25).Add("exec99", 1.5).Add("execmax", 2.0).Add("cumulexecms", 3.5),
                        Counted("uid", "0"),
                        AdminRecord.Empty.Add("uid", 7ul).Add("threads", 2ul).Add("sessions", 1ul).Add("limit", 2ul).Add("stalls", 3ul).Add("stalltime", 20ul).Add("status", "user-LIMIT"),
                    ],
                    []);
            case Administer { Noun: "ns" or "debug" or "rtlog" or "config" or "map" or "route" } ns: return new Report(op, [], [$"{ns.Verb} {string.Join(' ', ns.Arguments)} {string.Join(' ', ns.Options.Select(o => $"{o.Key}={o.Value}"))}".Trim()]);
            case AskStatistics:
                return new Statistics(
                    op, new NamespaceCounts(12, 3, new FileId(1000), new DirectoryId(2000)),
                    new ProcessCounts(TimeSpan.FromSeconds(61), TimeSpan.FromMilliseconds(1500), 50_000_000, 2_000_000_000, 20, 90),
                    [new CommandCounts("Stat", 7, [1, 2, 3, 4], 0.5, 0.25, 1.5, 2)],
                    new Leadership("node1:2552", "node1:2552", ["node2:2552", "node3:2552"], "node2:2552", ["node1:2552", "node3:2552"]));
            case MoveMaster m: return new MasterMoved(op, m.Node == "node1");
            case SetMasterFailover or ClearMasterLog: return new Done(op);
            case IOwnershipRequest or FoldAttributes or DropReplica: return new Done(op);
            case ReadAttributes r when Find(r.Path) is { } entry:
                var tagged = ImmutableSortedDictionary<string, string>.Empty.Add("user.tag", "a b");
                return new AttributeList(op, r.Path, entry.Kind == EntryKind.Directory ? tagged.Add("sys.forced.space", "default") : tagged);
            case ReadAcl r when Find(r.Path) is { } entry: return new AclListing(op, r.Path, entry.Kind == EntryKind.Directory ? "u:ann:rwx,z:r" : "", entry.Name == "both" ? "g:zp:r" : "");
            case AdjustReplicas: return new Arranged(op, [new ReplicaWork(ReplicaDeed.Make, new FsId(2), new FsId(1)), new ReplicaWork(ReplicaDeed.Drop, new FsId(3), null)]);
            case CopyReplica c: return new Arranged(op, [new ReplicaWork(c.Moves ? ReplicaDeed.Move : ReplicaDeed.Make, c.Target, c.Source)]);
            case ChangeLayout: return new Done(op);
            case VerifyReplicas v: return new Arranged(op, [new ReplicaWork(ReplicaDeed.Verify, v.Fs ?? new FsId(1), null)]);
            case ReadMasterLog: return new MasterLog(op, ["2026-01-02 03:04:05 node1:2552 boots", "2026-01-02 03:04:06 node1:2552 takes the role with token 7"]);
            default: return new Refused(op, Errno.NoEntry, $"{request.GetType().Name}: no such file or directory");
        }
    }

    /// <summary>What each find reports beside its rows.</summary>
    public TreeFault? Fault { get; init; }

    private IEnumerable<TreeRow> Rows(Find find) => find.Query.Detail == FindDetail.Counts ? [] : _tree
        .Where(e => (e.Key + "/").StartsWith(find.Path + "/", StringComparison.Ordinal) && (e.Value.Kind == EntryKind.Directory ? find.Query.Directories : find.Query.Files))
        .Select(e => Information(find.Head.Op, e.Key, e.Value) switch
        {
            FileInformation file => new TreeRow(e.Key, EntryKind.File, "") { File = file.File, Parent = file.Parent },
            var found => new TreeRow(e.Key, EntryKind.Directory, "") { Directory = ((DirectoryInformation)found).Directory, Tree = new TreeCounts(7, 3, 123, Then) },
        });

    private static AdminRecord Counted(string key, string value) => AdminRecord.Empty.Add(key, value).Add("gid", "all").Add("cmd", "Stat")
        .Add("total", 7ul).Add("5s", 1ul).Add("60s", 2ul).Add("300s", 3ul).Add("3600s", 4ul);

    private Listing Page(OpId op, List list)
    {
        var prefix = list.Path.TrimEnd('/') + "/";
        var names = _tree.Where(e => e.Key.StartsWith(prefix, StringComparison.Ordinal) && e.Key.Length > prefix.Length && !e.Key[prefix.Length..].Contains('/'))
            .Select(e => e.Value).Where(e => string.CompareOrdinal(e.Name, list.After) > 0).ToList();
        return new Listing(op, [.. names.Take(PageSize)], names.Count > PageSize);
    }

    private static IFinal Information(OpId op, string path, Entry entry) => entry.Kind == EntryKind.File
        ? new FileInformation(
            op, path, new DirectoryId(3),
            new FileRecord(
                new FileId(entry.Id), new OpenId(op), entry.Attributes.Owner, entry.Attributes.Mode, entry.Attributes.Times,
                new Content(entry.Size, entry.Checksum, LayoutId.Of(LayoutType.Replica, 1, ChecksumType.Adler32), [new FsId(1)]),
                ImmutableSortedDictionary<string, string>.Empty.Add("user.tag", "a b")),
            [Filesystem])
        : new DirectoryInformation(
            op, path,
            new DirectoryRecord(
                new DirectoryId(entry.Id), DirectoryId.Root, entry.Attributes.Owner, entry.Attributes.Mode, entry.Attributes.Times,
                ImmutableSortedDictionary<string, string>.Empty.Add("sys.forced.space", "default").Add("user.tag", "a b")),
            4, 2, 99) { Tree = new TreeCounts(40, 20, 990, Then) };

    private static FsView Filesystem => new(
        new FstProtocol.FsReport(
            new FstProtocol.FsIdentity(new FsId(1), "uuid-1", "node1", 8001, "/data/fst/1", "default", "default.0", "here"),
            FstProtocol.ConfigStatus.ReadWrite, new FstProtocol.FsHealth(FstProtocol.BootStatus.Booted, Errno.None, ""),
            new FstProtocol.FsUsage(1000, 750, 10, 500, 400, 3), FstProtocol.FsLoad.Idle, 1, 1, Then),
        Activity.Online);

    private Entry? Find(string path) => _tree.GetValueOrDefault(path.Length > 1 ? path.TrimEnd('/') : path);

    private FakeGateway Put(string path, EntryKind kind, ulong size)
    {
        var directory = kind == EntryKind.Directory;
        _tree[path] = new Entry(
            path[(path.LastIndexOf('/') + 1)..], kind, _nextId++,
            new EntryAttributes(directory ? 0x1edu : 0x1a4u, new Owner(4001, 5001), Times.At(Then), false), size, 1,
            directory ? Checksum.None : new Checksum(ChecksumType.Adler32, "00000001"));
        return this;
    }
}
