namespace Eos.Benchmarks;

/// <summary>Three nodes of ours on this machine, with nothing but the replicated group.</summary>
internal sealed class EosServers : IAsyncDisposable
{
    private const int Count = 3;
    private const int Tries = 20;
    private readonly List<ServerProcess> _nodes = [];
    private readonly int[] _redis = ServerProcess.FreePorts(Count);
    private int _leader;

    public static async Task<EosServers> StartAsync(string folder)
    {
        if (!ServerProcess.Exists("redis-benchmark")) throw new InvalidOperationException("needs redis-benchmark (Debian package redis-tools)");
        var servers = new EosServers();
        try
        {
            await servers.StartNodesAsync(folder);
            await ServerProcess.UntilAsync(servers.FindLeaderAsync, "a leader");
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>The first one makes the keys by which the nodes of an instance know each other.</summary>
    private async Task StartNodesAsync(string folder)
    {
        var remoting = ServerProcess.FreePorts(Count);
        var keys = Path.Combine(folder, "node1", "keytab");
        for (var i = 0; i < Count; i++)
        {
            var data = Directory.CreateDirectory(Path.Combine(folder, $"node{i + 1}")).FullName;
            if (i > 0) File.Copy(keys, Path.Combine(data, "keytab"));
            List<string> arguments =
            [
                Path.Combine(AppContext.BaseDirectory, "Eos.Host.dll"), "--data", data, "--roles", "qdb", "--set", $"akka.remote.dot-netty.tcp.port={remoting[i]}",
                "--set", $"eos.resp.port={_redis[i]}",
            ];
            foreach (var port in remoting) arguments.AddRange(["--member", $"127.0.0.1:{port}"]);
            _nodes.Add(ServerProcess.Start("dotnet", data, "host.log", [.. arguments]));
            await ServerProcess.UntilAsync(() => Task.FromResult(File.Exists(keys) && new FileInfo(keys).Length > 0), "the keys of the first node");
        }
    }

    /// <summary>A run that meets a change of leader ends with the first error; it is done again.</summary>
    public async Task<LoadResult> LoadAsync(IReadOnlyList<string> arguments, int requests)
    {
        for (var tries = 1; ; tries++)
        {
            await ServerProcess.UntilAsync(FindLeaderAsync, "a leader");
            try
            {
                return await ServerProcess.RedisBenchmarkAsync(_redis[_leader], arguments, requests, [_nodes[_leader], .. _nodes.Where((_, i) => i != _leader)]);
            }
            catch (InvalidOperationException) when (tries < Tries)
            {
                Console.Error.WriteLine("  the leader changed; once more");
            }
        }
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
