namespace Eos.Benchmarks;

/// <summary>Three nodes of ours on this machine, with nothing but the replicated group.</summary>
internal sealed class EosServers : IAsyncDisposable
{
    private const int Count = 3;
    private readonly List<ServerProcess> _nodes = [];
    private readonly int[] _redis = ServerProcess.FreePorts(Count);
    private int _leader;

    public static async Task<EosServers> StartAsync(string folder)
    {
        if (!ServerProcess.Exists("redis-benchmark")) throw new InvalidOperationException("needs redis-benchmark (Debian package redis-tools)");
        var servers = new EosServers();
        var remoting = ServerProcess.FreePorts(Count);
        for (var i = 0; i < Count; i++)
        {
            var data = Path.Combine(folder, $"node{i + 1}");
            List<string> arguments =
            [
                Path.Combine(AppContext.BaseDirectory, "Eos.Host.dll"), "--data", data, "--roles", "qdb", "--set", $"akka.remote.dot-netty.tcp.port={remoting[i]}",
                "--set", $"eos.resp.port={servers._redis[i]}",
            ];
            foreach (var port in remoting) arguments.AddRange(["--member", $"127.0.0.1:{port}"]);
            servers._nodes.Add(ServerProcess.Start("dotnet", data, "host.log", [.. arguments]));
        }
        await ServerProcess.UntilAsync(servers.FindLeaderAsync, "a leader");
        return servers;
    }

    public async Task<LoadResult> LoadAsync(IReadOnlyList<string> arguments, int requests)
    {
        await ServerProcess.UntilAsync(FindLeaderAsync, "a leader");
        return await ServerProcess.RedisBenchmarkAsync(_redis[_leader], arguments, requests, [_nodes[_leader], .. _nodes.Where((_, i) => i != _leader)]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
    }

    private async Task<bool> FindLeaderAsync()
    {
        for (var i = 0; i < Count; i++)
        {
            if (!(await ServerProcess.RunAsync("redis-cli", "-p", $"{_redis[i]}", "set", "leader", "here")).StartsWith("OK", StringComparison.Ordinal)) continue;
            _leader = i;
            return true;
        }
        return false;
    }
}
