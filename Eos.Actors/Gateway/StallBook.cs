using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Gateway;

/// <summary>Which users were held up by limits and rules of access, how often and for how long. Mutable; belongs to one gateway. Bounded: the oldest are forgotten first.</summary>
public sealed class StallBook(int most)
{
    /// <summary>So many requests of a user may run at once where no rule says otherwise, as EOS lists it.</summary>
    private const ulong NoLimit = 65535;

    private readonly Dictionary<uint, (ulong Count, TimeSpan Time, Instant Last)> _rows = [];

    public void Add(uint uid, TimeSpan pause, Instant now)
    {
        if (_rows.Count >= most && !_rows.ContainsKey(uid))
            foreach (var old in _rows.OrderBy(r => r.Value.Last).Take(most / 2).Select(r => r.Key).ToList()) _rows.Remove(old);
        var row = _rows.GetValueOrDefault(uid);
        _rows[uid] = (row.Count + 1, row.Time + pause, now);
    }

    public void Clear() => _rows.Clear();

    /// <summary>`uid= threads= sessions= limit= stalls= stalltime= status=`: one record for each user who has a session, has requests that run, or was held up.</summary>
    /// <param name="running">Requests of each user that run now.</param>
    public ImmutableArray<GatewayProtocol.AdminRecord> Read(IReadOnlyDictionary<uint, int> running, IReadOnlyDictionary<uint, int> sessions, Func<uint, ulong?> limit) =>
    [
        .. from uid in _rows.Keys.Union(running.Keys).Union(sessions.Keys).Order()
           let threads = (ulong)running.GetValueOrDefault(uid)
           let allowed = limit(uid) ?? NoLimit
           let stalled = _rows.GetValueOrDefault(uid)
           select GatewayProtocol.AdminRecord.Empty.Add("uid", uid).Add("threads", threads).Add("sessions", (ulong)sessions.GetValueOrDefault(uid)).Add("limit", allowed)
               .Add("stalls", stalled.Count).Add("stalltime", (ulong)stalled.Time.TotalSeconds)
               .Add("status", threads > allowed ? "user-OL" : threads == allowed ? "user-LIMIT" : "user-OK"),
    ];
}
