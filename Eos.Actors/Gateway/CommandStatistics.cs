using System.Collections.Immutable;
using Eos.Identity;
using Eos.Kernel;

namespace Eos.Gateway;

/// <summary>How often each command ran and how long it took. Mutable; belongs to one gateway.</summary>
public sealed class CommandStatistics
{
    private static readonly int[] WindowSeconds = [5, 60, 300, 3600];
    private static readonly string[] WindowKeys = ["5s", "60s", "300s", "3600s"];
    private readonly SortedDictionary<string, Row> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ulong> _ever = new(StringComparer.Ordinal);
    private readonly OwnerStatistics _owners = new();

    /// <param name="who">Whose it was; null: nobody's.</param>
    public void Add(string command, Instant now, TimeSpan took, Caller? who = null)
    {
        if (who is not null) _owners.Add(command, who, now);
        _ever[command] = Total(command) + 1;
        if (!_rows.TryGetValue(command, out var row)) _rows[command] = row = new Row();
        row.Add(now.Seconds, took.TotalMilliseconds);
    }

    /// <summary>Since this gateway began, whatever was forgotten.</summary>
    public ulong Total(string command) => _ever.GetValueOrDefault(command);

    /// <summary>Counts from nothing again.</summary>
    public void Clear()
    {
        _rows.Clear();
        _owners.Clear();
    }

    /// <summary>What `ns stat -m` prints: one record for all commands together, one a command, then users and groups, then applications, where they are wanted.</summary>
    public ImmutableArray<GatewayProtocol.AdminRecord> Records(Instant now, bool byOwner, bool byApp)
    {
        var rows = Read(now);
        var total = rows.Aggregate(0UL, (sum, r) => sum + r.Total);
        var mean = total == 0 ? 0 : rows.Sum(r => r.MeanMs * r.Total) / total;
        var squares = total == 0 ? 0 : rows.Sum(r => (r.SigmaMs * r.SigmaMs + r.MeanMs * r.MeanMs) * r.Total) / total;
        return
        [
            All.Add("total.exec.avg", mean).Add("total.exec.sigma", Math.Sqrt(Math.Max(0, squares - mean * mean))),
            .. rows.Select(r => WindowKeys.Zip(r.Windows).Aggregate(All.Add("cmd", r.Command).Add("total", r.Total), (record, w) => record.Add(w.First, w.Second))
                .Add("exec", r.MeanMs).Add("execsig", r.SigmaMs).Add("exec99", r.P99Ms).Add("execmax", r.MaxMs).Add("cumulexecms", r.MeanMs * r.Total)),
            .. _owners.Read(now, byOwner, byApp),
        ];
    }

    private static GatewayProtocol.AdminRecord All => GatewayProtocol.AdminRecord.Empty.Add("uid", "all").Add("gid", "all");

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
