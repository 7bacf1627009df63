using Akka.Actor;
using Akka.Coordination;
using Akka.Event;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>The lease that the host of the singleton holds, if one is configured.</summary>
public sealed partial class ClusterSingletonManager
{
    private Lease? lease;
    private bool leaseHeld;

    private void BecomeOldest()
    {
        if (settings.LeaseSettings == null)
        {
            StartSingleton();
            return;
        }

        phase = Phase.Acquiring;
        var owner = cluster.SelfAddress;
        lease ??= LeaseProvider.Get(Context.System).GetLease(
            $"{Context.System.Name}-singleton-{Self.Path.ToStringWithoutAddress()}", settings.LeaseSettings.LeaseImplementation, $"{owner.Host}:{owner.Port}");
        Acquire();
    }

    private void Acquire()
    {
        if (phase != Phase.Acquiring || singleton != null) return;
        var self = Self;
        lease!.Acquire(reason => self.Tell(new LeaseLost(reason))).PipeTo(
            self, self, acquired => new LeaseAnswer(acquired, null), failure => new LeaseAnswer(false, failure));
    }

    private void OnLeaseAnswer(LeaseAnswer m)
    {
        leaseHeld = m.Acquired;
        if (phase != Phase.Acquiring) ReleaseLease();
        else if (m.Acquired) StartSingleton();
        else
        {
            log.Warning("Singleton {0} did not get its lease ({1})", Self.Path, m.Failure?.Message ?? "another node holds it");
            Timers.StartSingleTimer("lease", new AcquireAgain(), settings.LeaseSettings!.LeaseRetryInterval);
        }
    }

    /// <summary>Without the lease the singleton may not run: it is stopped, and starts again when the lease is ours again.</summary>
    private void OnLeaseLost(Exception? reason)
    {
        leaseHeld = false;
        if (phase != Phase.Oldest) return;
        log.Warning("Singleton {0} lost its lease ({1}) and is stopped", Self.Path, reason?.Message ?? "no reason given");
        phase = Phase.Acquiring;
        if (singleton == null) Acquire();
        else singleton.Tell(terminationMessage);
    }

    private void ReleaseLease()
    {
        if (!leaseHeld) return;
        leaseHeld = false;
        lease!.Release();
    }

    private sealed record LeaseAnswer(bool Acquired, Exception? Failure) : INoSerializationVerificationNeeded;

    private sealed record AcquireAgain : INoSerializationVerificationNeeded;

    private sealed record LeaseLost(Exception? Reason) : INoSerializationVerificationNeeded;
}
