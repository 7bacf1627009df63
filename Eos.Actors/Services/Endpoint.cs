using System.Collections.Immutable;
using System.Globalization;

namespace Eos.Services;

/// <summary>How a place that serves routed paths is. The greater, the rather clients are sent there.</summary>
public enum EndpointStanding
{
    /// <summary>It does not answer, or says that it does not serve.</summary>
    Offline = -1,

    /// <summary>Nobody has asked it yet.</summary>
    Unknown = 0,

    Online = 1,

    /// <summary>It has the master role of its instance.</summary>
    Master = 2,
}

/// <summary>One place that serves paths of another instance: written `host:port:http-port`.</summary>
public readonly record struct Endpoint(string Host, int Port, int HttpPort)
{
    /// <summary>Of the configuration: prefix with a slash at its end, and endpoints with commas between.</summary>
    public const string Section = "route";

    private const int UsualPort = 1094, UsualHttpPort = 8000;

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

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}:{HttpPort}");

    private static int? PortOf(string[] parts, int index, int usual)
    {
        if (parts.Length <= index) return usual;
        return int.TryParse(parts[index], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536 ? port : null;
    }
}

/// <summary>How all endpoints are, as one node has seen them. Never leaves the process.</summary>
public sealed record EndpointStandings(ImmutableDictionary<Endpoint, EndpointStanding> Known)
{
    public static readonly EndpointStandings None = new(ImmutableDictionary<Endpoint, EndpointStanding>.Empty);

    public EndpointStanding this[Endpoint endpoint] => Known.GetValueOrDefault(endpoint);

    /// <summary>Where clients are sent: to the master, else to one that answers, the first that was named among equals.</summary>
    public Endpoint Best(ImmutableArray<Endpoint> endpoints)
    {
        var known = Known;
        return endpoints.MaxBy(e => known.GetValueOrDefault(e));
    }

    /// <summary>`*` before a master, `_` before what is offline, as EOS lists them.</summary>
    public string Marked(Endpoint endpoint) => this[endpoint] switch { EndpointStanding.Master => "*", EndpointStanding.Offline => "_", _ => "" } + endpoint;
}
