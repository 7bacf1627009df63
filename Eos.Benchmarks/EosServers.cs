namespace Eos.Benchmarks;

/// <summary>Three nodes of ours on this machine, with nothing but the replicated group.</summary>
internal sealed class EosServers : IAsyncDisposable
{
    private const int Count = 3;
    private const int Tries = 20;
    private readonly int[] _redis = ServerProcess.FreePorts(Count);
    private HostNodes? _nodes;
    private int _leader;

    public static async Task<EosServers> StartAsync(string folder)
    {
        if (!ServerProcess.Exists("redis-benchmark")) throw new InvalidOperationException("needs redis-benchmark (Debian package redis-tools)");
        var servers = new EosServers();
        try
        {
            servers._nodes = await HostNodes.StartAsync(folder, Count, "qdb", i => [$"eos.resp.port={servers._redis[i]}"]);
            await ServerProcess.UntilAsync(servers.FindLeaderAsync, "a leader");
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
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
                return await ServerProcess.RedisBenchmarkAsync(_redis[_leader], arguments, requests, [_nodes!.All[_leader], .. _nodes.All.Where((_, i) => i != _leader)]);
            }
            catch (InvalidOperationException) when (tries < Tries)
            {
                Console.Error.WriteLine("  the leader changed; once more");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_nodes is not null) await _nodes.DisposeAsync();
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
