namespace Eos.Journal;

/// <summary>
/// How a node's requests to the group fare. Belongs to the one actor that sends them; read from any thread, where a figure may be a moment late. Times are those of that actor's clock.
/// </summary>
public sealed class GroupFigures
{
    private const int Minutes = 6;
    private readonly long[] _minutes = new long[Minutes];
    private readonly long[] _peaks = new long[Minutes];
    private long _pending;
    private long _mostPending;
    private long _count;
    private long _sum;
    private long _least = long.MaxValue;
    private long _longest;

    /// <summary>What was read at one moment; times from sending to the answer. Peaks: the longest within the last one, two and five minutes.</summary>
    public readonly record struct Reading(long Pending, long MostPending, TimeSpan Least, TimeSpan Mean, TimeSpan Longest, TimeSpan Peak1, TimeSpan Peak2, TimeSpan Peak5);

    internal void Began() => Volatile.Write(ref _mostPending, Math.Max(_mostPending, Interlocked.Increment(ref _pending)));

    internal void Ended(TimeSpan took, TimeSpan now)
    {
        Interlocked.Decrement(ref _pending);
        var (ticks, minute) = (took.Ticks, (long)now.TotalMinutes);
        var slot = minute % Minutes;
        Volatile.Write(ref _peaks[slot], _minutes[slot] == minute ? Math.Max(_peaks[slot], ticks) : ticks);
        Volatile.Write(ref _minutes[slot], minute);
        Volatile.Write(ref _sum, _sum + ticks);
        Volatile.Write(ref _least, Math.Min(_least, ticks));
        Volatile.Write(ref _longest, Math.Max(_longest, ticks));
        Volatile.Write(ref _count, _count + 1);
    }

    public Reading Read(TimeSpan now)
    {
        var count = Volatile.Read(ref _count);
        return count == 0
            ? new Reading(Volatile.Read(ref _pending), Volatile.Read(ref _mostPending), default, default, default, default, default, default)
            : new Reading(
                Volatile.Read(ref _pending), Volatile.Read(ref _mostPending), new TimeSpan(Volatile.Read(ref _least)), new TimeSpan(Volatile.Read(ref _sum) / count), new TimeSpan(Volatile.Read(ref _longest)),
                Peak(now, 1), Peak(now, 2), Peak(now, 5));
    }

    /// <summary>The minute that is running counts as a whole one.</summary>
    private TimeSpan Peak(TimeSpan now, int minutes)
    {
        var (first, longest) = ((long)now.TotalMinutes - minutes, 0L);
        for (var slot = 0; slot < Minutes; slot++)
            if (Volatile.Read(ref _minutes[slot]) >= first) longest = Math.Max(longest, Volatile.Read(ref _peaks[slot]));
        return new TimeSpan(longest);
    }
}
