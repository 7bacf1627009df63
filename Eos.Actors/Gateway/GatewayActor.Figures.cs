using System.Collections.Immutable;
using System.Globalization;

namespace Eos.Gateway;

/// <summary>What a gateway tells of itself to its own routines.</summary>
public sealed partial class GatewayActor
{
    private GatewaySignals.Told Fulfil(GatewaySignals.IWish wish)
    {
        switch (wish)
        {
            case GatewaySignals.ReadCounts read:
                var records = _statistics.Records(_parts.Clock.Now, read.ByOwner, read.ByApp);
                if (read.Forget) _statistics.Clear();
                return new GatewaySignals.Told(records, []);
            default: throw new InvalidOperationException($"no way to fulfil {wish.GetType().Name}");
        }
    }

    /// <summary>Files are kept by their directories, not here: their cache has no size of its own.</summary>
    private ImmutableSortedDictionary<string, string> Figures()
    {
        var (occupancy, size) = _cache.Figures;
        return new Dictionary<string, string>
        {
            ["ns.cache.files.maxsize"] = "0",
            ["ns.cache.files.occupancy"] = "0",
            ["ns.cache.containers.maxsize"] = size.ToString(CultureInfo.InvariantCulture),
            ["ns.cache.containers.occupancy"] = occupancy.ToString(CultureInfo.InvariantCulture),
            ["ns.requests.running"] = _workers.Count.ToString(CultureInfo.InvariantCulture),
            ["ns.requests.waiting"] = _admission.Waiting.ToString(CultureInfo.InvariantCulture),
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }
}
