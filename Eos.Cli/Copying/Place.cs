using System.Collections.Immutable;
using Eos.Gateway;

namespace Eos.Cli.Copying;

/// <summary>One end of a copy as it was typed: a path of the namespace, a local path, or a standard stream.</summary>
/// <param name="InTheLarge">It was written with a slash at its end: a directory, or for a source its contents.</param>
internal sealed record Place(PlaceKind Kind, string Path, bool InTheLarge)
{
    /// <summary>EOS's query keys behind the path: `/eos/dev/x?eos.space=spare`.</summary>
    public ImmutableSortedDictionary<string, string> Query { get; init; } = GatewayProtocol.NoOptions;

    /// <summary>`-` is a stream, `/eos/…` and `root://host//eos/…` are the namespace, everything else, and `file:…`, is local.</summary>
    public static Place Parse(string typed)
    {
        if (typed == "-") return new(PlaceKind.Stream, "-", false);
        var slash = typed.EndsWith('/');
        Schemes.Refuse(typed);
        if (typed.StartsWith("file:", StringComparison.Ordinal)) return new(PlaceKind.Local, Local(typed[5..]), slash);
        if (typed.StartsWith("root://", StringComparison.Ordinal) && typed.IndexOf('/', 7) is var path and > 0) return Remote(typed[path..]);
        return typed == "/eos" || typed.StartsWith("/eos/", StringComparison.Ordinal) ? Remote(typed) : new(PlaceKind.Local, Local(typed), slash);
    }

    /// <summary>`eos.lfn` says which path is meant, whatever stands before it.</summary>
    private static Place Remote(string typed)
    {
        var mark = typed.LastIndexOf("?eos.", StringComparison.Ordinal);
        var query = mark < 0 ? GatewayProtocol.NoOptions : typed[(mark + 1)..].Split('&')
            .Select(pair => pair.Split('=', 2))
            .GroupBy(pair => pair[0], pair => Uri.UnescapeDataString(pair.ElementAtOrDefault(1) ?? ""), StringComparer.Ordinal)
            .ToImmutableSortedDictionary(key => key.Key, key => key.Last(), StringComparer.Ordinal);
        var path = query.GetValueOrDefault("eos.lfn", mark < 0 ? typed : typed[..mark]);
        return new(PlaceKind.Remote, RemotePath.Resolve("/", path), path.EndsWith('/')) { Query = query.Remove("eos.lfn") };
    }

    /// <summary>The place of something below this one, by a relative path with slashes.</summary>
    public Place Below(string relative) => relative.Length == 0
        ? this with { InTheLarge = false }
        : this with { Path = Kind == PlaceKind.Remote ? RemotePath.Join(Path, relative) : System.IO.Path.Combine(Path, relative), InTheLarge = false };

    public string Name => Kind == PlaceKind.Remote ? RemotePath.Name(Path) : System.IO.Path.GetFileName(Path);

    public override string ToString() => Path;

    private static string Local(string typed) =>
        typed.Length > 1 ? System.IO.Path.TrimEndingDirectorySeparator(typed) : typed;
}

/// <summary>Where a place is.</summary>
internal enum PlaceKind
{
    Remote = 1,
    Local = 2,
    Stream = 3,
}
