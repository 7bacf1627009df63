using System.Collections.Immutable;
using System.Text;

namespace Akka.Cluster;

/// <summary>
/// Who watches whom: members stand on a ring in an order that all nodes agree on, and each watches the next few.
/// Unreachable ones are watched too but do not count, so that everybody is always watched by enough that live. Pure.
/// </summary>
internal sealed record HeartbeatRing(UniqueAddress Self, ImmutableHashSet<UniqueAddress> Nodes, ImmutableHashSet<UniqueAddress> Unreachable, int MonitoredBy)
{
    /// <summary>Those that this node watches.</summary>
    public ImmutableHashSet<UniqueAddress> Receivers => WatchedBy(Self);

    /// <summary>Those that a node watches.</summary>
    public ImmutableHashSet<UniqueAddress> WatchedBy(UniqueAddress node)
    {
        var ring = Nodes.Add(Self).OrderBy(Place).ThenBy(n => n).ToList();
        var at = ring.IndexOf(node);
        var found = ImmutableHashSet.CreateBuilder<UniqueAddress>();
        var reachable = 0;
        for (var i = 1; i < ring.Count && reachable < MonitoredBy; i++)
        {
            var next = ring[(at + i) % ring.Count];
            found.Add(next);
            if (!Unreachable.Contains(next)) reachable++;
        }
        return found.ToImmutable();
    }

    public HeartbeatRing With(UniqueAddress node) => this with { Nodes = Nodes.Add(node) };

    public HeartbeatRing Without(UniqueAddress node) => this with { Nodes = Nodes.Remove(node), Unreachable = Unreachable.Remove(node) };

    /// <summary>Spreads neighbouring addresses over the ring (FNV-1a).</summary>
    private static uint Place(UniqueAddress node) =>
        Encoding.UTF8.GetBytes($"{node.Address}#{node.Uid}").Aggregate(2166136261u, static (hash, b) => unchecked((hash ^ b) * 16777619u));
}
