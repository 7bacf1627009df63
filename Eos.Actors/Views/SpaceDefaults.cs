using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Eos.Views;

/// <summary>EOS's values of the keys of a space that nobody has set. `space status` shows them; a filesystem takes those that are its own when it is added or moved to the space.</summary>
public static class SpaceDefaults
{
    public static readonly FrozenDictionary<string, string> All = new Dictionary<string, string>
    {
        [ViewConfiguration.GroupSizeKey] = "0",
        [ViewConfiguration.GroupModKey] = "0",
        ["nominalsize"] = "0",
        ["quota"] = "off",
        ["balancer"] = "off",
        ["balancer.threshold"] = "20",
        ["balancer.node.rate"] = "25",
        ["balancer.node.ntx"] = "2",
        ["drainer.tx.minrate"] = "25",
        ["graceperiod"] = "86400",
        ["drainperiod"] = "86400",
        ["scanrate"] = "100",
        ["scaninterval"] = "604800",
        ["scan_rain_interval"] = "2419200",
        ["scan_disk_interval"] = "14400",
        ["scan_ns_rate"] = "50",
        ["scan_ns_interval"] = "259200",
        ["groupbalancer"] = "off",
        ["groupbalancer.ntx"] = "10",
        ["groupbalancer.threshold"] = "5",
        ["groupbalancer.min_file_size"] = "1G",
        ["groupbalancer.max_file_size"] = "16G",
        ["groupbalancer.file_attempts"] = "50",
        ["groupbalancer.engine"] = "std",
        ["groupbalancer.min_threshold"] = "0",
        ["groupbalancer.max_threshold"] = "0",
        ["geobalancer"] = "off",
        ["geobalancer.ntx"] = "10",
        ["geobalancer.threshold"] = "5",
        ["lru"] = "off",
        ["wfe"] = "off",
        ["wfe.ntx"] = "1",
        ["cache.low_watermark"] = "70",
        ["cache.high_watermark"] = "85",
    }.ToFrozenDictionary();

    private static readonly string[] OfFilesystems =
        ["scaninterval", "scan_rain_interval", "scanrate", "scan_disk_interval", "scan_ns_interval", "scan_ns_rate", "graceperiod", "drainperiod"];

    /// <summary>What is configured for a space over what holds without it.</summary>
    public static ImmutableSortedDictionary<string, string> Under(ImmutableSortedDictionary<string, string> configured) =>
        ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, All).SetItems(configured);

    /// <summary>What a space gives to a filesystem that comes into it.</summary>
    public static IEnumerable<KeyValuePair<string, string>> ForFilesystem(ImmutableSortedDictionary<string, string> configured)
    {
        var values = Under(configured);
        return OfFilesystems.Select(key => KeyValuePair.Create(key, values[key]));
    }
}
