using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Scheduling;

/// <summary>A filesystem that might take new bytes, as placement sees it. Byte counts in bytes.</summary>
/// <param name="Node">The node that it belongs to, by the address of its data port.</param>
/// <param name="Geotag">Where the node stands, from the large to the small: `geneva::building513`.</param>
/// <param name="Writable">On, booted, online and not draining.</param>
public sealed record Candidate(FsId Fs, string Node, string Geotag, string Space, string Group, bool Writable, ulong Free, ulong Headroom)
{
    /// <summary>What may still be used.</summary>
    public ulong Usable => Free > Headroom ? Free - Headroom : 0;
}

/// <summary>What is wanted: so many filesystems of one group, each on another node.</summary>
/// <param name="Turn">Grows with every placement: groups and filesystems take turns.</param>
public sealed record PlacementRequest(string Space, int Replicas, ulong Size, ulong Turn)
{
    /// <summary>Not these: the client could not reach them.</summary>
    public ImmutableArray<FsId> Excluded { get; init; } = [];

    /// <summary>Only this group, by its name or its number in the space; empty: any.</summary>
    public string Group { get; init; } = "";

    /// <summary>How the replicas stand to each other.</summary>
    public PlacementPolicy Policy { get; init; } = PlacementPolicy.Scattered;

    /// <summary>Replicas that are there already: the new ones go to their group, to other nodes, and away from where they stand.</summary>
    public ImmutableArray<FsId> Beside { get; init; } = [];
}

/// <summary>
/// Chooses where new bytes go: all replicas of a file within one group, each on another node, spread over places with different geotags as far as there are.
/// Groups take turns; within a group the emptier filesystem is likelier to be taken.
/// </summary>
public static class Placement
{
    /// <summary>The filesystems, head first. Refusals: ENOSPC when no group has room on so many nodes, ENONET when nothing writable is there at all.</summary>
    public static (ImmutableArray<FsId> Chosen, Refusal? Refusal) Choose(PlacementRequest request, IReadOnlyCollection<Candidate> candidates)
    {
        var space = candidates.Where(c => c.Space == request.Space).ToList();
        if (space.Count == 0) return Refuse(Errno.NoSpace, $"space '{request.Space}' has no filesystem");
        if (!space.Any(c => c.Writable)) return Refuse(Errno.NoNetwork, $"no filesystem of space '{request.Space}' is online and writable");

        var there = space.Where(c => request.Beside.Contains(c.Fs)).ToList();
        var groups = space.GroupBy(c => c.Group).Where(g => IsWanted(g.Key, request)).Where(g => there.Count == 0 || g.Any(there.Contains)).OrderBy(g => g.Key, GroupOrder.Instance).ToList();
        for (var i = 0; i < groups.Count; i++)
        {
            var group = groups[(int)((request.Turn + (ulong)i) % (ulong)groups.Count)];
            var fitting = group.Where(c => Fits(c, request) && there.All(t => t.Node != c.Node)).OrderBy(c => c.Fs).ToList();
            if (fitting.Select(c => c.Node).Distinct().Count() >= request.Replicas) return ([.. Spread(fitting, there, request)], null);
        }
        return Refuse(
            Errno.NoSpace, $"no group of space '{request.Space}' has {request.Replicas} filesystem(s) on different nodes with room for {request.Size} bytes");
    }

    private static bool IsWanted(string group, PlacementRequest request) =>
        request.Group.Length == 0 || group == request.Group || group == $"{request.Space}.{request.Group}";

    private static bool Fits(Candidate c, PlacementRequest request) =>
        c.Writable && c.Usable > request.Size && !request.Excluded.Contains(c.Fs) && !request.Beside.Contains(c.Fs);

    /// <summary>One after the other by chance weighted with room: never a node that has one, and where the policy wants it.</summary>
    private static IEnumerable<FsId> Spread(List<Candidate> fitting, List<Candidate> there, PlacementRequest request)
    {
        var taken = new List<Candidate>(there);
        for (var n = 0; n < request.Replicas; n++)
        {
            var fresh = fitting.Where(c => taken.All(t => t.Node != c.Node)).ToList();
            var best = fresh.Max(c => Merit(c, taken, request, n));
            var next = Draw([.. fresh.Where(c => Merit(c, taken, request, n) == best)], Lots.Mix(request.Turn * 31 + (ulong)n));
            taken.Add(next);
            yield return next.Fs;
        }
    }

    /// <summary>Near the policy's geotag, if that counts for the n-th replica, else away from those that are taken.</summary>
    private static int Merit(Candidate c, List<Candidate> taken, PlacementRequest request, int n) => request.Policy.Kind switch
    {
        PlacementKind.Gathered => Geotags.Common(request.Policy.Geotag, c.Geotag),
        PlacementKind.Hybrid when n + 1 < request.Replicas => Geotags.Common(request.Policy.Geotag, c.Geotag),
        PlacementKind.Hybrid => -Geotags.Common(request.Policy.Geotag, c.Geotag),
        _ => -Nearness(c, taken),
    };

    private static int Nearness(Candidate c, List<Candidate> taken) => taken.Count == 0 ? 0 : taken.Max(t => Geotags.Common(t.Geotag, c.Geotag));

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
