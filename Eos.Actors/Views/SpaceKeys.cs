using System.Globalization;
using Eos.Kernel;
using Eos.Scheduling;

namespace Eos.Views;

/// <summary>What may be configured for a space, as `space.KEY`, and which values say something.</summary>
public static class SpaceKeys
{
    private static readonly HashSet<string> Switches = ["quota", "balancer", "groupbalancer", "geobalancer", "converter", "lru", "tracker", "inspector", "wfe", "altxs", "drainer"];

    private static readonly HashSet<string> Sizes = ["nominalsize", "headroom", "filestickyproxydepth", "groupbalancer.min_file_size", "groupbalancer.max_file_size"];

    private static readonly HashSet<string> Numbers =
    [
        "groupsize", "groupmod", "graceperiod", "drainperiod", "scanrate", "scaninterval", "scan_rain_interval", "scan_disk_interval", "scan_ns_rate", "scan_ns_interval",
        "scan_altxs_interval", "max.ropen", "max.wopen", "atime", "token.generation", "balancer.threshold", "balancer.node.rate", "balancer.node.ntx", "drainer.tx.minrate",
        "cache.low_watermark", "cache.high_watermark",
    ];

    private static readonly string[] Families =
    [
        "policy.", "attr.", "balancer.", "groupbalancer.", "geobalancer.", "drainer.", "lru.", "tracker.", "inspector.", "wfe.", "scheduler.", "geo.", "geotag.", "cache.",
        "iotype:", "iopriority:", "bandwidth:", "schedule:", "altxs", "token.", "stall", "fuse", "taperestapi.", "scitoken",
    ];

    private static readonly HashSet<string> Words =
    [
        "status", "cachespace", "filearchivedgc", "autorepair", "scheduler.type", "statuscomment",
    ];

    private static readonly HashSet<string> LayoutPolicies = ["layout", "nstripes", "checksum", "blocksize"];

    private static readonly HashSet<string> Policies =
    [
        "space", "altspaces", "blockchecksum", "localredirect", "readconversion", "updateconversion", "recycle", "conversion", "conversion.creation", "conversion.injection",
        "conversion.access", "conversion.creation.size", "conversion.injection.size", "conversion.access.size",
    ];

    /// <summary>It is on or off.</summary>
    public static bool IsSwitch(string key) => Switches.Contains(key);

    /// <summary>Why a space may not have this; null: it may. EINVAL: no such key, or a value that says nothing.</summary>
    public static Refusal? Check(string key, string value)
    {
        if (value.Length is 0 or > 4096 || value.Any(char.IsControl)) return Invalid($"the value of '{key}' is empty, longer than 4096 characters or has unprintable ones");
        if (key.StartsWith(ViewConfiguration.PolicyPrefix, StringComparison.Ordinal)) return CheckPolicy(key[ViewConfiguration.PolicyPrefix.Length..], value);
        if (key.StartsWith(ViewConfiguration.AttributePrefix, StringComparison.Ordinal)) return CheckAttribute(key[ViewConfiguration.AttributePrefix.Length..]);
        if (IoPolicy.Names.Any(policy => key.StartsWith(policy + ":", StringComparison.Ordinal)))
            return IsIoPolicy(key) ? IoPolicy.Check(key, value) : Invalid($"'{key}' is no policy: NAME:r, NAME:w, and behind them .group:, .user: or .app: and a name are");
        if (Switches.Contains(key)) return value is "on" or "off" ? null : Invalid($"'{key}' is on or off, not '{value}'");
        if (Sizes.Contains(key)) return ByteCount.Parse(value) is null ? Invalid($"'{key}' is a size, not '{value}'") : null;
        if (Numbers.Contains(key)) return ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : Invalid($"'{key}' is a number, not '{value}'");
        return Words.Contains(key) || Families.Any(f => key.StartsWith(f, StringComparison.Ordinal) && key.Length > f.Length) && key.All(IsOfKey) ? null : Invalid($"'{key}' is no key of a space");
    }

    /// <summary>Sizes are kept as plain numbers of bytes.</summary>
    public static string Stored(string key, string value) =>
        Sizes.Contains(key) && ByteCount.Parse(value) is { } bytes ? bytes.ToString(CultureInfo.InvariantCulture) : value;

    private static Refusal? CheckPolicy(string name, string value)
    {
        if (LayoutPolicies.Contains(name)) return LayoutPolicy.CheckWord(name, value);
        if (IsIoPolicy(name)) return IoPolicy.Check(name, value);
        return Policies.Contains(name) ? null : Invalid($"'{name}' is no policy");
    }

    /// <summary>`iotype`, `iotype:r`, and scoped `iotype:w.group:atlas`.</summary>
    private static bool IsIoPolicy(string name) => IoPolicy.Names.Any(policy => name == policy
        || name.StartsWith(policy + ":", StringComparison.Ordinal) && name[(policy.Length + 1)..].Split('.', 2) is [("r" or "w"), .. var scope]
        && (scope.Length == 0 || scope[0].Split(':', 2) is [("group" or "user" or "app"), { Length: > 0 }]));

    private static Refusal? CheckAttribute(string key) =>
        (key.StartsWith("sys.", StringComparison.Ordinal) || key.StartsWith("user.", StringComparison.Ordinal)) && key.All(IsOfKey) ? null : Invalid($"'{key}' is no attribute: sys.… and user.… are");

    private static bool IsOfKey(char c) => !char.IsWhiteSpace(c) && !char.IsControl(c) && c is not ('=' or '"' or '#' or '/');

    private static Refusal Invalid(string text) => new(Errno.Invalid, text);
}
