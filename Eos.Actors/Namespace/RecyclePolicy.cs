using System.Collections.Immutable;
using System.Globalization;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>What the recycle bin is told to do: `recycle config`. Kept as text by key, so that what is not set has its default.</summary>
public sealed record RecyclePolicy
{
    /// <summary>EOS: half a year.</summary>
    public static readonly TimeSpan UsualLifetime = TimeSpan.FromDays(180);

    private static readonly TimeSpan ShortestLifetime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(10);

    /// <summary>How far the bin is emptied below the ratio at which that begins.</summary>
    private const double LowMarkBelow = 0.1;

    public static readonly RecyclePolicy Usual = new();

    /// <summary>False: what is removed is gone, wherever it was.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Everything that is removed comes into the bin; else what was below a directory with `sys.recycle`.</summary>
    public bool Enforced { get; init; }

    /// <summary>The cleaner only says what it would do.</summary>
    public bool DryRun { get; init; }

    public TimeSpan Lifetime { get; init; } = UsualLifetime;

    /// <summary>Old entries go only while more of the bin than this is used; null: always.</summary>
    public double? Ratio { get; init; }

    /// <summary>Bytes that the bin takes; 0: any number.</summary>
    public ulong Size { get; init; }

    /// <summary>Entries that the bin takes; 0: any number.</summary>
    public ulong Inodes { get; init; }

    /// <summary>Between two looks at what is too old.</summary>
    public TimeSpan CollectInterval { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Between two removals of what a look found.</summary>
    public TimeSpan RemoveInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The use at which emptying ends.</summary>
    public double? LowMark => Ratio is { } ratio ? Math.Max(0, ratio - LowMarkBelow) : null;

    public static RecyclePolicy Of(IEnumerable<KeyValuePair<string, string>> values) =>
        values.Aggregate(Usual, (policy, value) => policy.With(value.Key, value.Value).Policy ?? policy);

    /// <summary>The policy with one key changed, or why not: EINVAL.</summary>
    public (RecyclePolicy? Policy, Refusal? Refusal) With(string key, string value)
    {
        switch (key)
        {
            case "enable": return OnOff(value) is { } on ? (this with { Enabled = on }, null) : Bad("on or off");
            case "enforce": return OnOff(value) is { } all ? (this with { Enforced = all }, null) : Bad("on or off");
            case "dry-run": return OnOff(value) is { } dry ? (this with { DryRun = dry }, null) : Bad("yes or no");
            case "lifetime": return Span(value) is { } life && life >= ShortestLifetime ? (this with { Lifetime = life }, null) : Bad("a time of 60 s at least");
            case "collect-interval": return Span(value) is { } collect && collect >= ShortestInterval ? (this with { CollectInterval = collect }, null) : Bad("a time of 10 s at least");
            case "remove-interval": return Span(value) is { } remove && remove >= ShortestInterval ? (this with { RemoveInterval = remove }, null) : Bad("a time of 10 s at least");
            case "size": return Scaled(value) is { } size ? (this with { Size = size }, null) : Bad("a number of bytes");
            case "inodes": return Scaled(value) is { } inodes ? (this with { Inodes = inodes }, null) : Bad("a number");
            case "ratio":
                return double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ratio) && ratio is > 0 and < 1
                    ? (this with { Ratio = ratio }, null)
                    : Bad("a number above 0 and below 1");
            default: return (null, new Refusal(Errno.Invalid, $"the recycle bin has no setting '{key}'"));
        }

        (RecyclePolicy?, Refusal?) Bad(string wanted) => (null, new Refusal(Errno.Invalid, $"{key} must be {wanted}, not '{value}'"));
    }

    /// <summary>As `recycle config --dump` prints it. The marks are the sizes at which emptying ends.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Dump() =>
    [
        new("enabled", YesNo(Enabled)),
        new("enforced", YesNo(Enforced)),
        new("dry_run", YesNo(DryRun)),
        new("keep_time_sec", Seconds(Lifetime)),
        new("space_keep_ratio", (Ratio ?? 0).ToString(CultureInfo.InvariantCulture)),
        new("low_space_watermark", Mark(Size)),
        new("low_inode_watermark", Mark(Inodes)),
        new("collect_interval_sec", Seconds(CollectInterval)),
        new("remove_interval_sec", Seconds(RemoveInterval)),
    ];

    private static bool? OnOff(string text) => text switch
    {
        "on" or "yes" or "1" or "true" => true,
        "off" or "no" or "0" or "false" => false,
        _ => null,
    };

    private string Mark(ulong whole) => ((ulong)(whole * (LowMark ?? 0))).ToString(CultureInfo.InvariantCulture);

    private static string YesNo(bool value) => value ? "yes" : "no";

    private static string Seconds(TimeSpan time) => ((long)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    /// <summary>A number with s, min, h, d, w, mo (30 days) or y (365 days) behind it; without: seconds.</summary>
    public static TimeSpan? Span(string text)
    {
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        var unit = text[digits..] switch { "" or "s" => 1L, "min" => 60, "h" => 3600, "d" => 86_400, "w" => 7 * 86_400, "mo" => 30 * 86_400, "y" => 365 * 86_400, _ => 0 };
        return digits is > 0 and < 10 && unit > 0 ? TimeSpan.FromSeconds(long.Parse(text.AsSpan(0, digits), CultureInfo.InvariantCulture) * unit) : null;
    }

    /// <summary>A number with k, M, G, T, P or E behind it, powers of 1000.</summary>
    private static ulong? Scaled(string text)
    {
        var scale = text.Length > 0 ? "kMGTPE".IndexOf(text[^1] == 'K' ? 'k' : text[^1], StringComparison.Ordinal) + 1 : 0;
        return ulong.TryParse(scale > 0 ? text.AsSpan(0, text.Length - 1) : text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= ulong.MaxValue / (ulong)Math.Pow(1000, scale)
            ? number * (ulong)Math.Pow(1000, scale)
            : null;
    }
}
