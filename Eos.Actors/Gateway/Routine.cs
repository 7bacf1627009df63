using System.Collections.Immutable;
using Eos.Identity;
using Eos.Instance;
using Eos.Kernel;
using Eos.Master;
using Eos.Namespace;
using Eos.Services;
using Eos.Views;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>What routines need of the world. The moment is that of the request's arrival.</summary>
/// <param name="NewOp">A fresh operation id of this gateway: for queries, and for the single steps of long walks.</param>
/// <param name="Sign">Makes the text of a capability.</param>
public sealed record RoutineFacts(
    GatewaySettings Settings, PathCache Cache, Func<ViewState> View, IClock Clock, Func<OpId> NewOp, Func<Fst.Capability, string> Sign, ulong Turn)
{
    public Instant Now => Clock.Now;

    /// <summary>The gateway has just started: what it does not know may be there.</summary>
    public bool IsLearning { get; init; }

    /// <summary>The configuration of the instance, the newest that this node knows.</summary>
    public Func<InstanceState> Instance { get; init; } = () => InstanceState.Empty;

    /// <summary>Users and groups as this node has them.</summary>
    public Func<UserBook> Users { get; init; } = () => UserBook.Empty;

    /// <summary>The secret that signs tokens.</summary>
    public Func<byte[]> TokenKey { get; init; } = () => [];

    /// <summary>Where the caller is sent with what is refused here, by the rules of access; null: nowhere.</summary>
    public Func<Errno, AccessRedirect?> Elsewhere { get; init; } = _ => null;

    /// <summary>Nobody sees nothing that lies so deep or deeper.</summary>
    public int PublicAccessLevel { get; init; } = VidBook.UsualPublicAccessLevel;

    /// <summary>Who has asked this gateway lately. For the gateway's own turn, not for steps.</summary>
    public Func<ImmutableArray<SessionView>> Sessions { get; init; } = () => [];

    /// <summary>How the endpoints of routes are.</summary>
    public Func<EndpointStandings> Endpoints { get; init; } = () => EndpointStandings.None;

    public Whereabouts Whereabouts { get; init; } = new(Whereabouts.UsualShards);
}

/// <summary>
/// One request, told as a sequence of steps: reads like straight code, knows nothing of actors, and may be run against directories in memory.
/// Whoever runs it fulfils each step before asking for the next; when there is none, <see cref="Answer"/> is the answer.
/// </summary>
public abstract partial class Routine(Head head, VirtualIdentity who, RoutineFacts facts)
{
    private readonly Dictionary<DirectoryId, DirectoryRecord> _seeds = new()
    {
        [DirectoryId.Root] = new DirectoryRecord(
            DirectoryId.Root, default, default, 0x5ed, Times.At(Instant.Epoch), ImmutableSortedDictionary<string, string>.Empty),
    };

    /// <summary>The answer.</summary>
    public IFinal Answer { get; protected set; } = new Unknown(head.Op, "not finished");

    /// <summary>Fulfils <see cref="Step.TakeNumber"/>.</summary>
    public ulong Number { get; set; }

    /// <summary>Fulfils <see cref="Step.AskMaster"/>.</summary>
    public MasterProtocol.IReply? MasterAnswer { get; set; }

    /// <summary>Fulfils <see cref="Step.AskGateway"/>.</summary>
    internal GatewaySignals.Told? GatewayAnswer { get; set; }

    /// <summary>Fulfils <see cref="Step.AskNumbers"/>: all up to there are reserved.</summary>
    public IdProtocol.Reserved? NumbersAnswer { get; set; }

    /// <summary>Fulfils <see cref="Step.AskNodes"/>.</summary>
    public ImmutableArray<INodeReply> NodeAnswers { get; set; } = [];

    /// <summary>Fulfils <see cref="Step.AskInstance"/>.</summary>
    public InstanceProtocol.IReply? InstanceAnswer { get; set; }
    /// <summary>Fulfils <see cref="Step.AskMover"/>.</summary>
    public MoverProtocol.IReply? MoverAnswer { get; set; }

    /// <summary>Fulfils <see cref="Step.ReadRows"/>; null: the instance keeps no rows.</summary>
    public Kv.SystemProtocol.IndexRows? Rows { get; set; }

    private Caller? _caller;

    /// <summary>All that is to be done, in order.</summary>
    public IEnumerable<Step> Steps()
    {
        foreach (var step in Run()) yield return step;
        while (_wanted is { } number)
        {
            _wanted = null;
            foreach (var step in FindByNumber(number)) yield return step;
            if (Answer is Refused) yield break;
            foreach (var step in Run()) yield return step;
        }
    }

    /// <summary>What this request is to do, once its paths are known: <see cref="Steps"/> runs it.</summary>
    public abstract IEnumerable<Step> Run();

    protected OpId Op => head.Op;
    protected VirtualIdentity Who => who;
    protected RoutineFacts Facts => facts;

