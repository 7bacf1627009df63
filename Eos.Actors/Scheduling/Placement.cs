using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Scheduling;

/// <summary>A filesystem that might take new bytes, as placement sees it. Byte counts in bytes.</summary>
/// <param name="Writable">On, booted, online and not draining.</param>
/// <param name="Booked">Promised to uploads that have not arrived.</param>
public sealed record Candidate(FsId Fs, string Node, string Space, string Group, bool Writable, ulong Free, ulong Headroom, ulong Booked)
{
    /// <summary>What may still be used.</summary>
    public ulong Usable => Free > Headroom + Booked ? Free - Headroom - Booked : 0;
}

/// <summary>What is wanted: so many distinct filesystems of one group.</summary>
/// <param name="Turn">Grows with every placement: groups and filesystems take turns.</param>
public sealed record PlacementRequest(string Space, int Replicas, ulong Size, ulong Turn);

/// <summary>
/// Chooses where new bytes go: all replicas of a file within one group, each on another filesystem, on other nodes as far as there are.
/// Groups take turns; within a group the emptier filesystem is likelier to be taken.
/// </summary>
public static class Placement
{
    /// <summary>The filesystems, head first. Refusals: ENOSPC when no group has room, ENONET when nothing writable is there at all, EINVAL for a space that is not known.</summary>
    public static (ImmutableArray<FsId> Chosen, Refusal? Refusal) Choose(PlacementRequest request, IReadOnlyCollection<Candidate> candidates)
    {
        var space = candidates.Where(c => c.Space == request.Space).ToList();
        if (space.Count == 0) return Refuse(Errno.NoSpace, $"space '{request.Space}' has no filesystem");
        if (!space.Any(c => c.Writable)) return Refuse(Errno.NoNetwork, $"no filesystem of space '{request.Space}' is online and writable");

        var groups = space.GroupBy(c => c.Group).OrderBy(g => g.Key, GroupOrder.Instance).ToList();
        for (var i = 0; i < groups.Count; i++)
        {
            var group = groups[(int)((request.Turn + (ulong)i) % (ulong)groups.Count)];
            var fitting = group.Where(c => c.Writable && c.Usable > request.Size).OrderBy(c => c.Fs).ToList();
            if (fitting.Count >= request.Replicas) return ([.. Spread(fitting, request)], null);
        }
        return Refuse(Errno.NoSpace, $"no group of space '{request.Space}' has {request.Replicas} filesystem(s) with room for {request.Size} bytes");
    }

    /// <summary>One after the other by chance weighted with room, nodes that are not used yet first.</summary>
    private static IEnumerable<FsId> Spread(List<Candidate> fitting, PlacementRequest request)
    {
        var used = new HashSet<string>();
        for (var n = 0; n < request.Replicas; n++)
        {
            var fresh = fitting.Where(c => !used.Contains(c.Node)).ToList();
            var from = fresh.Count > 0 ? fresh : fitting;
            var taken = Draw(from, Mix(request.Turn * 31 + (ulong)n));
            fitting.Remove(taken);
            used.Add(taken.Node);
            yield return taken.Fs;
        }
    }

    private static Candidate Draw(List<Candidate> from, ulong lot)
    {
        var total = from.Sum(c => (double)c.Usable);
        var mark = (lot >> 11) * (1.0 / (1UL << 53)) * total;
        foreach (var candidate in from)
        {
            mark -= candidate.Usable;
            if (mark < 0) return candidate;
        }
        return from[^1];
    }

    /// <summary>Spreads the turn over all bits (the finaliser of SplitMix64).</summary>
    private static ulong Mix(ulong x)
    {
        x += 0x9e3779b97f4a7c15;
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return x ^ (x >> 31);
    }

    private static (ImmutableArray<FsId>, Refusal?) Refuse(Errno why, string text) => ([], new Refusal(why, text));
}

/// <summary>`default.2` before `default.10`.</summary>
public sealed class GroupOrder : IComparer<string>
{
    public static readonly GroupOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        var (left, right) = (Split(x ?? ""), Split(y ?? ""));
        var bySpace = string.CompareOrdinal(left.Space, right.Space);
        return bySpace != 0 ? bySpace : left.Index.CompareTo(right.Index);
    }

    private static (string Space, int Index) Split(string name)
    {
        var dot = name.LastIndexOf('.');
        return dot >= 0 && int.TryParse(name.AsSpan(dot + 1), out var index) ? (name[..dot], index) : (name, -1);
    }
}
