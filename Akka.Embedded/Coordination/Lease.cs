namespace Akka.Coordination;

/// <summary>
/// A right that at most one owner holds at a time. An implementation is a class with a constructor
/// <c>(LeaseSettings, ExtendedActorSystem)</c> or <c>(LeaseSettings)</c>, named by <c>lease-class</c>; it renews the lease by itself.
/// </summary>
public abstract class Lease
{
    protected Lease(LeaseSettings settings) => Settings = settings;

    /// <summary>What the lease was made from.</summary>
    public LeaseSettings Settings { get; }

    /// <summary>Takes the lease: true if it is ours now, false if another owner has it. Fails if that cannot be known.</summary>
    public abstract Task<bool> Acquire();

    /// <summary>As <see cref="Acquire()"/>; <paramref name="leaseLostCallback"/> is called when an acquired lease is lost, with the cause if there is one.</summary>
    public abstract Task<bool> Acquire(Action<Exception?> leaseLostCallback);

    /// <summary>Gives the lease back; true if that is certain.</summary>
    public abstract Task<bool> Release();

    /// <summary>Whether the lease is held, without I/O.</summary>
    public abstract bool CheckLease();
}
