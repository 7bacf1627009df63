using Akka.Actor;
using Akka.Cluster.Tools;
using Akka.Event;
using static Akka.Cluster.Sharding.ShardProtocol;

namespace Akka.Cluster.Sharding;

/// <summary>
/// The door of one node to all entities of a type: sends each message to the region that hosts its shard, and hosts shards itself
/// unless it is a proxy. Holds messages while a home is unknown; what finds no room goes to dead letters.
/// </summary>
internal sealed partial class ShardRegion : UntypedActor, IWithTimers
{
    private readonly string typeName;
    private readonly Func<string, Props>? entityProps;
    private readonly ClusterShardingSettings settings;
    private readonly IMessageExtractor extractor;
    private readonly object handOffStopMessage;
    private readonly Cluster cluster;
    private readonly ILoggingAdapter log;
    private readonly ShardBuffers buffers;
    private readonly Dictionary<string, IActorRef> homes = [];
    private readonly TaskCompletionSource<Done> stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool shuttingDown;
    private bool warnedOfFullBuffer;

    /// <param name="entityProps">Makes entities; nothing: this is a proxy, which hosts none.</param>
    public ShardRegion(
        string typeName, Func<string, Props>? entityProps, ClusterShardingSettings settings, IMessageExtractor extractor, object handOffStopMessage)
    {
        this.typeName = typeName;
        this.entityProps = entityProps;
        this.settings = settings;
        this.extractor = extractor;
        this.handOffStopMessage = handOffStopMessage;
        cluster = Cluster.Get(Context.System);
        log = Context.GetLogger();
        buffers = new ShardBuffers(settings.TuningParameters.BufferSize);
        members = MembersByAge.Of(settings.Role);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TuningParameters Tuning => settings.TuningParameters;

    protected override void PreStart()
    {
        cluster.Subscribe(Self, ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));
        Timers.StartPeriodicTimer("retry", new Retry(), Tuning.RetryInterval);
        RegisterSoon();
        if (entityProps == null) return;
        var (self, completed) = (Self, stopped.Task);
        CoordinatedShutdown.Get(Context.System).AddTask(
            CoordinatedShutdown.PhaseClusterShardingShutdownRegion, $"region-shutdown-{typeName}", () =>
            {
                if (cluster.IsTerminated || cluster.SelfMember.Status == MemberStatus.Down) return Task.FromResult(Done.Instance);
                self.Tell(GracefulShutdown.Instance);
                return completed;
            });
    }

    protected override void PostStop()
    {
        cluster.Unsubscribe(Self);
        foreach (var shard in buffers.Keys.ToList()) ToDeadLetters(buffers.Take(shard));
        stopped.TrySetResult(Done.Instance);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Retry: OnRetry(); break;
            case RegisterNow: OnRegisterNow(); break;
            case ClusterEvent.CurrentClusterState m: MembersAre(members.Apply(m)); break;
            case ClusterEvent.IClusterDomainEvent m: MembersAre(members.Apply(m)); break;
            case Terminated m: OnTerminated(m.ActorRef); break;
            case RegisterAck m: OnRegistered(m.Coordinator); break;
            case ShardHome m: OnShardHome(m.Shard, m.Region); break;
            case HostShard m: OnHostShard(m.Shard); break;
            case ShardInitialized m: OnShardInitialized(m.Shard); break;
            case BeginHandOff m: OnBeginHandOff(m.Shard); break;
            case HandOff m: OnHandOff(m); break;
            case RestartShard m: OnRestartShard(m.Shard); break;
            case GracefulShutdown: OnGracefulShutdown(); break;
            case IShardRegionQuery m: OnQuery(m); break;
            default: Deliver(message, Sender); break;
        }
    }

    private void Deliver(object message, IActorRef sender)
    {
        if (extractor.EntityId(message) is not { } entity)
        {
            Unhandled(message);
            return;
        }

        var shard = extractor.ShardId(entity, message);
        if (!homes.TryGetValue(shard, out var home))
        {
            if (!buffers.Contains(shard)) AskHome(shard);
            Hold(shard, message, sender);
        }
        else if (!home.Equals(Self)) home.Tell(message, sender);
        else if (Ready(shard) is { } local) local.Tell(message, sender);
        else Hold(shard, message, sender);
    }

    private void Hold(string shard, object message, IActorRef sender)
    {
        if (buffers.Add(shard, message, sender)) return;
        if (!warnedOfFullBuffer) log.Warning("{0}: {1} messages wait for shards whose home is unknown; more are dropped", typeName, Tuning.BufferSize);
        warnedOfFullBuffer = true;
        Context.System.DeadLetters.Tell(new DeadLetter(message, sender, Self), sender);
    }

    private void DeliverHeld(string shard, IActorRef to)
    {
        foreach (var (message, sender) in buffers.Take(shard)) to.Tell(message, sender);
        warnedOfFullBuffer = false;
    }

    private void ToDeadLetters(IEnumerable<(object Message, IActorRef Sender)> messages)
    {
        foreach (var (message, sender) in messages) Context.System.DeadLetters.Tell(new DeadLetter(message, sender, Self), sender);
    }

    private void OnShardHome(string shard, IActorRef region)
    {
        if (settings.VerboseDebug) log.Debug("{0}: shard {1} runs at {2}", typeName, shard, region.Path);
        homes[shard] = region;
        if (region.Equals(Self))
        {
            if (Ready(shard) is { } local) DeliverHeld(shard, local);
        }
        else
        {
            Context.Watch(region);
            DeliverHeld(shard, region);
        }
        StopIfDone();
    }

    private void OnTerminated(IActorRef actor)
    {
        if (actor.Equals(coordinator))
        {
            coordinator = null;
            RegisterSoon();
        }
        else if (shardOf.ContainsKey(actor)) OnShardEnded(actor);
        else
            foreach (var shard in homes.Where(h => h.Value.Equals(actor)).Select(h => h.Key).ToList()) homes.Remove(shard);
    }

    private void OnGracefulShutdown()
    {
        if (shuttingDown) return;
        shuttingDown = true;
        log.Info("{0}: the region hands its {1} shards over and stops", typeName, shards.Count);
        coordinator?.Tell(new GracefulShutdownReq(Self));
        StopIfDone();
    }

    /// <summary>A region that shuts down ends when it hosts nothing, and has passed on what it held if anybody is left to get it.</summary>
    private void StopIfDone()
    {
        if (shuttingDown && shards.Count == 0 && (buffers.IsEmpty || members.Count < 2)) Context.Stop(Self);
    }

    private sealed record Retry;

    private sealed record RegisterNow;

    private sealed record RestartShard(string Shard);
}
