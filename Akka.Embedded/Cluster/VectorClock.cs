using System.Collections.Immutable;

namespace Akka.Cluster;

/// <summary>Which of two versions of the gossip came first, if either did.</summary>
internal enum Ordering
{
    After = 0,
    Before = 1,
    Same = 2,
    Concurrent = 3,
}

/// <summary>The version of the gossip: how many changes each node has made to it. A partial order; merging gives the least upper bound.</summary>
internal sealed class VectorClock(ImmutableSortedDictionary<UniqueAddress, long> versions)
{
    public static readonly VectorClock Empty = new(ImmutableSortedDictionary<UniqueAddress, long>.Empty);

    /// <summary>Changes by node; a node that made none is absent.</summary>
    public ImmutableSortedDictionary<UniqueAddress, long> Versions { get; } = versions;

    /// <summary>The version after one more change by the node.</summary>
    public VectorClock Increment(UniqueAddress node) => new(Versions.SetItem(node, Versions.GetValueOrDefault(node) + 1));

    /// <summary>The smallest version that has all changes of both.</summary>
    public VectorClock Merge(VectorClock other) =>
        new(Versions.SetItems(other.Versions.Where(v => v.Value > Versions.GetValueOrDefault(v.Key))));

    /// <summary>The version without what a node contributed that is gone.</summary>
    public VectorClock Prune(UniqueAddress node) => Versions.ContainsKey(node) ? new(Versions.Remove(node)) : this;

    /// <summary>How this version stands to the other.</summary>
    public Ordering CompareTo(VectorClock other)
    {
        var ahead = Versions.Any(v => v.Value > other.Versions.GetValueOrDefault(v.Key));
        var behind = other.Versions.Any(v => v.Value > Versions.GetValueOrDefault(v.Key));
        return (ahead, behind) switch
        {
            (true, true) => Ordering.Concurrent,
            (true, false) => Ordering.After,
            (false, true) => Ordering.Before,
            _ => Ordering.Same,
        };
    }

    public override string ToString() => $"VectorClock({string.Join(", ", Versions.Select(v => $"{v.Key.Address}#{v.Key.Uid}->{v.Value}"))})";
}
