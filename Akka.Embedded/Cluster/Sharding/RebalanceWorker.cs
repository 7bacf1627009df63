using System.Collections.Immutable;
using Akka.Actor;
using static Akka.Cluster.Sharding.ShardProtocol;

namespace Akka.Cluster.Sharding;

/// <summary>Takes one shard from its region: everybody holds its messages, then the owner stops it, then the parent is told.</summary>
internal sealed class RebalanceWorker : UntypedActor, IWithTimers
{
    private readonly string shard;
    private readonly IActorRef from;
    private readonly HashSet<IActorRef> remaining;
    private bool stopping;

    private RebalanceWorker(string shard, IActorRef from, TimeSpan timeout, ImmutableHashSet<IActorRef> told)
    {
        this.shard = shard;
        this.from = from;
        remaining = [.. told];
        Timeout = timeout;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Timeout { get; }

    public static Props Props(string shard, IActorRef from, TimeSpan timeout, ImmutableHashSet<IActorRef> told) =>
        Akka.Actor.Props.Create(() => new RebalanceWorker(shard, from, timeout, told));

    protected override void PreStart()
    {
        Timers.StartSingleTimer("timeout", ReceiveTimeout.Instance, Timeout);
        foreach (var region in remaining) region.Tell(new BeginHandOff(shard));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case BeginHandOffAck ack when ack.Shard == shard: Acknowledged(Sender); break;
            case RegionGone gone when gone.Region.Equals(from): Done(stopped: true); break;
            case RegionGone gone: Acknowledged(gone.Region); break;
            case ShardStopped m when m.Shard == shard && stopping: Done(stopped: true); break;
            case ReceiveTimeout: Done(stopped: false); break;
        }
    }

    private void Acknowledged(IActorRef region)
    {
        remaining.Remove(region);
        if (stopping || remaining.Count > 0) return;
        stopping = true;
        from.Tell(new HandOff(shard));
    }

    private void Done(bool stopped)
    {
        Context.Parent.Tell(new ShardCoordinator.RebalanceDone(shard, stopped));
        Context.Stop(Self);
    }

    /// <summary>A region ended, so it need not acknowledge.</summary>
    internal sealed record RegionGone(IActorRef Region);
}
