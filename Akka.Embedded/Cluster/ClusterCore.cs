using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster;

/// <summary>
/// The node as a member. Uninitialized until it asks a node for admission, then waiting for its welcome, then a member
/// that gossips, reads its failure detector and, if it is the leader, moves members. The rules are in <see cref="MembershipRules"/>.
/// </summary>
internal sealed partial class ClusterCore : UntypedActor, IWithTimers
{
    public const string Name = "core";

    private readonly Cluster _cluster;
    private readonly ClusterSettings _settings;
    private readonly IActorRef _publisher;
    private readonly TaskCompletionSource _exiting;
    private readonly ILoggingAdapter _log;
    private readonly Quota _quota;
    private readonly Random _random = new();
    private Membership _state;
    private IActorRef? _seedProcess;
    private JoinSeedNodes? _seeds;

    public ClusterCore(Cluster cluster, IActorRef publisher, TaskCompletionSource exiting)
    {
        _cluster = cluster;
        _settings = cluster.Settings;
        _publisher = publisher;
        _exiting = exiting;
        _log = cluster.Log;
        _quota = new Quota(_settings.MinNrOfMembers, _settings.MinNrOfMembersOfRole);
        _state = new Membership(cluster.SelfUniqueAddress);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private UniqueAddress SelfNode => _cluster.SelfUniqueAddress;

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(Akka.Remote.QuarantinedEvent));
        if (_settings.SeedNodes.IsEmpty)
        {
            if (_settings.LogInfo) _log.Info("Cluster Node [{0}] - No seed-nodes configured, manual cluster join required", _cluster.SelfAddress);
        }
        else
        {
            Self.Tell(new JoinSeedNodes(_settings.SeedNodes));
        }
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    /// <summary>Not a member: waits to be told where to join.</summary>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case JoinSeedNodes x:
                AskSeedNodes(x);
                break;
            case JoinTo x:
                Ask(x.Address);
                break;
            case InitJoin:
                Sender.Tell(new InitJoinNack(_cluster.SelfAddress));
                break;
            case ExitingCompleted:
                Sender.Tell(Done.Instance);
                break;
            case Down x when x.Address.Equals(_cluster.SelfAddress):
                _cluster.Shutdown();
                break;
        }
    }

    private void AskSeedNodes(JoinSeedNodes x)
    {
        StopSeedProcess();
        if (x.SeedNodes.IsEmpty) return;
        _seeds = x;
        if (_settings.ShutdownAfterUnsuccessfulJoinSeedNodes is { } limit && !Timers.IsTimerActive(GiveUp.Instance))
        {
            Timers.StartSingleTimer(GiveUp.Instance, GiveUp.Instance, limit);
        }
        Become(WaitingForSeeds);
        if (x.SeedNodes.All(a => a.Equals(_cluster.SelfAddress))) Ask(_cluster.SelfAddress);
        else _seedProcess = Context.ActorOf(Props.Create(() => new SeedProcess(_cluster, x.SeedNodes)));
    }

    private void WaitingForSeeds(object message)
    {
        if (message is GiveUp) GivenUp();
        else OnReceive(message);
    }

    private void Ask(Address address)
    {
        if (address.Protocol != _cluster.SelfAddress.Protocol || address.System != _cluster.SelfAddress.System)
        {
            _log.Warning("Cluster Node [{0}] - Trying to join [{1}] of another system or protocol: ignored", _cluster.SelfAddress, address);
            return;
        }
        StopSeedProcess();
        if (address.Equals(_cluster.SelfAddress))
        {
            BecomeMember();
            Admit(SelfNode, _cluster.SelfRoles);
            return;
        }
        Become(message => WaitingForWelcome(address, message));
        if (_settings.RetryUnsuccessfulJoinAfter is { } retry) Timers.StartSingleTimer(RetryJoin.Instance, RetryJoin.Instance, retry);
        Peer(address).Tell(new Join(SelfNode, _cluster.SelfRoles), Self);
    }

    private void WaitingForWelcome(Address asked, object message)
    {
        switch (message)
        {
            case Welcome x when x.From.Address.Equals(asked) && x.Gossip.Has(SelfNode):
                Timers.Cancel(RetryJoin.Instance);
                Timers.Cancel(GiveUp.Instance);
                if (_settings.LogInfo) _log.Info("Cluster Node [{0}] - Welcome from [{1}]", _cluster.SelfAddress, asked);
                BecomeMember();
                Update(_state with { Gossip = x.Gossip.MarkSeen(SelfNode) });
                Tell(x.From);
                break;
            case RetryJoin when _seeds is { } seeds:
                AskSeedNodes(seeds);
                break;
            case RetryJoin:
                Ask(asked);
                break;
            case GiveUp:
                GivenUp();
                break;
            default:
                OnReceive(message);
                break;
        }
    }

    private void GivenUp()
    {
        _log.Warning("Joining of seed-nodes [{0}] was unsuccessful after configured shutdown-after-unsuccessful-join-seed-nodes: shutting down", string.Join(", ", _seeds!.SeedNodes));
        StopSeedProcess();
        _ = CoordinatedShutdown.Get(Context.System).Run(CoordinatedShutdown.ClusterJoinUnsuccessfulReason.Instance);
    }

    private void StopSeedProcess()
    {
        if (_seedProcess is null) return;
        Context.Stop(_seedProcess);
        _seedProcess = null;
    }

    private void BecomeMember()
    {
        var delay = _settings.PeriodicTasksInitialDelay;
        Timers.StartPeriodicTimer(GossipTick.Instance, GossipTick.Instance, Longer(delay, _settings.GossipInterval), _settings.GossipInterval);
        Timers.StartPeriodicTimer(LeaderTick.Instance, LeaderTick.Instance, Longer(delay, _settings.LeaderActionsInterval), _settings.LeaderActionsInterval);
        Timers.StartPeriodicTimer(ReaperTick.Instance, ReaperTick.Instance, Longer(delay, _settings.UnreachableNodesReaperInterval), _settings.UnreachableNodesReaperInterval);
        Become(AsMember);
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    /// <summary>The same actor on another node.</summary>
    private IActorRef Peer(Address address) => PeerOf(_cluster, address, Name);

    internal static IActorRef PeerOf(Cluster cluster, Address address, string name) =>
        cluster.System.Provider.ResolveActorRef(new RootActorPath(address) / "system" / "cluster" / name);

    private sealed class GiveUp
    {
        public static readonly GiveUp Instance = new();
    }

    private sealed class RetryJoin
    {
        public static readonly RetryJoin Instance = new();
    }

    private sealed class GossipTick
    {
        public static readonly GossipTick Instance = new();
    }

    private sealed class LeaderTick
    {
        public static readonly LeaderTick Instance = new();
    }

    private sealed class ReaperTick
    {
        public static readonly ReaperTick Instance = new();
    }
}
