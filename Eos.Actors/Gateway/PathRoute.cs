using System.Collections.Immutable;
using System.Globalization;
using Eos.Instance;

namespace Eos.Gateway;

/// <summary>Paths that another instance has: the longest routed prefix counts, and its first endpoint is where clients are sent. Pure.</summary>
public static class PathRoute
{
    /// <summary>Of the configuration: prefix with a slash at its end, and endpoints as <see cref="Endpoint"/> writes them, with commas between.</summary>
    public const string Section = "route";

    private const int UsualPort = 1094, UsualHttpPort = 8000;

    /// <summary>One place that serves the paths: written `host:port:http-port`.</summary>
    public readonly record struct Endpoint(string Host, int Port, int HttpPort)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}:{HttpPort}");
    }

    /// <summary>Where a path is; null: here.</summary>
    public static Endpoint? Find(InstanceState instance, string path)
    {
        var routes = instance.Section(Section);
        return PathMap.Longest(routes.ContainsKey, routes.Count, path) is { } prefix && Parse(routes[prefix]) is [var first, ..] ? first : null;
    }

    /// <summary>Reads `host[:port[:http-port]],…`; nothing if any of it is wrong.</summary>
    public static ImmutableArray<Endpoint> Parse(string text)
    {
        var found = ImmutableArray.CreateBuilder<Endpoint>();
        foreach (var word in text.Split(','))
        {
            var parts = word.Trim().Split(':');
            if (parts.Length > 3 || parts[0].Length == 0 || !parts[0].All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-')) return [];
            if (PortOf(parts, 1, UsualPort) is not { } port || PortOf(parts, 2, UsualHttpPort) is not { } http) return [];
            found.Add(new Endpoint(parts[0], port, http));
        }
        return found.ToImmutable();
    }

    private static int? PortOf(string[] parts, int index, int usual)
    {
        if (parts.Length <= index) return usual;
        return int.TryParse(parts[index], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536 ? port : null;
    }
}
