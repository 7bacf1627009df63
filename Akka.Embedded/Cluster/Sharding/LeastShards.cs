using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>The arithmetic of the least-shards strategies; regions and shards are compared by name so that equal states give equal answers.</summary>
internal static class LeastShards
{
    public static IActorRef Emptiest(IImmutableDictionary<IActorRef, IImmutableList<string>> regions) =>
        regions.OrderBy(r => r.Value.Count).ThenBy(r => r.Key.Path).First().Key;

    /// <summary>One region at a time gives shards to the emptiest: when it has more than <paramref name="threshold"/> above it.</summary>
    public static ImmutableHashSet<string> ByThreshold(
        IImmutableDictionary<IActorRef, IImmutableList<string>> regions, IImmutableSet<string> moving, int threshold, int atMost)
    {
        if (regions.Count < 2 || moving.Count >= atMost) return [];
        var least = regions.Values.Min(s => s.Count);
        var most = regions.OrderBy(r => r.Key.Path).Select(r => r.Value.Where(s => !moving.Contains(s)).ToList()).MaxBy(s => s.Count)!;
        var excess = most.Count - least;
        return excess > threshold ? most.Take(Math.Min(excess - threshold, atMost - moving.Count)).ToImmutableHashSet() : [];
    }

    /// <summary>
    /// Every region gives what it has above the even share; when none has, regions at the share give one each while others are
    /// more than one below. At most <paramref name="absolute"/> shards and the fraction <paramref name="relative"/> of all a round.
    /// </summary>
    public static ImmutableHashSet<string> ByLimit(
        IImmutableDictionary<IActorRef, IImmutableList<string>> regions, IImmutableSet<string> moving, int absolute, double relative)
    {
        var total = regions.Values.Sum(s => s.Count);
        if (regions.Count < 2 || total == 0 || moving.Count > 0) return [];
        var limit = Math.Min(absolute, Math.Max((int)(relative * total), 1));
        var share = (total + regions.Count - 1) / regions.Count;
        var sorted = regions.OrderByDescending(r => r.Value.Count).ThenBy(r => r.Key.Path).Select(r => r.Value).ToList();

        var above = sorted.SelectMany(s => s.Take(Math.Max(0, s.Count - share))).Take(limit).ToImmutableHashSet();
        if (!above.IsEmpty) return above;

        var missing = sorted.Sum(s => Math.Max(0, share - 1 - s.Count));
        return sorted.Where(s => s.Count == share).Select(s => s[0]).Take(Math.Min(limit, missing)).ToImmutableHashSet();
    }
}
