using Eos.Instance;
using Eos.Services;

namespace Eos.Gateway;

/// <summary>Paths that another instance has: the longest routed prefix counts, and clients are sent to the best of its endpoints. Pure.</summary>
public static class PathRoute
{
    /// <summary>Where a path is; null: here.</summary>
    public static Endpoint? Find(InstanceState instance, EndpointStandings standings, string path)
    {
        var routes = instance.Section(Endpoint.Section);
        return PathMap.Longest(routes.ContainsKey, routes.Count, path) is { } prefix && Endpoint.Parse(routes[prefix]) is { IsEmpty: false } endpoints ? standings.Best(endpoints) : null;
    }
}
