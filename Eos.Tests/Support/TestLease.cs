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

    public override async Task<bool> Acquire(Action<Exception?> leaseLostCallback)
    {
        office.Asked();
        await office.Open;
        return office.Grant(Settings.LeaseName, leaseLostCallback);
    }

    public override Task<bool> Release()
    {
        office.Held.TryRemove(Settings.LeaseName, out _);
        return Task.FromResult(true);
    }

    public override bool CheckLease() => office.Held.ContainsKey(Settings.LeaseName);

    public sealed class Office
    {
        private int tries;
        private int granted;

        public ConcurrentDictionary<string, Action<Exception?>> Held { get; } = new();

        public bool Refuse { get; set; }

        /// <summary>Requests wait for this before they are answered.</summary>
        public Task Open { get; set; } = Task.CompletedTask;

        public int Granted => Volatile.Read(ref granted);

        public int Tries => Volatile.Read(ref tries);

        public void Asked() => Interlocked.Increment(ref tries);

        public bool Grant(string name, Action<Exception?> lost)
        {
            if (Refuse) return false;
            Held[name] = lost;
            Interlocked.Increment(ref granted);
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
