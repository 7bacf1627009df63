using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using static Akka.Cluster.Sharding.ShardProtocol;

namespace Akka.Cluster.Sharding;

/// <summary>
/// A group of entities that live and move together. The life of an entity:
/// <code>
///   (none) --message--> active --Passivate, or idle--> passivating (messages are held) --terminated--> (none), or active if any is held
///   any --terminated by itself--> (none)          any --HandOff--> told the stop message; the shard ends with the last one
/// </code>
/// With a lease it first acquires it, trying for ever; losing it stops the shard and all its entities at once.
/// </summary>
internal sealed partial class Shard : UntypedActor, IWithTimers
{
    private readonly string typeName;
    private readonly string shardId;
    private readonly Func<string, Props> entityProps;
    private readonly ClusterShardingSettings settings;
    private readonly IMessageExtractor extractor;
    private readonly object handOffStopMessage;
    private readonly ILoggingAdapter log;
    private readonly Dictionary<string, Entity> entities = [];
    private readonly Dictionary<IActorRef, string> idOf = [];
    private readonly ShardBuffers held;
    private IActorRef? handOffAsker;

    private Shard(
        string typeName, string shardId, Func<string, Props> entityProps, ClusterShardingSettings settings, IMessageExtractor extractor,
        object handOffStopMessage)
    {
        this.typeName = typeName;
        this.shardId = shardId;
        this.entityProps = entityProps;
        this.settings = settings;
        this.extractor = extractor;
        this.handOffStopMessage = handOffStopMessage;
        log = Context.GetLogger();
        held = new ShardBuffers(settings.TuningParameters.BufferSize);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(
        string typeName, string shardId, Func<string, Props> entityProps, ClusterShardingSettings settings, IMessageExtractor extractor,
        object handOffStopMessage) =>
        Akka.Actor.Props.Create(() => new Shard(typeName, shardId, entityProps, settings, extractor, handOffStopMessage));

    protected override void PreStart()
    {
        if (settings.LeaseSettings != null) AcquireLease();
        else Initialized();
    }

    protected override void PostStop() => ReleaseLease();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case LeaseAcquired m: OnLeaseAcquired(m); break;
            case LeaseRetry: AcquireLease(); break;
            case LeaseLost m: OnLeaseLost(m.Reason); break;
            case Terminated m: OnEntityEnded(m.ActorRef); break;
            case Passivate m: OnPassivate(Sender, m.StopMessage); break;
            case IdleTick: PassivateIdle(); break;
            case HandOff: OnHandOff(Sender); break;
            case HandOffTimeout: KillRest(); break;
            case GetShardState: Sender.Tell(new ShardState(shardId, entities.Keys.ToImmutableHashSet())); break;
            default: Deliver(message, Sender); break;
        }
    }

    private void Initialized()
    {
        if (settings.PassivateIdleEntityAfter > TimeSpan.Zero)
            Timers.StartPeriodicTimer("idle", new IdleTick(), settings.PassivateIdleEntityAfter / 2);
        Context.Parent.Tell(new ShardInitialized(shardId));
    }

    private void Deliver(object message, IActorRef sender)
    {
        var id = extractor.EntityId(message);
        if (string.IsNullOrEmpty(id))
        {
            log.Warning("{0}: a message without an entity id is dropped: {1}", typeName, message.GetType());
            Context.System.DeadLetters.Tell(new DeadLetter(message, sender, Self), sender);
        }
        else if (handOffAsker != null) Context.System.DeadLetters.Tell(new DeadLetter(message, sender, Self), sender);
        else if (!entities.TryGetValue(id, out var entity)) Start(id).Tell(extractor.EntityMessage(message), sender);
        else if (entity.Passivating) Hold(id, message, sender);
        else
        {
            entity.LastMessage = Stopwatch.GetTimestamp();
            entity.Ref.Tell(extractor.EntityMessage(message), sender);
        }
    }

    private void Hold(string id, object message, IActorRef sender)
    {
        if (held.Add(id, message, sender)) return;
        log.Warning("{0}: shard {1} holds {2} messages for entities that stop; more are dropped", typeName, shardId, settings.TuningParameters.BufferSize);
        Context.System.DeadLetters.Tell(new DeadLetter(message, sender, Self), sender);
    }

    private IActorRef Start(string id)
    {
        var actor = Context.Watch(Context.ActorOf(entityProps(id), Uri.EscapeDataString(id)));
        entities[id] = new Entity(actor) { LastMessage = Stopwatch.GetTimestamp() };
        idOf[actor] = id;
        return actor;
    }

    private void OnPassivate(IActorRef actor, object stopMessage)
    {
        if (!idOf.TryGetValue(actor, out var id) || entities[id].Passivating || handOffAsker != null) return;
        entities[id].Passivating = true;
        actor.Tell(stopMessage);
    }

    private void PassivateIdle()
    {
        foreach (var entity in entities.Values.Where(e => Stopwatch.GetElapsedTime(e.LastMessage) > settings.PassivateIdleEntityAfter).ToList())
            OnPassivate(entity.Ref, handOffStopMessage);
    }

    private void OnEntityEnded(IActorRef actor)
    {
        if (!idOf.Remove(actor, out var id)) return;
        entities.Remove(id);
        var waiting = held.Take(id);
        if (handOffAsker != null)
        {
            foreach (var (message, sender) in waiting) Context.System.DeadLetters.Tell(new DeadLetter(message, sender, Self), sender);
            StopIfEmpty();
        }
        else if (waiting.Count > 0)
        {
            var again = Start(id);
            foreach (var (message, sender) in waiting) again.Tell(extractor.EntityMessage(message), sender);
        }
    }

    private void OnHandOff(IActorRef asker)
    {
        handOffAsker = asker;
        Timers.Cancel("lease");
        foreach (var entity in entities.Values.Where(e => !e.Passivating)) entity.Ref.Tell(handOffStopMessage);
        Timers.StartSingleTimer("hand-off", new HandOffTimeout(), StopTimeout(settings.TuningParameters.HandOffTimeout));
        StopIfEmpty();
    }

    /// <summary>Entities get less time than the whole move has.</summary>
    private static TimeSpan StopTimeout(TimeSpan handOff) => handOff > TimeSpan.FromSeconds(6) ? handOff - TimeSpan.FromSeconds(5) : TimeSpan.FromSeconds(1);

    private void KillRest()
    {
        log.Warning("{0}: {1} entities of shard {2} did not stop in time for the hand-over and are killed", typeName, entities.Count, shardId);
        foreach (var entity in entities.Values) Context.Stop(entity.Ref);
    }

    private void StopIfEmpty()
    {
        if (entities.Count > 0) return;
        handOffAsker!.Tell(new ShardStopped(shardId));
        Context.Stop(Self);
    }

    private sealed class Entity(IActorRef actor)
    {
        public IActorRef Ref { get; } = actor;

        public bool Passivating { get; set; }

        public long LastMessage { get; set; }
    }

    private sealed record IdleTick : INoSerializationVerificationNeeded;

    private sealed record HandOffTimeout : INoSerializationVerificationNeeded;
}
