using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using Akka.Remote;

namespace Akka.Cluster.SBR;

/// <summary>
/// Watches who is missed. When the picture has stood still for <c>stable-after</c>, the strategy says which side goes, and the
/// leader of this side downs its members. A picture that never stands still downs everybody.
/// </summary>
internal sealed class SplitBrainResolver : UntypedActor, IWithTimers
{
    private readonly Cluster _cluster;
    private readonly SplitBrainResolverSettings _settings;
    private readonly DowningStrategy _strategy;
    private readonly ILoggingAdapter _log;
    private LeaseArbiter? _arbiter;
    private Partition _picture = Partition.Empty;
    private Address? _leader;
    private bool _joined;
    private long _stableSince;
    private long _firstChange;
    private long _latestChange;
    private int _changes;

    public SplitBrainResolver(Cluster cluster, SplitBrainResolverSettings settings)
    {
        _cluster = cluster;
        _settings = settings;
        _strategy = settings.Create();
        _log = Logging.GetLogger(cluster.System, this);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.IClusterDomainEvent));
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
        var interval = TimeSpan.FromTicks(Math.Min(TimeSpan.TicksPerSecond, Math.Max(TimeSpan.TicksPerMillisecond * 50, _settings.StableAfter.Ticks / 8)));
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, interval);
        Stir();
        if (_strategy is LeaseMajority) _arbiter = new LeaseArbiter(_cluster, _settings, Self, Timers, _log);
    }

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        Context.System.EventStream.Unsubscribe(Self);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Tick:
                Judge();
                break;
            case LeaseArbiter.Now:
                _arbiter!.Take();
                break;
            case LeaseArbiter.Answer x:
                _arbiter!.Settle(x);
                if (!_picture.Unreachable.IsEmpty && !_picture.IsSettled) DownThose(x.Held ? Decision.DownUnreachable : Decision.DownReachable);
                break;
            case LeaseArbiter.Free:
                _arbiter!.Release();
                break;
            case ViewChanged x:
                _picture = _picture with { Reachability = x.Reachability, Seen = x.Seen };
                break;
            case ClusterEvent.UnreachableMember x:
                Change(_picture with { Unreachable = _picture.Unreachable.Add(x.Member.UniqueAddress) }, true);
                break;
            case ClusterEvent.ReachableMember x:
                Change(_picture with { Unreachable = _picture.Unreachable.Remove(x.Member.UniqueAddress) }, true);
                break;
            case ClusterEvent.MemberRemoved x:
                Change(_picture with { Members = _picture.Members.Remove(x.Member), Unreachable = _picture.Unreachable.Remove(x.Member.UniqueAddress) }, true);
                break;
            case ClusterEvent.IMemberEvent x:
                if (x is ClusterEvent.MemberUp or ClusterEvent.MemberWeaklyUp && x.Member.UniqueAddress == _cluster.SelfUniqueAddress) _joined = true;
                Change(_picture with { Members = _picture.Members.Remove(x.Member).Add(x.Member) }, x is ClusterEvent.MemberUp or ClusterEvent.MemberDowned);
                break;
            case ClusterEvent.LeaderChanged x:
                _leader = x.Leader;
                break;
            case ThisActorSystemQuarantinedEvent x:
                _log.Warning("SBR: [{0}] has quarantined this actor system: downing self", x.RemoteAddress);
                _cluster.Down(_cluster.SelfAddress);
                break;
        }
    }

    private void Change(Partition next, bool stirs)
    {
        var (before, missed) = (_picture.Unreachable, next.Unreachable);
        _picture = next;
        if (!stirs) return;
        Stir();
        if (missed.IsEmpty || next.IsSettled)
        {
            _changes = 0;
        }
        else if (!missed.SetEquals(before))
        {
            _latestChange = Stopwatch.GetTimestamp();
            if (_changes++ == 0) _firstChange = _latestChange;
        }
    }

    private void Stir() => _stableSince = Stopwatch.GetTimestamp();

    private void Judge()
    {
        if (_picture.Unreachable.IsEmpty || _picture.IsSettled) return;
        if (_settings.DownAllWhenUnstable > TimeSpan.Zero && _changes > 2 && Stopwatch.GetElapsedTime(_firstChange) > _settings.StableAfter + _settings.DownAllWhenUnstable)
        {
            _log.Warning("SBR: the picture has not stood still since [{0}]: downing all", Stopwatch.GetElapsedTime(_firstChange));
            Act(Decision.DownAll);
        }
        else if (Stopwatch.GetElapsedTime(_stableSince) >= _settings.StableAfter)
        {
            Act(_strategy.Decide(_picture));
        }
    }

    private void Act(Decision decision)
    {
        if (decision == Decision.AcquireLease)
        {
            // one node of a side asks; the others follow whom it downs
            if (IsLeader) _arbiter!.Ask(((LeaseMajority)_strategy).IsMinority(_picture));
        }
        else
        {
            DownThose(decision);
        }
    }

    private bool IsLeader => _joined && _cluster.SelfAddress.Equals(_leader);

    private void DownThose(Decision decision)
    {
        var victims = _strategy.Victims(_picture, decision);
        var acts = IsLeader;
        _log.Warning("SBR: [{0}] by [{1}] {2}: [{3}]; unreachable [{4}]", decision, _strategy, acts ? "downs" : "is left to the leader", string.Join(", ", victims), string.Join(", ", _picture.Unreachable));
        if (acts)
        {
            // self last: a downed node does not act any more
            foreach (var victim in victims.OrderBy(m => m.UniqueAddress == _cluster.SelfUniqueAddress)) _cluster.Down(victim.Address);
        }
        _changes = 0;
        Stir();
    }

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}
