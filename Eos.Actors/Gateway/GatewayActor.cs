using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using Eos.Fst;
using Eos.Identity;
using Eos.Instance;
using Eos.Journal;
using Eos.Kernel;
using Eos.Master;
using Eos.Namespace;
using Eos.Services;
using Eos.Views;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>What a gateway needs of the node that it runs on.</summary>
/// <param name="Directories">Where messages for directories go: the shard region.</param>
/// <param name="Numbers">The allocator.</param>
/// <param name="Master">This node's master actor; nobody where the instance has none.</param>
/// <param name="Keys">The key that signs capabilities; asked each time, because keys change.</param>
public sealed record GatewayParts(IActorRef Directories, IActorRef Numbers, IActorRef Views, IActorRef Master, GatewaySettings Settings, IClock Clock, Func<CapabilityKey> Keys)
{
    /// <summary>This node's actor of the configuration; nobody: there is none, and nothing is configured.</summary>
    public IActorRef Instance { get; init; } = ActorRefs.Nobody;

    /// <summary>Where the living nodes of the cluster are, this one too.</summary>
    public Func<ImmutableArray<Address>> Nodes { get; init; } = () => [];
    /// <summary>Who moves directories.</summary>
    public IActorRef Mover { get; init; } = ActorRefs.Nobody;

    /// <summary>How this node's requests to the group fare.</summary>
    public Func<GroupFigures.Reading> Group { get; init; } = () => default;

    /// <summary>Where rows of indexes are read; null: the instance keeps none.</summary>
    public KvClient? Rows { get; init; }

    /// <summary>Where directories were heard from.</summary>
    public Whereabouts Whereabouts { get; init; } = new(Whereabouts.UsualShards);

    /// <summary>Directories of this node that are awake.</summary>
    public AwakeDirectories Awake { get; init; } = new();
}

/// <summary>The door of one node: admits requests, runs each in a worker of its own, answers by itself what needs no directory.</summary>
public sealed partial class GatewayActor : ReceiveActor, IWithTimers
{
    private const int MaxSessions = 100_000;
    private readonly GatewayParts _parts;
    private readonly PathCache _cache;
    private readonly OpSource _ops = OpSource.Fresh();
    private readonly Admission<(IRequest Request, IActorRef Client)> _admission;
    private readonly Dictionary<OpId, IActorRef> _workers = [];
    private readonly Dictionary<OpId, Caller> _callers = [];
    private readonly Dictionary<IdProtocol.Counter, (NumberStock Stock, Queue<IActorRef> Wanting)> _numbers;
    private readonly Sessions _sessions = new(MaxSessions);
    private readonly CommandStatistics _statistics = new();
    private readonly Instant _begun;
    private readonly Queue<string> _toMake;
    private ViewState _view = ViewState.Empty;
    private bool _hasView;
    private InstanceState? _instance;
    private UserBook? _users;
    private readonly RateWatch _rates = new();
    private readonly StallBook _stalls = new(MaxSessions);
    private VidBook _vid = VidBook.Usual;
    private AccessBook _access = AccessBook.Empty;
    private MasterProtocol.Standing _standing = MasterProtocol.Standing.Unknown;
    private EndpointStandings _endpoints = EndpointStandings.None;
    private TimeSpan _bootTime;
    private ulong _turn;

