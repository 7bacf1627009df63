using System.Collections.Immutable;
using Eos.Fst;
using Eos.Gateway;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Views;
using static Eos.Gateway.GatewayProtocol;
using IndexOp = Eos.Kv.SystemProtocol.IndexOp;

namespace Eos.Tests.Support;

/// <summary>Directories without actors, and a gateway that runs routines against them. Steps may be cut short, as by a crash.</summary>
public sealed partial class NamespaceInMemory : IClock
{
    private readonly Dictionary<DirectoryId, DirectoryState> _directories = [];
    private PathCache _cache = NewCache();
    private readonly OpSource _ops = new(new Guid("00000000-0000-0000-0000-00000000000a"));
    private readonly IndexInMemory _rows = new();
    private readonly MoverInMemory _mover = new();
    private ulong _number = 1;
    private ViewState _view = ViewState.Empty;
    private ulong _client = 1;
    private ulong _reports;

    public NamespaceInMemory()
    {
        AddFilesystem(1);
        Must(h => new MakeDirectory(h, "/eos/dev", true, 0x5ff));
    }

    public bool IsLearning { get; set; }

    /// <summary>Users and groups of the gateway's node.</summary>
    public UserBook Users { get; set; } = UserBook.Empty;

    public Instant Now { get; set; } = new(1_700_000_000_000_000_000);
    public InstanceInMemory Instance { get; } = new();

    /// <summary>With what the instance has configured.</summary>
    public ViewState View
    {
        get => _view.Apply(ViewConfiguration.Of(Instance.State));
        set => _view = value;
    }

    public List<IForDirectory> Told { get; } = [];

    /// <summary>What filesystems were ordered.</summary>
    public List<FstProtocol.IOrder> Ordered { get; } = [];

    /// <summary>What nodes answer to a question that goes to all of them.</summary>
    public Func<object, IEnumerable<INodeReply>> Nodes { get; set; } = _ => [];

    /// <summary>How often something was asked and waited for.</summary>
    public int Rounds { get; private set; }

    /// <summary>Directories that answer nobody who has no patience.</summary>
    public HashSet<DirectoryId> Silent { get; } = [];

    /// <summary>A node `node1` and so on with one filesystem of the group default.0.</summary>
    public void AddFilesystem(uint number) => View = View.Apply(
        new FstProtocol.FsReport(
            new FstProtocol.FsIdentity(new FsId(number), "uuid", $"node{number}", 8001, "/disk", "default", "default.0", "here"),
            FstProtocol.ConfigStatus.ReadWrite,
            new FstProtocol.FsHealth(FstProtocol.BootStatus.Booted, Errno.None, ""),
            new FstProtocol.FsUsage(1000, 1000, 0, 100, 100, 0),
            FstProtocol.FsLoad.Idle,
            1,
            ++_reports,
            Now),
        Now);

    public Head Head(uint uid = 0) => new(new OpId(new Guid("00000000-0000-0000-0000-0000000000c1"), _client++), 0, new Claim(uid, uid, "u", "h", "test"));

    public IFinal Do(Func<Head, IRequest> request, uint uid = 0) => Do(request(Head(uid)));

    public Done Must(Func<Head, IRequest> request, uint uid = 0) => Assert.IsType<Done>(Do(request, uid));

    public Errno Refusal(Func<Head, IRequest> request, uint uid = 0) => Assert.IsType<Refused>(Do(request, uid)).Why;

    public DirectoryState State(DirectoryId id) => _directories.GetValueOrDefault(id) ?? DirectoryState.Unborn;

    /// <summary>Runs the request; after <paramref name="messages"/> messages to directories it stops for ever, and the answer is null.</summary>
    public IFinal? DoUntil(IRequest request, int messages)
    {
        var routine = RoutineOf(request);
        var walk = new List<Eos.Gateway.Question>();
        foreach (var step in routine.Steps())
        {
            switch (step)
            {
                case Step.AskAll all:
                    Rounds++;
                    foreach (var question in all.Questions)
                    {
                        if (messages-- == 0) return null;
                        if (all.Patience is not null && Silent.Contains(question.Message.Directory)) continue;
                        question.Answer = (DirectoryProtocol.IReply)Tell(question.Message)!;
                        if (question.Answer is DirectoryProtocol.Unknown) return new Unknown(request.Head.Op, "");
                    }
                    break;
                case Step.AskMover ask:
                    while ((routine.MoverAnswer = _mover.Answer(ask.Request)) is null)
                    {
                        if (messages-- == 0) return null;
                        if (!_mover.Step(Tell)) return new Unknown(request.Head.Op, "");
                    }
                    break;
                case Step.AskInstance ask: routine.InstanceAnswer = Instance.Answer(ask.Request, Now); break;
                case Step.ReadRows read: routine.Rows = _rows.Scan(read.Index, read.Prefix, read.After, read.Most); break;
                case Step.TakeNumber: routine.Number = ++_number; break;
                case Step.Order order: Ordered.AddRange(order.Orders); break;
                case Step.AskNodes ask: routine.NodeAnswers = [.. Nodes(ask.Message)]; break;
                case Step.AwaitAny when messages-- == 0: return null;
                default: Follow(step, walk); break;
            }
        }
        foreach (var sent in walk) Tell(sent.Message); // whether anybody waits or not
        return routine.Answer;
    }

