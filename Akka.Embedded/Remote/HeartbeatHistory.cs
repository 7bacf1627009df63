namespace Akka.Remote;

/// <summary>The last intervals between heartbeats (milliseconds), with running sums.</summary>
internal sealed class HeartbeatHistory
{
    private readonly int _limit;
    private readonly long[] _ring;
    private int _next;
    private int _count;
    private long _sum;
    private long _squares;

    public HeartbeatHistory(int limit)
    {
        _limit = limit >= 1 ? limit : throw new ArgumentException($"max-sample-size must be at least 1, got [{limit}]");
        _ring = new long[limit];
    }

    public double Mean => (double)_sum / _count;

    public double StdDeviation => Math.Sqrt(Math.Max(0, (double)_squares / _count - Mean * Mean));

    /// <summary>Adds an interval; the oldest goes when there are too many.</summary>
    public void Add(long interval)
    {
        if (_count == _limit)
        {
            var oldest = _ring[_next];
            _sum -= oldest;
            _squares -= oldest * oldest;
        }
        else _count++;
        _ring[_next] = interval;
        _next = (_next + 1) % _limit;
        _sum += interval;
        _squares += interval * interval;
    }
}
