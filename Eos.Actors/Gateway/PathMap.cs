using Eos.Instance;

namespace Eos.Gateway;

/// <summary>The logical mapping of paths: the longest mapped prefix is replaced, once. Prefixes end at a slash.</summary>
public static class PathMap
{
    /// <summary>Of the configuration: prefix and what it means, both with a slash at the end.</summary>
    public const string Section = "map";

    /// <summary>The path that is meant. Cost: one look a name of the path, none when nothing is mapped.</summary>
    public static string Apply(InstanceState instance, string path)
    {
        var rules = instance.Section(Section);
        return Longest(rules.ContainsKey, rules.Count, path) is { } prefix ? (rules[prefix] + path[Math.Min(prefix.Length, path.Length)..]) : path;
    }

    /// <summary>The longest prefix of a path, with the slash at its end, that is known; null if none is.</summary>
    public static string? Longest(Func<string, bool> isKnown, int count, string path)
    {
        if (count == 0 || path.Length == 0 || path[0] != '/') return null;
        var whole = Ended(path);
        for (var end = whole.Length; end > 0; end = end < 2 ? 0 : whole.LastIndexOf('/', end - 2) + 1)
            if (isKnown(whole[..end])) return whole[..end];
        return null;
    }

    public static string Ended(string path) => path.EndsWith('/') ? path : path + "/";

    /// <summary>Absolute, and nothing in it that could be read in two ways.</summary>
    public static bool IsPlain(string path) =>
        path.StartsWith('/') && !path.Contains(' ', StringComparison.Ordinal) && !path.Contains('\\', StringComparison.Ordinal)
        && !Ended(path).Contains("/./", StringComparison.Ordinal) && !Ended(path).Contains("/../", StringComparison.Ordinal);
}