    /// <summary>Who asks, with what spaces say of the rules in directories.</summary>
    protected Caller Caller => _caller ??= facts.View().Configuration.SpaceRules(facts.Settings.Usual.Space) is { IsEmpty: false } rules ? who.Caller with { SpaceRules = rules } : who.Caller;

    /// <summary>This request's operation, for changes that must happen once.</summary>
    protected DirectoryProtocol.Call Call => new(head.Op, head.AnsweredBelow, Caller);

    /// <summary>A step of a walk: safe to do again, so it needs no memory beyond this gateway's.</summary>
    protected DirectoryProtocol.Call FreshCall => new(facts.NewOp(), 0, Caller);

    protected void Refuse(Errno why, string text) => Answer = new Refused(head.Op, why, text);

    protected void Refuse(Refusal refusal) => Refuse(refusal.Why, refusal.Text);

    protected void Refuse(Refusal refusal, EosPath path) => Refuse(refusal.Why, $"{path}: {refusal.Text}");

    /// <summary>Hands a directory's refusal on; anything else that was not hoped for is stale or gone.</summary>
    protected void Refuse(DirectoryProtocol.IReply? reply, EosPath path) => Refuse(RefusalOf(reply, path.ToString()));

    /// <inheritdoc cref="Refuse(DirectoryProtocol.IReply?, EosPath)"/>
    protected static Refusal RefusalOf(DirectoryProtocol.IReply? reply, string path) => reply is DirectoryProtocol.Refused refused
        ? new Refusal(refused.Why, $"{path}: {refused.Text}")
        : new Refusal(Errno.NoEntry, $"{path}: no such file or directory");

    /// <summary>Changes the configuration of the instance. What became of it is <see cref="InstanceAnswer"/>; if it is not so, that is also the answer.</summary>
    protected IEnumerable<Step> Alter(Func<InstanceState, Revision> revise)
    {
        yield return new Step.AskInstance(new InstanceProtocol.Change(Op, revise));
        if (InstanceAnswer is InstanceProtocol.NotChanged not) Refuse(not.Refusal);
        else if (InstanceAnswer is InstanceProtocol.NotKnown unknown) Answer = new Unknown(Op, unknown.Why);
    }

    /// <summary>
    /// The path that is meant, or a refusal as the result. A text like `fid:12` is no path yet: the routine ends, the path is looked for, and the routine is begun again;
    /// so paths are read before anything else is done.
    /// </summary>
    protected EosPath? Parse(string text)
    {
        if (EntryNumber.IsOne(text)) return OfNumber(text);
        var (path, refusal) = EosPath.Parse(PathMap.Apply(facts.Instance(), text));
        if (refusal is not null) Refuse(refusal);
        if (path is null || !IsOpen(path)) return null;
        if (PathRoute.Find(facts.Instance(), facts.Endpoints(), path.ToString()) is not { } route) return path;
        Answer = new Elsewhere(head.Op, path.ToString(), route.Host, route.Port, route.HttpPort);
        return null;
    }

    /// <summary>Whether the caller may look there at all; else that is the result.</summary>
    private bool IsOpen(EosPath path)
    {
        if (PathLimits.Check(who, path, facts.PublicAccessLevel) is not { } limit) return true;
        Refuse(limit);
        return false;
    }

    /// <summary>The path of what can only be a file, or a refusal as the result.</summary>
    protected EosPath? ParseFile(string text)
    {
        var path = Parse(text);
        if (path is not { IsRoot: true }) return path;
        Refuse(Errno.IsADirectory, "/: is a directory");
        return null;
    }

    /// <summary>Asks one directory. If it was never begun and its seed is known, it is begun and asked again.</summary>
    /// <param name="patience">After this time it goes without an answer; null: never.</param>
    protected IEnumerable<Step> Ask(Question question, TimeSpan? patience = null)
    {
        yield return new Step.AskAll([question], patience);
        if (question.Answer is DirectoryProtocol.Unborn && _seeds.TryGetValue(question.Message.Directory, out var seed))
        {
            yield return new Step.AskAll([Question.Of(new DirectoryProtocol.Begin(seed.Id, FreshCall, seed))]);
            question.Answer = null;
            yield return new Step.AskAll([question]);
        }
        var self = (question.Answer as DirectoryProtocol.Found)?.Self ?? (question.Answer as DirectoryProtocol.Page)?.Self;
        if (self is not null && LearnLink(self) is { } learn)
            foreach (var step in learn) yield return step;
    }

    /// <summary>What a directory says of itself and of one name.</summary>
    protected Question Look(DirectoryId directory, string name, OpId? earlier = null) =>
        Question.Of(new DirectoryProtocol.Lookup(directory, facts.NewOp(), name, earlier));

    /// <summary>Remembers what entries and records say, for this routine and for others.</summary>
    protected void Learn(DirectoryId parent, ChildEntry child)
    {
        _seeds[child.Id] = child.Seed;
        facts.Cache.Remember(parent, child, facts.Now);
    }
}
