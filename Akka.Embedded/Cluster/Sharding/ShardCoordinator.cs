using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using static Akka.Cluster.Sharding.ShardProtocol;

namespace Akka.Cluster.Sharding;

/// <summary>
/// Decides where shards run; one in the cluster for each type of entity. Decisions are made against the newest state, stored
/// asynchronously in batches, and told to others only when they, and all before them, are stored.
/// </summary>
internal sealed partial class ShardCoordinator : UntypedPersistentActor, IWithTimers
{
    private readonly string typeName;
    private readonly ClusterShardingSettings settings;
    private readonly IShardAllocationStrategy strategy;
    private readonly Cluster cluster;
    private readonly ILoggingAdapter log;
    private readonly HashSet<IActorRef> leaving = [];
    private CoordinatorState state = CoordinatorState.Empty;
    private CoordinatorState stored = CoordinatorState.Empty;

    public ShardCoordinator(string typeName, ClusterShardingSettings settings, IShardAllocationStrategy strategy)
    {
        this.typeName = typeName;
        this.settings = settings;
        this.strategy = strategy;
        cluster = Cluster.Get(Context.System);
        log = Context.GetLogger();
        JournalPluginId = settings.JournalPluginId;
        SnapshotPluginId = settings.SnapshotPluginId;
        PersistenceId = Self.Path.ToStringWithoutAddress();
    }

    public override string PersistenceId { get; }

    public ITimerScheduler Timers { get; set; } = null!;

