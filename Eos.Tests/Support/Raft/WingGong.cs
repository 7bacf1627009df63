using System.Collections;

namespace Eos.Tests.Support.Raft;

/// <summary>
/// Wing and Gong's search with memory: is there an order of the calls, within their times, that one register explains?
/// It takes for ever where many writes overlap, so it only judges <see cref="Linearizability"/> on short histories.
/// </summary>
internal static class WingGong
{
    public static bool Holds(IReadOnlyList<Call> calls)
    {
        var seen = new HashSet<(string Done, long Value)>();
        return Search(calls, new BitArray(calls.Count), 0, 0, seen);
    }

    private static bool Search(IReadOnlyList<Call> calls, BitArray done, int first, long value, HashSet<(string, long)> seen)
    {
        while (first < calls.Count && done[first]) first++;
        var earliestEnd = long.MaxValue;
        for (var i = first; i < calls.Count; i++)
            if (!done[i]) earliestEnd = Math.Min(earliestEnd, calls[i].End);
        if (earliestEnd == long.MaxValue) return true;
        for (var i = first; i < calls.Count && calls[i].Start <= earliestEnd; i++)
        {
            // a read that fits now may as well be now: it changes nothing, and nothing has to come before it
            if (done[i] || calls[i].IsWrite || calls[i].Value != value) continue;
            done[i] = true;
            if (Search(calls, done, first, value, seen)) return true;
            done[i] = false;
            return false;
        }
        if (!seen.Add((Key(done, first), value))) return false;
        for (var i = first; i < calls.Count && calls[i].Start <= earliestEnd; i++)
        {
            if (done[i] || !calls[i].IsWrite) continue;
            done[i] = true;
            if (Search(calls, done, first, calls[i].Value, seen)) return true;
            done[i] = false;
        }
        return false;
    }

    private static string Key(BitArray done, int first)
    {
        var text = new System.Text.StringBuilder().Append(first).Append(':');
        for (var i = first; i < done.Count; i++) text.Append(done[i] ? '1' : '0');
        return text.ToString().TrimEnd('0');
    }
}
