using Akka.Actor;
using Akka.Event;
using static Akka.Cluster.Sharding.ShardProtocol;

namespace Akka.Cluster.Sharding;

/// <summary>The shards that this region hosts.</summary>
internal sealed partial class ShardRegion
{
    private readonly Dictionary<string, IActorRef> shards = [];
    private readonly Dictionary<IActorRef, string> shardOf = [];
    private readonly HashSet<string> starting = [];
    private readonly HashSet<string> handingOff = [];

    /// <summary>The shard's actor if it takes messages now; starts it if it does not run.</summary>
    private IActorRef? Ready(string shard)
    {
        if (entityProps == null) return null;
        if (!shards.TryGetValue(shard, out var actor)) StartShard(shard);
        return actor != null && !starting.Contains(shard) && !handingOff.Contains(shard) ? actor : null;
    }

    private void StartShard(string shard)
    {
        var actor = Context.Watch(Context.ActorOf(
            Shard.Props(typeName, shard, entityProps!, settings, extractor, handOffStopMessage), Uri.EscapeDataString(shard)));
        shards[shard] = actor;
        shardOf[actor] = shard;
        starting.Add(shard);
    }

    private void OnHostShard(string shard)
    {
        if (shuttingDown || entityProps == null) return;
        homes[shard] = Self;
        if (Ready(shard) is not { } actor) return;
        Sender.Tell(new ShardStarted(shard));
        DeliverHeld(shard, actor);
    }

    private void OnShardInitialized(string shard)
    {
        if (!shards.TryGetValue(shard, out var actor) || !actor.Equals(Sender) || !starting.Remove(shard)) return;
        coordinator?.Tell(new ShardStarted(shard));
        if (homes.TryGetValue(shard, out var home) && home.Equals(Self) && !handingOff.Contains(shard)) DeliverHeld(shard, actor);
    }

    private void OnBeginHandOff(string shard)
    {
        homes.Remove(shard);
        Sender.Tell(new BeginHandOffAck(shard));
    }

    /// <summary>
    /// Hands the shard's stopping to the shard. What other nodes sent here since the hand-off began is dropped: their later
    /// messages go straight to the new home and would overtake it. What this node's own actors sent is held.
    /// </summary>
    private void OnHandOff(HandOff m)
    {
        if (settings.VerboseDebug) log.Debug("{0}: shard {1} is handed over", typeName, m.Shard);
        ToDeadLetters(buffers.TakeUnless(m.Shard, sender => sender.Path.Address.HasLocalScope && !sender.IsNobody()));
        if (!shards.TryGetValue(m.Shard, out var actor)) Sender.Tell(new ShardStopped(m.Shard));
        else
        {
            handingOff.Add(m.Shard);
            actor.Forward(m);
        }
    }

    private void OnShardEnded(IActorRef actor)
    {
        shardOf.Remove(actor, out var shard);
        shards.Remove(shard!);
        starting.Remove(shard!);
        if (!handingOff.Remove(shard!) && !shuttingDown)
        {
            log.Warning("{0}: shard {1} stopped and is started again in {2}", typeName, shard!, Tuning.ShardFailureBackoff);
            Timers.StartSingleTimer(("restart", shard), new RestartShard(shard!), Tuning.ShardFailureBackoff);
        }
        else OnRestartShard(shard!);
        StopIfDone();
    }

    private void OnRestartShard(string shard)
    {
        if (homes.TryGetValue(shard, out var home) && home.Equals(Self) && !shuttingDown) Ready(shard);
    }
}
