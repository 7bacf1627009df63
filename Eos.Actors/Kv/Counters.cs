using Eos.Kernel;
using static Eos.Kv.SystemProtocol;

namespace Eos.Kv;

/// <summary>Numbers that are given once. The first of each counter is 1.</summary>
internal sealed class Counters(KeySpace rows)
{
    public IAnswer Take(TakeNumbers entry)
    {
        var key = SystemKeys.Counter(SystemKeys.Bytes(entry.Counter));
        var first = rows.Get(key) is { } row ? Keys.Number(row.Span) : 1;
        if (entry.Count > ulong.MaxValue - first) return new Refused(Errno.NoSpace, $"counter '{entry.Counter}' has no {entry.Count} numbers left");
        rows.Put(key, Keys.Number(first + entry.Count));
        return new NumbersTaken(first, entry.Count);
    }
}
