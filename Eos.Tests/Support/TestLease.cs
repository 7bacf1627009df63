using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Coordination;

namespace Eos.Tests.Support;

/// <summary>Leases that a test grants, refuses and takes away.</summary>
public sealed class TestLease : Lease
{
    private static readonly ConcurrentDictionary<ActorSystem, Office> Offices = new();
    private readonly Office office;

    public TestLease(LeaseSettings settings, ExtendedActorSystem system) : base(settings) => office = Of(system);

    public const string Hocon = """
        test.lease {
          lease-class = "Eos.Tests.Support.TestLease, Eos.Tests"
          heartbeat-interval = 100ms
          heartbeat-timeout = 1s
          lease-operation-timeout = 1s
        }
        """;

    /// <summary>Who grants the leases of a node.</summary>
    public static Office Of(ActorSystem system) => Offices.GetOrAdd(system, _ => new Office());

    public override Task<bool> Acquire() => Acquire(_ => { });

    public override Task<bool> Acquire(Action<Exception?> leaseLostCallback) => Task.FromResult(office.Grant(Settings.LeaseName, leaseLostCallback));

    public override Task<bool> Release()
    {
        office.Held.TryRemove(Settings.LeaseName, out _);
        return Task.FromResult(true);
    }

    public override bool CheckLease() => office.Held.ContainsKey(Settings.LeaseName);

    public sealed class Office
    {
        private int tries;

        public ConcurrentDictionary<string, Action<Exception?>> Held { get; } = new();

        public bool Refuse { get; set; }

        public int Tries => Volatile.Read(ref tries);

        public bool Grant(string name, Action<Exception?> lost)
        {
            Interlocked.Increment(ref tries);
            if (Refuse) return false;
            Held[name] = lost;
            return true;
        }

        /// <summary>Takes all leases away and tells their holders.</summary>
        public void LoseAll()
        {
            foreach (var name in Held.Keys)
                if (Held.TryRemove(name, out var lost)) lost(new InvalidOperationException("taken away"));
        }
    }
}
