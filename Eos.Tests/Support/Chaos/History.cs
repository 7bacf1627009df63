using System.Collections.Concurrent;
using System.Diagnostics;
using Eos.Tests.Support.Raft;

namespace Eos.Tests.Support.Chaos;

/// <summary>What clients asked of a store and what they were told, with times on one clock. Values are written once; a counter's are given by the store.</summary>
internal sealed class History
{
    private readonly ConcurrentBag<(string Key, Call Call)> _registers = [];
    private readonly ConcurrentBag<(string Key, Call Call)> _counters = [];
    private readonly Lock _gate = new();
    private long _value, _acknowledged, _unknown, _lastAcknowledged = Stopwatch.GetTimestamp();
    private readonly List<TimeSpan> _gaps = [];
    private (long From, long To) _longest;

    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Operations whose outcome nobody knows: they may have happened, or may yet happen.</summary>
    public long Unknown => Interlocked.Read(ref _unknown);

    public static long Now => Stopwatch.GetTimestamp();

    public long NextValue() => Interlocked.Increment(ref _value);

    public void Wrote(string key, long value, long start) => Keep(_registers, key, new Call(true, value, start, Now));

    public void Read(string key, long value, long start) => Keep(_registers, key, new Call(false, value, start, Now));

    public void Counted(string key, long value, long start) => Keep(_counters, key, new Call(true, value, start, Now));

    public void MayHaveWritten(string key, long value, long start) => KeepUnknown(_registers, key, new Call(true, value, start, long.MaxValue));

    public void MayHaveCounted(string key, long start) => KeepUnknown(_counters, key, new Call(true, 0, start, long.MaxValue));

    /// <summary>The longest times without an acknowledgement, longest first.</summary>
    public IReadOnlyList<TimeSpan> Gaps
    {
        get
        {
            lock (_gate) return [.. _gaps.OrderDescending()];
        }
    }

    /// <summary>The longest time without an acknowledged write since this was asked last.</summary>
    public TimeSpan TakeLongestGap()
    {
        var (from, to) = TakeLongestSpan();
        return to - from;
    }

    /// <summary>The same: from when to when.</summary>
    public (DateTime From, DateTime To) TakeLongestSpan()
    {
        lock (_gate)
        {
            var (from, to) = _longest;
            _longest = default;
            return (At(from), At(to));
        }

        static DateTime At(long moment) => DateTime.UtcNow - Stopwatch.GetElapsedTime(moment);
    }

    /// <summary>What no order of the calls explains, or null. Each register and each counter for itself (Lowe).</summary>
    public string? Fault() =>
        _registers.GroupBy(c => c.Key, c => c.Call).Select(g => (g.Key, Fault: Linearizability.Fault([.. g])))
            .Concat(_counters.GroupBy(c => c.Key, c => c.Call).Select(g => (g.Key, Fault: CounterFault([.. g]))))
            .Where(f => f.Fault is not null).Select(f => $"{f.Key}: {f.Fault}").FirstOrDefault();

    /// <summary>A counter gives each number once, a later call a greater one, and skips no more numbers than calls have an unknown outcome.</summary>
    private static string? CounterFault(List<Call> calls)
    {
        var told = calls.Where(c => c.End != long.MaxValue).OrderBy(c => c.Value).ToList();
        for (var i = 1; i < told.Count; i++)
            if (told[i].Value == told[i - 1].Value) return $"{told[i].Value} was given twice";
        // read backwards, each number's call must not have begun after a greater one's had ended
        var earliestEnd = long.MaxValue;
        foreach (var call in told.AsEnumerable().Reverse())
        {
            if (call.Start > earliestEnd) return $"{call.Value} was given after a greater number";
            earliestEnd = Math.Min(earliestEnd, call.End);
        }
        if (told.Count == 0) return null;
        var skipped = told[^1].Value - told.Count;
        var unknown = calls.Count - told.Count;
        return skipped > unknown ? $"{skipped} numbers were skipped, and only {unknown} calls have an unknown outcome" : null;
    }

    private void Keep(ConcurrentBag<(string, Call)> where, string key, Call call)
    {
        where.Add((key, call));
        Interlocked.Increment(ref _acknowledged);
        if (!call.IsWrite) return;
        lock (_gate)
        {
            var gap = Stopwatch.GetElapsedTime(_lastAcknowledged, call.End);
            if (gap > TimeSpan.FromMilliseconds(200)) _gaps.Add(gap);
            if (call.End - _lastAcknowledged > _longest.To - _longest.From) _longest = (_lastAcknowledged, call.End);
            _lastAcknowledged = Math.Max(_lastAcknowledged, call.End);
        }
    }

    private void KeepUnknown(ConcurrentBag<(string, Call)> where, string key, Call call)
    {
        where.Add((key, call));
        Interlocked.Increment(ref _unknown);
    }
}