    public GatewayActor(GatewayParts parts)
    {
        var settings = parts.Settings;
        (_parts, _begun, _instance) = (parts, parts.Clock.Now, parts.Instance.IsNobody() ? InstanceState.Empty : null);
        _cache = new PathCache(settings.PathCacheTtl, settings.PathCacheGrace, settings.PathCacheSize);
        _admission = new Admission<(IRequest, IActorRef)>(settings.MaxRequests, settings.MaxRequestsPerClient, settings.MaxWaiting);
        _numbers = Enum.GetValues<IdProtocol.Counter>()
            .ToDictionary(c => c, _ => (new NumberStock((uint)settings.IdBlock), new Queue<IActorRef>()));
        _toMake = new Queue<string>(["/eos", $"/eos/{settings.Instance}"]);

        Receive<IRequest>(_ => IsServing, Hear);
        Receive<IRequest>(_ => { }); // not ready: the client repeats
        Receive<Acknowledge>(a =>
        {
            if (_workers.TryGetValue(a.Op, out var worker)) worker.Forward(a);
        });
        Receive<Abandon>(a =>
        {
            if (_workers.TryGetValue(a.Op, out var worker)) worker.Tell(a);
            else _admission.Forget(a.Op);
        });
        Receive<ViewProtocol.Published>(p =>
        {
            Volatile.Write(ref _view, p.View.AtLeast(_view.Configuration));
            _hasView = true;
        });
        Receive<InstanceProtocol.Published>(p =>
        {
            Volatile.Write(ref _instance, p.State);
            Volatile.Write(ref _view, _view.AtLeast(ViewConfiguration.Of(p.State)));   // whoever changed it sees it with the next request
            _vid = VidBook.Of(p.State.Section(VidBook.Section));
            _access = AccessBook.Of(p.State);
            foreach (var (counter, (stock, _)) in _numbers) stock.Reserved = ReservedIds.Of(p.State, counter);
        });
        Receive<UserBook>(users => Volatile.Write(ref _users, users));
        Receive<GatewaySignals.ReadUsers>(_ => UserFiles.ReadAsync().PipeTo(Self));
        Receive<MasterProtocol.Standing>(s => _standing = s);
        Receive<EndpointStandings>(s => Volatile.Write(ref _endpoints, s));
        Receive<IdProtocol.BlockTaken>(Stock);
        Receive<UpkeepProtocol.Forget>(_ => _cache.Clear());
        Receive<UpkeepProtocol.ReadUsers>(_ => UserFiles.ReadAsync().PipeTo(Self));
        Receive<UpkeepProtocol.Remember>(m => _cache.Resize((int)m.Most));
        Receive<GatewaySignals.IWish>(wish => Sender.Tell(Fulfil(wish)));
        Receive<GatewaySignals.TakeNumber>(t => Hand(t.Counter, Sender));
        Receive<GatewaySignals.Finished>(Finished);
        Receive<GatewaySignals.Repeat>(_ => Fetch());
        Receive<GatewaySignals.NodeGone>(gone =>
        {
            Fetch();
            foreach (var worker in _workers.Values) worker.Tell(gone);
        });
        Receive<GatewaySignals.AreYouServing>(_ => Sender.Tell(new GatewaySignals.Serves(IsServing)));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>
    /// Not before a first view: without one every upload would be told that there is no filesystem. Not before the configuration: without it paths would mean something else.
    /// </summary>
    private bool IsServing => _toMake.Count == 0 && _hasView && _instance is not null && _users is not null;

    public static Props Props(GatewayParts parts) => Akka.Actor.Props.Create(() => new GatewayActor(parts));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer("fetch", new GatewaySignals.Repeat(), _parts.Settings.RetryInterval);
        Timers.StartPeriodicTimer("users", new GatewaySignals.ReadUsers(), TimeSpan.Zero, _parts.Settings.UsersRefresh);
        Context.System.EventStream.Subscribe(Self, typeof(UpkeepProtocol.IToGateway));
        Context.System.EventStream.Subscribe(Self, typeof(EndpointStandings));
        _parts.Views.Tell(new ViewProtocol.Subscribe());
        _parts.Instance.Tell(new InstanceProtocol.Subscribe());
        _parts.Master.Tell(new MasterProtocol.Follow());
        Fetch();
        MakeNext();
    }

    private void Hear(IRequest request)
    {
        var op = request.Head.Op;
        if (_workers.TryGetValue(op, out var worker)) worker.Tell(new GatewaySignals.AskedAgain(Sender));
        else if (_admission.Enter(op, Sender, (request, Sender))) Begin(request, Sender);
    }

