using System.Collections.Immutable;
using static Eos.Kv.SystemProtocol;

namespace Eos.Master;

/// <summary>
/// Which members are over. A node takes its session before it joins, and the session names its incarnation: so a member that was known before
/// the sessions were read, and has none that holds, has lost it for ever. Whether it can be reached does not matter. Pure.
/// </summary>
public static class DowningRules
{
    /// <summary>Whose sessions hold, and for how long yet.</summary>
    /// <param name="sessions">As they stand in the group: also such as are over and not yet swept away.</param>
    public static ImmutableDictionary<Incarnation, TimeSpan> Holding(IEnumerable<LeaseRow> sessions) => sessions
        .Where(row => row.Remaining > TimeSpan.Zero && Incarnation.Parse(row.Holder) is not null)
        .ToImmutableDictionary(row => Incarnation.Parse(row.Holder)!.Value, row => row.Remaining);

    /// <summary>The members to down.</summary>
    /// <param name="known">Members when the question for the sessions was sent. Not this node: it judges itself by its own clock.</param>
    /// <param name="holding">Those whose sessions hold in log time, by a linearizable read.</param>
    public static ImmutableArray<Incarnation> Over(IEnumerable<Incarnation> known, ImmutableDictionary<Incarnation, TimeSpan> holding) =>
        [.. known.Where(m => !holding.ContainsKey(m))];

    /// <summary>When to look again: just after the first session could end, but neither in a spin nor more rarely than <paramref name="longest"/>.</summary>
    /// <param name="remaining">Of the sessions of the members.</param>
    public static TimeSpan NextLook(IEnumerable<TimeSpan> remaining, TimeSpan shortest, TimeSpan longest)
    {
        var next = remaining.DefaultIfEmpty(longest).Min() + TimeSpan.FromMilliseconds(1);
        return next < shortest ? shortest : next > longest ? longest : next;
    }

    /// <summary>Whether this node has gone so long without holding its session that others must have given it up, though nobody could tell it.</summary>
    /// <param name="lastHeld">Null: it never held one, so nobody counts on it.</param>
    public static bool IsIsolated(TimeSpan? lastHeld, TimeSpan now, TimeSpan patience) => lastHeld is { } last && now - last >= patience;
}
