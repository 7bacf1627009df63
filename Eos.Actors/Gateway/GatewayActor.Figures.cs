using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Eos.Identity;

namespace Eos.Gateway;

/// <summary>What a gateway tells of itself to its own routines.</summary>
public sealed partial class GatewayActor
{
    private readonly long _bornWith = Virtual();

    private GatewaySignals.Told Fulfil(GatewaySignals.IWish wish)
    {
        switch (wish)
        {
            case GatewaySignals.ReadCounts read:
                var records = _statistics.Records(_parts.Clock.Now, read.ByOwner, read.ByApp);
                var limits = Limits();
                if (read.Forget)
                {
                    _statistics.Clear();
                    _stalls.Clear();
                }
                return new GatewaySignals.Told([.. records, .. limits], []);
            default: throw new InvalidOperationException($"no way to fulfil {wish.GetType().Name}");
        }
    }

    private ImmutableArray<GatewayProtocol.AdminRecord> Limits() => _stalls.Read(
        _callers.Values.CountBy(c => c.Uid).ToDictionary(),
        _sessions.Read(_parts.Clock.Now).CountBy(s => s.Uid).ToDictionary(),
        uid => _access.ThreadsOf((_users ?? UserBook.Empty).User(uid), uid));

    private static string Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1).ToString(CultureInfo.InvariantCulture);

    private static long Virtual()
    {
        using var process = Process.GetCurrentProcess();
        return process.VirtualMemorySize64;
    }

    /// <summary>Bytes of the process that it shares with others, by Linux; 0 elsewhere.</summary>
    private static ulong Shared()
    {
        const string Figures = "/proc/self/statm";
        if (!File.Exists(Figures)) return 0;
        return File.ReadAllText(Figures).Split(' ') is [_, _, var pages, ..] && ulong.TryParse(pages, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count * (ulong)Environment.SystemPageSize : 0;
    }

    /// <summary>Files are kept by their directories, not here: their cache has no size of its own.</summary>
    private ImmutableSortedDictionary<string, string> Figures()
    {
        var (occupancy, size) = _cache.Figures;
        var group = _parts.Group();
        return new Dictionary<string, string>
        {
            ["ns.cache.files.maxsize"] = "0",
            ["ns.cache.files.occupancy"] = "0",
            ["ns.cache.containers.maxsize"] = size.ToString(CultureInfo.InvariantCulture),
            ["ns.cache.containers.occupancy"] = occupancy.ToString(CultureInfo.InvariantCulture),
            ["ns.qclient.backlog.pending"] = group.Pending.ToString(CultureInfo.InvariantCulture),
            ["ns.qclient.backlog.peak"] = group.MostPending.ToString(CultureInfo.InvariantCulture),
            ["ns.qclient.rtt_ms.min"] = Milliseconds(group.Least),
            ["ns.qclient.rtt_ms.avg"] = Milliseconds(group.Mean),
            ["ns.qclient.rtt_ms.max"] = Milliseconds(group.Longest),
            ["ns.qclient.rtt_ms_peak.1min"] = Milliseconds(group.Peak1),
            ["ns.qclient.rtt_ms_peak.2min"] = Milliseconds(group.Peak2),
            ["ns.qclient.rtt_ms_peak.5min"] = Milliseconds(group.Peak5),
            ["ns.memory.share"] = Shared().ToString(CultureInfo.InvariantCulture),
            ["ns.memory.growth"] = (Virtual() - _bornWith).ToString(CultureInfo.InvariantCulture),
            ["ns.directories.awake"] = _parts.Awake.Count.ToString(CultureInfo.InvariantCulture),
            ["ns.requests.running"] = _workers.Count.ToString(CultureInfo.InvariantCulture),
            ["ns.requests.waiting"] = _admission.Waiting.ToString(CultureInfo.InvariantCulture),
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }
}