    private TuningParameters Tuning => settings.TuningParameters;

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case ICoordinatorEvent e: stored = stored.Apply(e); break;
            case SnapshotOffer { Snapshot: CoordinatorState snapshot }: stored = snapshot; break;
            case RecoveryCompleted: Recovered(); break;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case Register m: OnRegister(m.Region); break;
            case RegisterProxy m: OnRegisterProxy(m.Proxy); break;
            case GetShardHome m: OnGetShardHome(m.Shard, Sender); break;
            case ShardPlaced m: Place(m.Shard, m.Region, m.Requester); break;
            case ShardStarted m: Timers.Cancel(HostKey(m.Shard)); break;
            case HostAgain m: OnHostAgain(m); break;
            case GracefulShutdownReq m: OnGracefulShutdown(m.Region); break;
            case RebalanceTick: OnRebalanceTick(); break;
            case ShardsToMove m: Move(m.Shards); break;
            case RebalanceDone m: OnRebalanceDone(m); break;
            case Terminated m: OnTerminated(m); break;
            case RemovalMarginOver m: OnRegionGone(m.Region); break;
            case GetCurrentRegions: Sender.Tell(new CurrentRegions(state.Regions.Keys.Select(AddressOf).ToImmutableHashSet())); break;
            case GetClusterShardingStats m: OnGetStats(m.Timeout); break;
            case SaveSnapshotSuccess m: OnSnapshotStored(m.Metadata.SequenceNr); break;
            case SaveSnapshotFailure m: log.Warning("{0}: the coordinator's snapshot was not stored: {1}", typeName, m.Cause.Message); break;
            case DeleteMessagesSuccess or DeleteMessagesFailure or DeleteSnapshotsSuccess or DeleteSnapshotsFailure: break;
            case Status.Failure m: log.Warning("{0}: the allocation strategy failed: {1}", typeName, m.Cause.Message); break;
            case ShardProtocol.Terminate m: DeferAsync(m, _ => Context.Stop(Self)); break;
            default: Unhandled(message); break;
        }
    }

    private void Recovered()
    {
        state = stored;
        if (strategy is IStartableAllocationStrategy startable) startable.Start();
        if (strategy is IActorSystemDependentAllocationStrategy dependent) dependent.Start(Context.System);

        foreach (var region in state.Regions.Keys.ToList())
            if (IsMember(region)) Context.Watch(region);
            else OnRegionGone(region);
        foreach (var proxy in state.Proxies)
            if (IsMember(proxy)) Context.Watch(proxy);
            else Update(new ProxyTerminated(proxy), () => { });
        foreach (var (shard, region) in state.Homes) AskToHost(shard, region);
        Timers.StartPeriodicTimer("rebalance", new RebalanceTick(), Tuning.RebalanceInterval);
    }

    private void OnRegister(IActorRef region)
    {
        if (!IsMember(region)) return;
        if (state.EarlierLifeOf(region) is { } earlier) OnRegionGone(earlier);
        if (state.Regions.ContainsKey(region))
        {
            Tell(region, new RegisterAck(Self));
            return;
        }

        leaving.Remove(region);
        Context.Watch(region);
        var self = Self;
        Update(new RegionRegistered(region), () => region.Tell(new RegisterAck(self)));
    }

    private void OnRegisterProxy(IActorRef proxy)
    {
        if (!IsMember(proxy)) return;
        Context.Watch(proxy);
        var self = Self;
        if (state.Proxies.Contains(proxy)) Tell(proxy, new RegisterAck(self));
        else Update(new ProxyRegistered(proxy), () => proxy.Tell(new RegisterAck(self)));
    }

    private void OnTerminated(Terminated m)
    {
        var margin = cluster.DowningProvider.DownRemovalMargin;
        if (state.Proxies.Contains(m.ActorRef)) Update(new ProxyTerminated(m.ActorRef), () => { });
        else if (!state.Regions.ContainsKey(m.ActorRef)) return;
        else if (m.AddressTerminated && margin > TimeSpan.Zero)
        {
            leaving.Add(m.ActorRef);
            Timers.StartSingleTimer(m.ActorRef, new RemovalMarginOver(m.ActorRef), margin);
        }
        else OnRegionGone(m.ActorRef);
    }

    private void OnRegionGone(IActorRef region)
    {
        leaving.Remove(region);
        if (!state.Regions.TryGetValue(region, out var shards)) return;
        foreach (var shard in shards) Timers.Cancel(HostKey(shard));
        foreach (var worker in moves.Values) worker.Worker.Tell(new RebalanceWorker.RegionGone(region));
        if (settings.VerboseDebug) log.Debug("{0}: region {1} is gone, with {2} shards", typeName, region.Path, shards.Count);
        Update(new RegionTerminated(region), () => { });
    }

    private void OnGetStats(TimeSpan timeout)
    {
        var asks = state.Regions.Keys.Select(async region =>
        {
            try
            {
                return (Address: AddressOf(region), Stats: await region.Ask<ShardRegionStats>(GetShardRegionStats.Instance, timeout).ConfigureAwait(false));
            }
            catch (AskTimeoutException)
            {
                return (Address: AddressOf(region), Stats: null!);
            }
        });
        Task.WhenAll(asks).PipeTo(Sender, Self, all => new ClusterShardingStats(
            all.Where(r => r.Stats != null).ToImmutableDictionary(r => r.Address, r => r.Stats)));
    }

    /// <summary>Folds the event now and runs <paramref name="whenStored"/> once it is stored.</summary>
    private void Update(ICoordinatorEvent e, Action whenStored)
    {
        state = state.Apply(e);
        PersistAsync(e, x =>
        {
            stored = stored.Apply(x);
            whenStored();
            if (LastSequenceNr % Tuning.SnapshotAfter == 0) SaveSnapshot(stored);
        });
    }

    /// <summary>Says what rests on the state only when the state is stored.</summary>
    private void Tell(IActorRef to, object message) => DeferAsync(message, m => to.Tell(m));

    private void OnSnapshotStored(long sequenceNr)
    {
        var upTo = sequenceNr - (long)Tuning.KeepNrOfBatches * Tuning.SnapshotAfter;
        if (upTo <= 0) return;
        DeleteMessages(upTo);
        DeleteSnapshots(new SnapshotSelectionCriteria(upTo - 1));
    }

    private bool IsMember(IActorRef actor) =>
        actor.Path.Address.HasLocalScope || actor.Path.Address.Equals(cluster.SelfAddress)
        || cluster.State.Members.Any(m => m.Address.Equals(actor.Path.Address));

    private Address AddressOf(IActorRef actor) => actor.Path.Address.HasLocalScope ? cluster.SelfAddress : actor.Path.Address;

    private sealed record RemovalMarginOver(IActorRef Region);
}
