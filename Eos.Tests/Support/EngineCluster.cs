using System.Diagnostics;

namespace Eos.Tests.Support;

/// <summary>Several engine nodes as processes on loopback that know each other as seed nodes.</summary>
public sealed class EngineCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly NodeProcess[] _nodes;
    private readonly string _seeds;
    private readonly string _journal;

    private EngineCluster(int[] ports, string journal)
    {
        Ports = ports;
        _seeds = string.Join(',', ports);
        _journal = journal;
        _nodes = [.. ports.Select(Launch)];
    }

    public int[] Ports { get; }

    public NodeProcess this[int index] => _nodes[index];

    /// <summary>Starts that many and waits until all see all up.</summary>
    public static async Task<EngineCluster> Start(int count, string journal)
    {
        var cluster = new EngineCluster(FreePort.Take(count), journal);
        try
        {
            for (var i = 0; i < count; i++)
            {
                await cluster.Hears(i, "UP");
                foreach (var port in cluster.Ports) await cluster.Hears(i, $"EVENT MemberUp {port}");
            }
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until a node says the line; gives how long that took.</summary>
    public async Task<TimeSpan> Hears(int node, string line, Stopwatch? since = null)
    {
        since ??= Stopwatch.StartNew();
        await _nodes[node].Heard(l => l == line, Patience, $"node {node} should say '{line}'");
        return since.Elapsed;
    }

    /// <summary>Starts a node again that was killed.</summary>
    public void Restart(int node) => _nodes[node] = Launch(Ports[node]);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
    }

    private NodeProcess Launch(int port) => NodeProcess.StartSelf($"node {port}", "engine-node", $"{port}", _seeds, _journal);
}
