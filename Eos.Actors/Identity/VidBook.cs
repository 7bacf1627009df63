using System.Collections.Immutable;
using System.Globalization;

namespace Eos.Identity;

/// <summary>Whether a token may carry the rights of a sudoer: EOS's `tokensudo`, by how the connection was proved. Append only.</summary>
public enum TokenSudo
{
    Always = 0,
    Encrypted = 1,
    Strong = 2,
    Never = 3,
}

/// <summary>The ids that one pattern of one protocol stands for; null: that half is not said.</summary>
public readonly record struct MappedIds(uint? Uid, uint? Gid);

/// <summary>A rule is named by how callers prove themselves and by a pattern of what they prove.</summary>
public readonly record struct MapRule(string Protocol, string Pattern) : IComparable<MapRule>
{
    /// <summary>Stands for the id that the user's name has in the password file.</summary>
    public const string ByName = "<pwd>";

    public int CompareTo(MapRule other) =>
        string.CompareOrdinal(Protocol, other.Protocol) is var order and not 0 ? order : string.CompareOrdinal(Pattern, other.Pattern);
}

/// <summary>
/// Who is who: all of EOS's `vid` rules, read from the section `vid` of the instance's configuration. Rows there: `prot:"pattern":uid` and `:gid`, `uid:uids`, `uid:gids`, `uid:root`,
/// `geotag:prefix`, `publicaccesslevel`, `tokensudo`.
/// </summary>
public sealed record VidBook
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "vid";

    /// <summary>Depth from which on nobody sees nothing, unless it is set.</summary>
    public const int UsualPublicAccessLevel = 1024;

    /// <summary>Of an instance that has not set any: holders of the instance's key and local users are believed by name.</summary>
    public static readonly VidBook Usual = Of(ImmutableSortedDictionary<string, string>.Empty);

    public ImmutableSortedDictionary<MapRule, MappedIds> Maps { get; init; } = ImmutableSortedDictionary<MapRule, MappedIds>.Empty;

    /// <summary>Further ids that a user may take.</summary>
    public ImmutableSortedDictionary<uint, ImmutableSortedSet<uint>> Uids { get; init; } = ImmutableSortedDictionary<uint, ImmutableSortedSet<uint>>.Empty;

    /// <inheritdoc cref="Uids"/>
    public ImmutableSortedDictionary<uint, ImmutableSortedSet<uint>> Gids { get; init; } = ImmutableSortedDictionary<uint, ImmutableSortedSet<uint>>.Empty;

    public ImmutableSortedSet<uint> Sudoers { get; init; } = [];

    /// <summary>By the beginning of the caller's address; `default` for all others.</summary>
    public ImmutableSortedDictionary<string, string> Geotags { get; init; } = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    public int PublicAccessLevel { get; init; } = UsualPublicAccessLevel;

    public TokenSudo TokenSudo { get; init; }

    /// <summary>Rows that make no sense are passed over: they were refused when they were set.</summary>
    public static VidBook Of(IReadOnlyDictionary<string, string> section)
    {
        var book = new VidBook();
        foreach (var (key, value) in section) book = book.With(key, value);
        return book;
    }

    /// <summary>Whether callers who prove themselves in that way are mapped at all.</summary>
    public bool IsEnabled(string protocol) => protocol is "sss" or "unix" || Maps.ContainsKey(new MapRule(protocol, MapRule.ByName))
        ? Maps.GetValueOrDefault(new MapRule(protocol, MapRule.ByName)).Uid is not NotEnabled
        : Maps.Keys.Any(rule => rule.Protocol == protocol);

    /// <summary>The value of a row that switches a protocol off which is usually on.</summary>
    public const uint NotEnabled = uint.MaxValue;

    /// <summary>The longest prefix of the address that has a tag; empty: none.</summary>
    public string GeotagOf(string address)
    {
        var best = Geotags.Where(g => g.Key != "default" && address.StartsWith(g.Key, StringComparison.Ordinal)).OrderByDescending(g => g.Key.Length).Select(g => g.Value);
        return best.FirstOrDefault() ?? Geotags.GetValueOrDefault("default", "");
    }

    private VidBook With(string key, string value)
    {
        if (key == "publicaccesslevel") return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var level) ? this with { PublicAccessLevel = level } : this;
        if (key == "tokensudo") return Enum.TryParse<TokenSudo>(value, ignoreCase: true, out var sudo) ? this with { TokenSudo = sudo } : this;
        if (key.StartsWith("geotag:", StringComparison.Ordinal)) return this with { Geotags = Geotags.SetItem(key["geotag:".Length..], value) };

        var (open, close) = (key.IndexOf(":\"", StringComparison.Ordinal), key.LastIndexOf("\":", StringComparison.Ordinal));
        if (open > 0 && close > open) return WithRule(new MapRule(key[..open], key[(open + 2)..close]), key[(close + 2)..], value);
        return key.Split(':') is [var user, var what] && uint.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out var uid) ? WithMembership(uid, what, value) : this;
    }

    private VidBook WithRule(MapRule rule, string half, string value)
    {
        if (!uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return this;
        var ids = Maps.GetValueOrDefault(rule);
        return this with { Maps = Maps.SetItem(rule, half == "uid" ? ids with { Uid = id } : ids with { Gid = id }) };
    }

    private VidBook WithMembership(uint uid, string what, string value) => what switch
    {
        "uids" => this with { Uids = Uids.SetItem(uid, Ids(value)) },
        "gids" => this with { Gids = Gids.SetItem(uid, Ids(value)) },
        "root" => this with { Sudoers = value == "true" ? Sudoers.Add(uid) : Sudoers.Remove(uid) },
        _ => this,
    };

    private static ImmutableSortedSet<uint> Ids(string list) =>
    [
        .. list.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(word => uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : (uint?)null).OfType<uint>(),
    ];
}