    private Routine RoutineOf(IRequest request)
    {
        var (claim, book) = (request.Head.Claim, VidBook.Of(Instance.State.Section(VidBook.Section)));
        var who = Mapping.Map(new Credentials(Proof.ClusterKey, claim.Uid, claim.Gid, claim.Name, claim.Host, claim.App) { RoleUid = claim.RoleUid, RoleGid = claim.RoleGid, Token = claim.Token }, book, Users,
            text => SignedToken.Open(text, [], TokenRules.GenerationOf(View.Configuration), Now)).Who;
        return Routes.Of(request, who, Facts with { PublicAccessLevel = book.PublicAccessLevel })!;
    }

    public IFinal Do(IRequest request) => DoUntil(request, int.MaxValue)!;

    public object? Tell(IForDirectory message)
    {
        Told.Add(message);
        var facts = new Facts(Now, DirectoryModel.Settings);
        var decision = DirectoryRules.Decide(State(message.Directory), message, facts);
        Follow(message.Directory, decision);
        Carry(message.Directory, decision, facts);
        return decision.Reply;
    }

    private void Carry(DirectoryId from, Decision decision, Facts facts)
    {
        foreach (var effect in decision.Effects.OfType<Effect.Tell>())
        {
            var state = State(from);
            var heard = Tell(effect.Command) switch
            {
                DirectoryProtocol.MoveDecided answer => MoveRules.Decided(state, answer, facts),
                DirectoryProtocol.RemovalDecided answer => RemovalRules.Decided(state, answer, facts),
                DirectoryProtocol.IReply answer => HandoverRules.Heard(state, answer, facts),
                _ => Decision.Nothing,
            };
            Follow(from, heard);
            Carry(from, heard, facts);
        }
    }

    /// <summary>Puts a directory into a state that no rule made, and its rows with it or not.</summary>
    public void Damage(DirectoryId id, Func<DirectoryState, DirectoryState> damage) => _directories[id] = damage(State(id));

    /// <summary>Changes rows that no event changed.</summary>
    public void DamageRows(DirectoryId owner, IndexOp change) => _rows.Apply(owner, [change]);

    /// <summary>Uploads a file as a filesystem would.</summary>
    public void Put(string path, uint uid = 0, ulong size = 3, uint? versions = null) =>
        Assert.IsType<FstProtocol.Committed>(Commit(Assert.IsType<Redirect>(Do(h => new OpenWrite(h, path, size, true, null) { Options = versions is { } n ? NoOptions.SetItem("eos.versioning", $"{n}") : NoOptions }, uid)), size));

    /// <summary>What a filesystem says at the end of an upload, and the answer.</summary>
    public object? Commit(Redirect redirect, ulong size)
    {
        var capability = SignedCapability.Open(redirect.Capability, new CapabilityKeys(Key, null), Now).Capability!;
        var commit = new FstProtocol.CommitFile(
            capability.Directory, _ops.Next(), capability.Open, capability.File, size, new Checksum(ChecksumType.Adler32, "0"), capability.Locations, Now);
        return Tell(commit);
    }

    public IReadOnlyList<string> Ls(string path, uint uid = 0) =>
        [.. Assert.IsType<Listing>(Do(h => new List(h, path, "", true), uid)).Entries.Select(e => e.Name)];

    private static CapabilityKey Key { get; } = new(1, [.. new byte[32]]);

    private void Follow(DirectoryId id, Decision decision)
    {
        foreach (var e in TotalsRules.Marked(State(id), decision, Now).Events)
        {
            var before = State(id);
            _directories[id] = before.Apply(e);
            _rows.Apply(id, IndexRules.Changes(before, e, _directories[id]));
        }
    }
}
