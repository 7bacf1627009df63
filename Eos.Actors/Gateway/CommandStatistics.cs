using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Gateway;

/// <summary>How often each command ran and how long it took. Mutable; belongs to one gateway.</summary>
public sealed class CommandStatistics
{
    private static readonly int[] WindowSeconds = [5, 60, 300, 3600];
    private readonly SortedDictionary<string, Row> _rows = new(StringComparer.Ordinal);

    public void Add(string command, Instant now, TimeSpan took)
    {
        if (!_rows.TryGetValue(command, out var row)) _rows[command] = row = new Row();
        row.Add(now.Seconds, took.TotalMilliseconds);
    }

    public ulong Total(string command) => _rows.TryGetValue(command, out var row) ? row.Total : 0;

    /// <summary>One row a command, in the order of their names.</summary>
    public ImmutableArray<GatewayProtocol.CommandCounts> Read(Instant now) => [.. _rows.Select(r => r.Value.Read(r.Key, now.Seconds))];

    private sealed class Row
    {
        private const int Samples = 1000;
        private readonly Queue<(long Second, ulong Count)> _seconds = new();
        private readonly double[] _times = new double[Samples];
        private double _sum;
        private double _squares;
        private double _max;
        private long _second;
        private ulong _inSecond;

        public ulong Total { get; private set; }

        public void Add(long second, double ms)
        {
            Roll(second);
            _inSecond++;
            _times[Total % Samples] = ms;
            Total++;
            _sum += ms;
            _squares += ms * ms;
            _max = Math.Max(_max, ms);
        }

        public GatewayProtocol.CommandCounts Read(string command, long second)
        {
            Roll(second);
            var windows = WindowSeconds.Select(w => _inSecond + _seconds.Where(s => s.Second > second - w).Aggregate(0UL, (sum, s) => sum + s.Count));
            var mean = _sum / Total;
            var sample = _times[..(int)Math.Min(Total, Samples)];
            Array.Sort(sample);
            return new GatewayProtocol.CommandCounts(
                command,
                Total,
                [.. windows],
                mean,
                Math.Sqrt(Math.Max(0, _squares / Total - mean * mean)),
                sample[(int)Math.Ceiling(sample.Length * 0.99) - 1],
                _max);
        }

        private void Roll(long second)
        {
            if (second <= _second) return;
            if (_inSecond > 0) _seconds.Enqueue((_second, _inSecond));
            while (_seconds.TryPeek(out var oldest) && oldest.Second <= second - WindowSeconds[^1]) _seconds.Dequeue();
            (_second, _inSecond) = (second, 0);
        }
    }
}
