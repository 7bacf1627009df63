using Akka.Actor;
using Akka.Coordination;
using Akka.Event;

namespace Akka.Cluster.Sharding;

/// <summary>The lease that a shard holds while it runs, if one is configured.</summary>
internal sealed partial class Shard
{
    private Lease? lease;
    private bool leaseHeld;

    private void AcquireLease()
    {
        if (handOffAsker != null) return;
        var (self, system) = (Self, Context.System);
        var owner = Cluster.Get(system).SelfAddress;
        lease ??= LeaseProvider.Get(system).GetLease(
            $"{system.Name}-shard-{typeName}-{shardId}", settings.LeaseSettings!.LeaseImplementation, $"{owner.Host}:{owner.Port}");
        lease.Acquire(reason => self.Tell(new LeaseLost(reason))).PipeTo(
            self, self, acquired => new LeaseAcquired(acquired, null), failure => new LeaseAcquired(false, failure));
    }

    private void OnLeaseAcquired(LeaseAcquired m)
    {
        leaseHeld = m.Acquired;
        if (m.Acquired)
        {
            Initialized();
            return;
        }

        var retry = settings.LeaseSettings!.LeaseRetryInterval;
        log.Warning("{0}: shard {1} did not get its lease ({2}); it tries again in {3}",
            typeName, shardId, m.Failure?.Message ?? "another node holds it", retry);
        Timers.StartSingleTimer("lease", new LeaseRetry(), retry);
    }

    private void OnLeaseLost(Exception? reason)
    {
        leaseHeld = false;
        log.Warning("{0}: shard {1} lost its lease ({2}) and stops with {3} entities", typeName, shardId, reason?.Message ?? "no reason given", entities.Count);
        Context.Stop(Self);
    }

    private sealed record LeaseAcquired(bool Acquired, Exception? Failure) : INoSerializationVerificationNeeded;

    private sealed record LeaseRetry : INoSerializationVerificationNeeded;

    private sealed record LeaseLost(Exception? Reason) : INoSerializationVerificationNeeded;
}