    private void Begin(IRequest request, IActorRef client)
    {
        var begun = _parts.Clock.Now;
        var (who, refusal) = Identify(request.Head.Claim);
        if (refusal is not null)
        {
            client.Tell(new Refused(request.Head.Op, refusal.Why, refusal.Text));
            Finished(new GatewaySignals.Finished(request.Head.Op, Routes.NameOf(request), TimeSpan.Zero, false));
            return;
        }
        if (_toMake.Count == 0) _sessions.Heard(who, begun);
        if (Judge(request, who, begun) is { } verdict)
        {
            client.Tell(verdict);
            if (verdict is Stalled stalled) _stalls.Add(who.Uid, stalled.Pause, begun);
            Finished(new GatewaySignals.Finished(request.Head.Op, verdict is Stalled ? "Stall" : "Redirect", TimeSpan.Zero, false));
            return;
        }
        _callers[request.Head.Op] = who.Caller;
        Note(request, who);
        var access = _access;
        var facts = new RoutineFacts(
            _parts.Settings, _cache, () => Volatile.Read(ref _view), _parts.Clock, _ops.Next, c => SignedCapability.Sign(c, _parts.Keys()), ++_turn)
        {
            IsLearning = _parts.Clock.Now - _begun < _parts.Settings.Learning,
            Instance = () => Volatile.Read(ref _instance) ?? InstanceState.Empty,
            Users = () => Volatile.Read(ref _users) ?? UserBook.Empty,
            Sessions = () => _sessions.Read(begun),
            TokenKey = () => TokenRules.KeyOf(_parts.Keys()),
            PublicAccessLevel = _vid.PublicAccessLevel,
            Elsewhere = request is ILook ? why => AccessJudge.After(access, who, why) : _ => null,
            Endpoints = () => Volatile.Read(ref _endpoints),
            Whereabouts = _parts.Whereabouts,
        };
        if (Routes.Of(request, who, facts) is { } routine)
        {
            var (op, name) = (request.Head.Op, Routes.NameOf(request));
            _workers[op] = Context.ActorOf(RequestWorker.Props(routine, op, name, client, _parts, facts));
            return;
        }
        client.Tell(AnswerFromHere(request, who));
        Finished(new GatewaySignals.Finished(request.Head.Op, Routes.NameOf(request), _parts.Clock.Now - begun, true));
    }

    /// <summary>What the rules of access say before anything else; null: the request is let in.</summary>
    private IReply? Judge(IRequest request, VirtualIdentity who, Instant now)
    {
        if (_access.IsEmpty || _toMake.Count > 0) return null;
        var (op, name, uid) = (request.Head.Op, Routes.NameOf(request), who.Uid);
        var rates = _access.HasLimits ? _rates.Count(uid, who.Gid, name, now.Seconds) : default;
        var running = _access.HasLimits ? _callers.Values.Count(c => c.Uid == uid) : 0;
        var question = new AccessQuestion(who, name, request is not ILook, running, _callers.Count, rates, _users ?? UserBook.Empty, (double)(_turn++ * 7 % 64) / 64);
        return AccessJudge.Of(_access, question) switch
        {
            AccessVerdict.Stall stall => new Stalled(op, stall.Pause, stall.Text),
            AccessVerdict.No no => new Refused(op, no.Why.Why, no.Why.Text),
            AccessVerdict.Away away => new Elsewhere(op, "", away.To.Host, away.To.Port, 0),
            _ => null,
        };
    }

    /// <summary>Who that is, by the rules of the instance.</summary>
    private Mapped Identify(Claim c)
    {
        var users = _users ?? UserBook.Empty;
        var (credentials, refusal) = ClaimRules.Proved(c, users, SignedTicket.KeyOf(_parts.Keys()), _parts.Clock.Now);
        return refusal is not null ? new Mapped(VirtualIdentity.Nobody(c.Host, c.App), refusal) : Mapping.Map(
            credentials, _vid, users,
            text => SignedToken.Open(text, TokenRules.KeyOf(_parts.Keys()), TokenRules.GenerationOf(_view.Configuration), _parts.Clock.Now));
    }

