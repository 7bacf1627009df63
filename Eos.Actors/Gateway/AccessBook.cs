using System.Collections.Immutable;
using System.Globalization;
using Eos.Instance;

namespace Eos.Gateway;

/// <summary>Where callers are sent. <paramref name="Delay"/>: what they wait first.</summary>
public sealed record AccessRedirect(string Host, int Port, TimeSpan Delay);

/// <summary>
/// Who is let in, and how fast: the section `access` of the configuration. Rows there: `ban:user:7`, `allow:host:…`, `redirect:*`, `stall:w:*`, `limit:rate:user:*:Stat`,
/// `stallhosts:stall:…`.
/// </summary>
public sealed record AccessBook
{
    public const string Section = "access";

    /// <summary>What can be banned and allowed, in the order of listings.</summary>
    public static readonly string[] Kinds = ["user", "group", "host", "domain", "token"];

    public static readonly AccessBook Empty = new();

    public ImmutableSortedSet<(string Kind, string Name)> Banned { get; init; } = [];
    public ImmutableSortedSet<(string Kind, string Name)> Allowed { get; init; } = [];

    /// <summary>By `*`, `r:*`, `w:*` and names of errnos.</summary>
    public ImmutableSortedDictionary<string, AccessRedirect> Redirects { get; init; } = ImmutableSortedDictionary.Create<string, AccessRedirect>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, TimeSpan> Stalls { get; init; } = ImmutableSortedDictionary.Create<string, TimeSpan>(StringComparer.Ordinal);

    /// <summary>By `threads:…` and `rate:user|group:name:counter`.</summary>
    public ImmutableSortedDictionary<string, ulong> Limits { get; init; } = ImmutableSortedDictionary.Create<string, ulong>(StringComparer.Ordinal);

    /// <summary>If there are any, only these are stalled.</summary>
    public ImmutableSortedSet<string> StallHosts { get; init; } = [];

    /// <summary>These are never stalled.</summary>
    public ImmutableSortedSet<string> NoStallHosts { get; init; } = [];

    public bool IsEmpty => Banned.IsEmpty && Allowed.IsEmpty && Redirects.IsEmpty && Stalls.IsEmpty && Limits.IsEmpty;

    /// <summary>Whether requests have to be counted.</summary>
    public bool HasLimits => !Limits.IsEmpty;

    /// <summary>How many requests of a user may run at once; null: no rule says.</summary>
    public ulong? ThreadsOf(string name, uint uid)
    {
        foreach (var key in new[] { $"threads:{name}", $"threads:{uid.ToString(CultureInfo.InvariantCulture)}", "threads:*" })
            if (Limits.TryGetValue(key, out var limit)) return limit;
        return null;
    }

    public static AccessBook Of(InstanceState instance)
    {
        var book = Empty;
        foreach (var (key, value) in instance.Section(Section)) book = book.With(key, value);
        return book;
    }

    /// <summary>`host[:port[:ms]]`; null: it is none.</summary>
    public static AccessRedirect? ParseRedirect(string text)
    {
        const int usual = 1094;
        var parts = text.Split(':');
        if (parts.Length is 0 or > 3 || parts[0].Length == 0 || parts[0].Any(char.IsWhiteSpace)) return null;
        var port = parts.Length > 1 ? ushort.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : -1 : usual;
        var delay = parts.Length > 2 ? int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var ms) ? ms : -1 : 0;
        return port < 0 || delay < 0 ? null : new AccessRedirect(parts[0], port, TimeSpan.FromMilliseconds(delay));
    }

    private AccessBook With(string key, string value)
    {
        var (list, rest) = key.Split(':', 2) is [var first, var second] ? (first, second) : (key, "");
        return list switch
        {
            "ban" when Split(rest) is { } who => this with { Banned = Banned.Add(who) },
            "allow" when Split(rest) is { } who => this with { Allowed = Allowed.Add(who) },
            "redirect" when ParseRedirect(value) is { } to => this with { Redirects = Redirects.SetItem(rest, to) },
            "stall" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) => this with { Stalls = Stalls.SetItem(rest, TimeSpan.FromSeconds(seconds)) },
            "limit" when ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) => this with { Limits = Limits.SetItem(rest, limit) },
            "stallhosts" when Split(rest) is { Kind: "stall" } host => this with { StallHosts = StallHosts.Add(host.Name) },
            "stallhosts" when Split(rest) is { Kind: "nostall" } host => this with { NoStallHosts = NoStallHosts.Add(host.Name) },
            _ => this,
        };
    }

    private static (string Kind, string Name)? Split(string text) => text.Split(':', 2) is [var kind, var name] ? (kind, name) : null;
}
