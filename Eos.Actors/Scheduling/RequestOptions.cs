using System.Collections.Immutable;
using System.Globalization;
using Eos.Kernel;

namespace Eos.Scheduling;

/// <summary>What a client asks for when it opens a file, in the keys that EOS puts behind `?` (`eos.layout.nstripes=2`). Keys of others are left alone.</summary>
public sealed record RequestOptions
{
    /// <summary>Nothing is asked for.</summary>
    public static readonly RequestOptions None = new();

    /// <summary>The key of <see cref="Modified"/>.</summary>
    public const string ModifiedKey = "eos.mtime";

    private const string Prefix = "eos.";

    private static readonly Dictionary<string, string> LayoutNames = new()
    {
        ["eos.layout.type"] = "layout",
        ["eos.layout.nstripes"] = "nstripes",
        ["eos.layout.checksum"] = "checksum",
        ["eos.layout.blocksize"] = "blocksize",
    };

    /// <summary>By the names that attributes have behind `forced.`: layout, nstripes, checksum, blocksize.</summary>
    public ImmutableDictionary<string, string> Layout { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Null: as the directory or the instance says.</summary>
    public string? Space { get; init; }

    public string? Group { get; init; }

    public PlacementPolicy? Placement { get; init; }

    /// <summary>Bytes to reserve.</summary>
    public ulong? Booking { get; init; }

    /// <summary>Bytes that will come: the promise is kept or the upload fails.</summary>
    public ulong? TargetSize { get; init; }

    /// <summary>What is replaced becomes a version, and so many stay; null: as the directory says.</summary>
    public int? Versions { get; init; }

    /// <summary>Filesystems not to use.</summary>
    public ImmutableArray<FsId> Excluded { get; init; } = [];

    /// <summary>The only filesystem to read from.</summary>
    public FsId? Forced { get; init; }

    /// <summary>The bytes must have this checksum; empty: any. Compared with the file's own type only.</summary>
    public string Checksum { get; init; } = "";

    /// <summary>The type of <see cref="Checksum"/>; null: the file's.</summary>
    public ChecksumType? ChecksumType { get; init; }

    /// <summary>The modification time that the file gets; null: the moment of the upload.</summary>
    public Instant? Modified { get; init; }

    /// <summary>MB/s at most; null: as space and directory say.</summary>
    public string? Bandwidth { get; init; }

    /// <summary>EOS's word of how the file is written.</summary>
    public string? IoType { get; init; }

    /// <summary>Root's wish to pass by what directories and spaces say.</summary>
    public bool NoForce { get; init; }

    /// <summary>The checksum's type stays the client's.</summary>
    public bool ChecksumNoForce { get; init; }

    /// <summary>Refused with EINVAL: values that say nothing.</summary>
    public static (RequestOptions Options, Refusal? Refusal) Parse(IEnumerable<KeyValuePair<string, string>> query)
    {
        var (options, refusal) = (None, default(Refusal));
        foreach (var (key, value) in query)
        {
            if (!key.StartsWith(Prefix, StringComparison.Ordinal) || value.Length == 0) continue;
            if (LayoutNames.TryGetValue(key, out var name)) options = options with { Layout = options.Layout.SetItem(name, value) };
            else if (With(options, key, value) is { } next) options = next;
            else refusal ??= new Refusal(Errno.Invalid, $"{key}: '{value}' says nothing");
        }
        return (options, refusal);
    }

    private static RequestOptions? With(RequestOptions options, string key, string value) => key switch
    {
        "eos.space" => options with { Space = value },
        "eos.group" => options with { Group = value },
        "eos.placementpolicy" => PlacementPolicy.Parse(value) is { } policy ? options with { Placement = policy } : null,
        "eos.bookingsize" => Number(value) is { } booking ? options with { Booking = booking } : null,
        "eos.versioning" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var versions) ? options with { Versions = versions } : null,
        "eos.targetsize" => Number(value) is { } target ? options with { TargetSize = target } : null,
        "eos.excludefsid" => Filesystems(value) is { } excluded ? options with { Excluded = excluded } : null,
        "eos.force.fsid" => Filesystems(value) is [var forced] ? options with { Forced = forced } : null,
        "eos.checksum" => options with { Checksum = value },
        "eos.checksumtype" => ChecksumNames.TryParse(value, out var type) ? options with { ChecksumType = type } : null,
        ModifiedKey => Time(value) is { } time ? options with { Modified = time } : null,
        IoPolicy.BandwidthKey => IoPolicy.Check("bandwidth", value) is null ? options with { Bandwidth = value } : null,
        IoPolicy.TypeKey => IoPolicy.Check("iotype", value) is null ? options with { IoType = value } : null,
        "eos.layout.noforce" => options with { NoForce = value == "1" },
        "eos.checksum.noforce" => options with { ChecksumNoForce = value == "1" },
        _ => options,
    };

    /// <summary>Seconds since 1970, and behind a point up to nine digits of nanoseconds.</summary>
    private static Instant? Time(string value)
    {
        var parts = value.Split('.');
        return parts.Length <= 2 && uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && uint.TryParse(parts.Length == 2 && parts[1].Length <= 9 ? parts[1].PadRight(9, '0') : parts.Length == 2 ? "no" : "0", NumberStyles.None, CultureInfo.InvariantCulture, out var rest)
            ? new Instant(seconds * 1_000_000_000L + rest)
            : null;
    }

    private static ulong? Number(string value) => ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static ImmutableArray<FsId>? Filesystems(string value)
    {
        var words = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words.All(w => uint.TryParse(w, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            ? [.. words.Select(w => new FsId(uint.Parse(w, CultureInfo.InvariantCulture)))]
            : null;
    }
}
