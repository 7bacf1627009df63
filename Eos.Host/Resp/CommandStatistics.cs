using Eos.Kernel;
using Eos.Kv;

namespace Eos.Host.Resp;

/// <summary>How many commands came in: since the start, and in each of the last ten-second intervals.</summary>
internal sealed class CommandStatistics(IClock clock)
{
    private const int IntervalSeconds = 10;
    private const int Kept = 60;
    private readonly Queue<(long Second, Counts Counts)> _intervals = new();
    private Counts _totals;
    private Counts _before;
    private long _current = clock.Now.Seconds / IntervalSeconds * IntervalSeconds;

    public long Total => _totals.Reads + _totals.Writes + _totals.ReadingTransactions + _totals.WritingTransactions;

    public void Count(Access access)
    {
        if (access == Access.Write) Interlocked.Increment(ref _totals.Writes);
        else Interlocked.Increment(ref _totals.Reads);
    }

    public void CountTransaction(Access access)
    {
        if (access == Access.Write) Interlocked.Increment(ref _totals.WritingTransactions);
        else Interlocked.Increment(ref _totals.ReadingTransactions);
    }

    /// <summary>Called more often than an interval is long: ends the interval when its time has come.</summary>
    public void Turn()
    {
        var second = clock.Now.Seconds / IntervalSeconds * IntervalSeconds;
        lock (_intervals)
        {
            if (second == _current) return;
            var now = _totals;
            _intervals.Enqueue((_current, Counts.Between(_before, now)));
            (_current, _before) = (second, now);
            if (_intervals.Count > Kept) _intervals.Dequeue();
        }
    }

    public void Write(RespWriter w)
    {
        (long, Counts)[] intervals;
        lock (_intervals) intervals = [.. _intervals];
        w.Array(intervals.Length + 1);
        Section(w, "TOTALS", _totals);
        foreach (var (second, counts) in intervals) Section(w, $"TIMESTAMP {second}", counts);
    }

    private static void Section(RespWriter w, string title, Counts counts)
    {
        w.Array(2);
        w.Simple(title);
        w.Array(4);
        w.Simple($"READS {counts.Reads}");
        w.Simple($"WRITES {counts.Writes}");
        w.Simple($"TXREAD {counts.ReadingTransactions}");
        w.Simple($"TXREADWRITE {counts.WritingTransactions}");
    }

    private struct Counts
    {
        public long Reads;
        public long Writes;
        public long ReadingTransactions;
        public long WritingTransactions;

        public static Counts Between(Counts before, Counts now) => new()
        {
            Reads = now.Reads - before.Reads,
            Writes = now.Writes - before.Writes,
            ReadingTransactions = now.ReadingTransactions - before.ReadingTransactions,
            WritingTransactions = now.WritingTransactions - before.WritingTransactions,
        };
    }
}
