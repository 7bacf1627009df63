using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Scheduling;

/// <summary>Where a file is and should be.</summary>
/// <param name="Serving">Those of its places that serve now, the best source first.</param>
/// <param name="Replicas">As many as its layout wants.</param>
public sealed record AdjustmentRequest(ImmutableArray<FsId> Locations, ImmutableArray<FsId> Serving, int Replicas, ulong Size, ulong Turn)
{
    /// <summary>Only add: no place is given up.</summary>
    public bool KeepsAll { get; init; }
}

/// <summary>A replica to make, and the lost place that it takes over, if there is one.</summary>
public readonly record struct Restoration(FsId Target, FsId? Replaces);

/// <summary>What brings a file to the replicas that it should have.</summary>
public sealed record AdjustmentPlan(ImmutableArray<Restoration> Restorations, ImmutableArray<FsId> Drops);

/// <summary>Decides which replicas are made and which are given up. A place that does not serve counts as lost.</summary>
public static class Adjustment
{
    /// <summary>Refusals: ENODEV without any place, ENETUNREACH when none serves, ENOSPC when not one of the missing replicas has a place to go.</summary>
    public static (AdjustmentPlan Plan, Refusal? Refusal) Plan(AdjustmentRequest r, IReadOnlyCollection<Candidate> candidates)
    {
        var nothing = new AdjustmentPlan([], []);
        if (r.Locations.IsEmpty) return (nothing, new Refusal(Errno.NoDevice, "there is no replica"));
        if (r.Serving.IsEmpty) return (nothing, new Refusal(Errno.NetworkUnreachable, "no replica is online to copy from"));

        ImmutableArray<FsId> lost = r.KeepsAll ? [] : [.. r.Locations.Except(r.Serving)];
        var missing = r.Replicas - r.Serving.Length;
        if (missing <= 0) return (nothing with { Drops = r.KeepsAll ? [] : [.. lost, .. r.Serving.Skip(r.Replicas)] }, null);

        var space = candidates.FirstOrDefault(c => c.Fs == r.Serving[0])?.Space ?? "";
        Refusal? refusal = null;
        for (var n = missing; n > 0; n--)
        {
            var wanted = new PlacementRequest(space, n, r.Size, r.Turn) { Beside = r.Serving, Excluded = r.Locations };
            (var targets, var full) = Placement.Choose(wanted, candidates);
            refusal ??= full;
            if (full is null) return (nothing with { Restorations = [.. targets.Select((fs, i) => new Restoration(fs, i < lost.Length ? lost[i] : null))] }, null);
        }
        return (nothing, refusal);
    }
}
