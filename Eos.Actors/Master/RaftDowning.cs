using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Eos.Journal;
using Eos.Kernel;
using static Eos.Kv.SystemProtocol;

namespace Eos.Master;

/// <summary>Downs the members whose sessions are over, and its own node when it could not renew its session for long. Runs on every node; downing twice does no harm.</summary>
internal sealed class RaftDowning : ReceiveActor, IWithTimers
{
    private readonly FormationSettings _settings;
    private readonly HashSet<Incarnation> _members = [];
    private Cluster _cluster = null!;
    private KvGroup _group = null!;
    private TimeSpan? _lastHeld;

    public RaftDowning(FormationSettings settings)
    {
        _settings = settings;
        Receive<ClusterEvent.MemberRemoved>(e => _members.Remove(Incarnation.Of(e.Member.UniqueAddress)));
        Receive<ClusterEvent.IMemberEvent>(e =>
        {
            if (e.Member.UniqueAddress != _cluster.SelfUniqueAddress) _members.Add(Incarnation.Of(e.Member.UniqueAddress));
        });
        Receive<Begin>(_ => Watch());
        Receive<LookTick>(_ => Look());
        Receive<Seen>(seen => Judge(seen));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(FormationSettings settings) => Akka.Actor.Props.Create(() => new RaftDowning(settings));

    /// <summary>This actor is made while the cluster still is: what needs that, waits for a message.</summary>
    protected override void PreStart() => Self.Tell(new Begin());

    protected override void PostStop() => _cluster?.Unsubscribe(Self);

    private void Watch()
    {
        (_cluster, _group) = (Cluster.Get(Context.System), KvGroup.Get(Context.System));
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));
        LookAfter(_settings.LongestWatch);
    }

    private void Look()
    {
        var now = BootClock.Instance.Now - Instant.Epoch;
        if (_group.Session.Holds) _lastHeld = now;
        else if (DowningRules.IsIsolated(_lastHeld, now, _settings.Isolation))
        {
            Context.GetLogger().Warning("this node could not renew its session for {0}: it leaves the cluster and begins anew", _settings.Isolation);
            _cluster.Down(_cluster.SelfAddress);
        }
        Incarnation[] known = [.. _members];
        _group.Client.LookAsync(new LookAtLeases(NodeSession.Prefix), _settings.Patience).PipeTo(Self, success: answer => new Seen(known, answer as Leases));
    }

    private void Judge(Seen seen)
    {
        if (seen.Leases is not { } leases)
        {
            LookAfter(_settings.ShortestWatch);
            return;
        }
        var holding = DowningRules.Holding(leases.Rows);
        foreach (var member in DowningRules.Over(seen.Known, holding))
        {
            // another incarnation at that place must not be meant
            if (!_members.Contains(member) || _members.Any(other => other.Place == member.Place && other != member)) continue;
            Context.GetLogger().Warning("the session of {0} is over: it is downed", member);
            _cluster.Down(new Address(_cluster.SelfAddress.Protocol, _cluster.SelfAddress.System, Host(member.Place), Port(member.Place)));
        }
        LookAfter(DowningRules.NextLook(_members.Where(holding.ContainsKey).Select(member => holding[member]), _settings.ShortestWatch, _settings.LongestWatch));
    }

    private void LookAfter(TimeSpan pause) => Timers.StartSingleTimer("look", new LookTick(), pause);

    private static string Host(string place) => place[..place.LastIndexOf(':')];

    private static int Port(string place) => int.Parse(place.AsSpan(place.LastIndexOf(':') + 1), System.Globalization.CultureInfo.InvariantCulture);

    private sealed record Begin;
    private sealed record LookTick;
    private sealed record Seen(Incarnation[] Known, Leases? Leases);
}
