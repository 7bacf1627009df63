namespace Eos.Tests.Support.Raft;

/// <summary>A call on one register. A write without an answer returns at the end of time and may never have happened.</summary>
internal readonly record struct Call(bool IsWrite, long Value, long Start, long End);

/// <summary>
/// Whether the calls on one register can be put into an order, within their times, that one register explains (Lowe: a history is
/// linearizable if that of each key is). Each value is written once and 0 is there at the beginning, so who read whom is known,
/// and the question can be answered without a search (Gibbons and Korach, "Testing Shared Memories", theorem 4.4).
/// </summary>
internal static class Linearizability
{
    /// <summary>
    /// The calls that have to do with one value. With <see cref="FirstEnd"/> before <see cref="LastStart"/> the register has this value
    /// all that time; else all calls overlap, and one moment between the two is enough.
    /// </summary>
    private sealed record Zone(long Value, long FirstEnd, long LastStart)
    {
        public bool Lasts => FirstEnd < LastStart;
    }

    public static bool Holds(IReadOnlyList<Call> calls) => Fault(calls) is null;

    /// <summary>What no order explains, or null.</summary>
    public static string? Fault(IReadOnlyList<Call> calls)
    {
        var zones = new List<Zone>();
        foreach (var cluster in calls.Append(new Call(true, 0, long.MinValue, long.MinValue)).GroupBy(c => c.Value))
        {
            var writes = cluster.Where(c => c.IsWrite).ToList();
            if (writes.Count == 0) return $"{cluster.Key} was read and never written";
            if (writes.Count > 1) throw new ArgumentException($"{cluster.Key} is written twice: whom did a reader read?");
            if (cluster.Any(c => !c.IsWrite && c.End < writes[0].Start)) return $"{cluster.Key} was read before it was written";
            // a write without an answer that nobody read may as well not have happened
            if (writes[0].End == long.MaxValue && cluster.Count() == 1) continue;
            zones.Add(new Zone(cluster.Key, cluster.Min(c => c.End), cluster.Max(c => c.Start)));
        }
        var lasting = zones.Where(z => z.Lasts).OrderBy(z => z.FirstEnd).ToList();
        for (var i = 1; i < lasting.Count; i++)
            if (lasting[i].FirstEnd < lasting[i - 1].LastStart)
                return $"{lasting[i - 1].Value} and {lasting[i].Value} were both there at one time";
        foreach (var zone in zones.Where(z => !z.Lasts))
        {
            var around = LastBefore(lasting, zone.LastStart);
            if (around is not null && zone.FirstEnd < around.LastStart) return $"{zone.Value} was there while {around.Value} was";
        }
        return null;
    }

    /// <summary>The last of these disjoint zones that begins before that time.</summary>
    private static Zone? LastBefore(List<Zone> lasting, long time)
    {
        var (low, high) = (0, lasting.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (lasting[middle].FirstEnd < time) low = middle + 1;
            else high = middle;
        }
        return low == 0 ? null : lasting[low - 1];
    }
}