    private void Finished(GatewaySignals.Finished done)
    {
        var wasWorker = _workers.Remove(done.Op);
        _callers.Remove(done.Op, out var caller);
        if (_toMake.Count > 0 && wasWorker)
        {
            Booted(done.IsDone);
            return;
        }
        _statistics.Add(done.Command, _parts.Clock.Now, done.Took, caller);
        Book(done);
        foreach (var (request, client) in _admission.Leave(done.Op).ToList()) Begin(request, client);
    }

    private IFinal AnswerFromHere(IRequest request, VirtualIdentity who)
    {
        var (op, now, silence) = (request.Head.Op, _parts.Clock.Now, _parts.Settings.OfflineAfter);
        return request switch
        {
            ListFilesystems => new Filesystems(op, ViewRules.Filesystems(_view, now, silence)),
            ListNodes => new Nodes(op, ViewRules.Nodes(_view, now, silence)),
            ListGroups => new Groups(op, ViewRules.Groups(_view, now, silence)),
            ListSpaces => new Spaces(op, ViewRules.Spaces(_view, now, silence)),
            AskStatistics => Statistics(op, now),
            AskVersion => new InstanceVersion(op, "eos" + _parts.Settings.Instance, NodeVersion.Server, NodeVersion.Engine),
            _ => new Refused(op, Errno.NotSupported, $"{request.GetType().Name} is not known here"),
        };
    }

    private Statistics Statistics(OpId op, Instant now)
    {
        using var process = Process.GetCurrentProcess();
        var made = new NamespaceCounts(
            _statistics.Total("OpenWrite") + _statistics.Total("Touch"),
            _statistics.Total("Mkdir"),
            new FileId(_numbers[IdProtocol.Counter.File].Stock.Highest),
            new DirectoryId(_numbers[IdProtocol.Counter.Directory].Stock.Highest));
        var counts = new ProcessCounts(
            now - _begun, _bootTime, (ulong)process.WorkingSet64, (ulong)process.VirtualMemorySize64, (uint)process.Threads.Count, (uint)process.HandleCount);
        return new Statistics(op, made, counts, _statistics.Read(now), Leadership.Of(_standing)) { Figures = Figures() };
    }

    private void Stock(IdProtocol.BlockTaken block)
    {
        var (stock, wanting) = _numbers[block.Counter];
        if (stock.IsLow) stock.Add(block);
        while (wanting.Count > 0 && stock.Take() is { } number) wanting.Dequeue().Tell(new GatewaySignals.NumberTaken(block.Counter, number));
    }

    private void Hand(IdProtocol.Counter counter, IActorRef worker)
    {
        var (stock, wanting) = _numbers[counter];
        if (stock.Take() is { } number) worker.Tell(new GatewaySignals.NumberTaken(counter, number));
        else wanting.Enqueue(worker);
        if (stock.IsLow) Fetch();
    }

    /// <summary>Asks for what is low; repeated, because the question or the answer may be lost.</summary>
    private void Fetch()
    {
        foreach (var (counter, (stock, _)) in _numbers)
            if (stock.IsLow) _parts.Numbers.Tell(new IdProtocol.TakeBlock(counter, (uint)_parts.Settings.IdBlock, _ops.Next()));
    }

    /// <summary>The directories that every instance has, one after the other; then the gateway serves.</summary>
    private void MakeNext()
    {
        var root = new Claim(0, 0, "root", "localhost", "gateway");
        uint? mode = _toMake.Count == 1 ? 0x5ff : null;
        Begin(new MakeDirectory(new Head(_ops.Next(), 0, root), _toMake.Peek(), Parents: true, mode), ActorRefs.Nobody);
    }

    private void Booted(bool isDone)
    {
        if (isDone) _toMake.Dequeue();
        else Context.GetLogger().Warning("{0} could not be made yet", _toMake.Peek());
        if (_toMake.Count > 0)
        {
            MakeNext();
            return;
        }
        _bootTime = _parts.Clock.Now - _begun;
        Context.GetLogger().Info("serving /eos/{0} after {1:0.000} s", _parts.Settings.Instance, _bootTime.TotalSeconds);
    }
}
