using Akka.Actor;
using Akka.Coordination;
using Akka.Event;

namespace Akka.Cluster.Sharding;

/// <summary>The lease that a shard holds while it runs, if one is configured.</summary>
internal sealed partial class Shard
{
    private Lease? lease;
    private bool leaseHeld;
    private Task<bool>? acquiring;

    private void AcquireLease()
    {
        if (handOffAsker != null) return;
        var (self, system) = (Self, Context.System);
        var owner = Cluster.Get(system).SelfAddress;
        lease ??= LeaseProvider.Get(system).GetLease(
            $"{system.Name}-shard-{typeName}-{shardId}", settings.LeaseSettings!.LeaseImplementation, $"{owner.Host}:{owner.Port}");
        acquiring = lease.Acquire(reason => self.Tell(new LeaseLost(reason)));
        acquiring.PipeTo(
            self, self, acquired => new LeaseAcquired(acquired, null), failure => new LeaseAcquired(false, failure));
    }

    private void OnLeaseAcquired(LeaseAcquired m)
    {
        leaseHeld = m.Acquired;
        acquiring = null;
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

    /// <summary>Gives the lease back, also one that is only granted after the shard has stopped: nobody else would ever get it.</summary>
    private void ReleaseLease()
    {
        if (leaseHeld) lease!.Release();
        else if (acquiring != null)
            acquiring.ContinueWith((granted, l) => granted is { IsCompletedSuccessfully: true, Result: true } ? ((Lease)l!).Release() : granted, lease, TaskScheduler.Default);
    }

    private sealed record LeaseAcquired(bool Acquired, Exception? Failure) : INoSerializationVerificationNeeded;

    private sealed record LeaseRetry : INoSerializationVerificationNeeded;

    private sealed record LeaseLost(Exception? Reason) : INoSerializationVerificationNeeded;
}
