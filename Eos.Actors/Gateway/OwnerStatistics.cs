using Eos.Identity;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>How often each user, group and application ran each command. Counted in steps of five seconds. Mutable; belongs to one gateway.</summary>
public sealed class OwnerStatistics
{
    private const int Grain = 5, LongestWindow = 3600;

    /// <summary>Most rows; what would be more is not counted apart.</summary>
    private const int MaxRows = 20_000;

    private static readonly (string Key, int Seconds)[] Windows = [("5s", 5), ("60s", 60), ("300s", 300), ("3600s", LongestWindow)];
    private readonly SortedDictionary<(string Owner, string Command), Row> _rows = [];

    public void Add(string command, Caller who, Instant now)
    {
        Add($"u{who.Uid}", command, now);
        Add($"g{who.Gid}", command, now);
        if (who.App.Length > 0) Add($"a{who.App}", command, now);
    }

    public void Clear() => _rows.Clear();

    /// <summary>`uid= gid= cmd= total= 5s= …`, or `app=`.</summary>
    public IEnumerable<AdminRecord> Read(Instant now, bool byOwner, bool byApp) =>
        from row in _rows
        let owner = row.Key.Owner[1..]
        let head = row.Key.Owner[0] switch
        {
            'u' when byOwner => AdminRecord.Empty.Add("uid", owner).Add("gid", "all"),
            'g' when byOwner => AdminRecord.Empty.Add("uid", "all").Add("gid", owner),
            'a' when byApp => AdminRecord.Empty.Add("app", owner),
            _ => null,
        }
        where head is not null
        select Windows.Aggregate(head.Add("cmd", row.Key.Command).Add("total", row.Value.Total), (r, w) => r.Add(w.Key, row.Value.Within(now.Seconds, w.Seconds)));

    private void Add(string owner, string command, Instant now)
    {
        if (!_rows.TryGetValue((owner, command), out var row))
        {
            if (_rows.Count >= MaxRows) return;
            _rows[(owner, command)] = row = new Row();
        }
        row.Add(now.Seconds);
    }

    private sealed class Row
    {
        private readonly Queue<(long Step, ulong Count)> _steps = new();
        private (long Step, ulong Count) _newest;

        public ulong Total { get; private set; }

        public void Add(long second)
        {
            var step = second / Grain;
            if (step > _newest.Step)
            {
                if (_newest.Count > 0) _steps.Enqueue(_newest);
                _newest = (step, 0);
                while (_steps.TryPeek(out var oldest) && oldest.Step <= step - LongestWindow / Grain) _steps.Dequeue();
            }
            _newest = (_newest.Step, _newest.Count + 1);
            Total++;
        }

        /// <summary>The step that is running counts as a whole one.</summary>
        public ulong Within(long second, int seconds)
        {
            var first = second / Grain - seconds / Grain;
            return _steps.Append(_newest).Where(s => s.Step > first).Aggregate(0UL, (sum, s) => sum + s.Count);
        }
    }
}
