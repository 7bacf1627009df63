using System.Diagnostics;
using System.Net;
using System.Text;

namespace Eos.Benchmarks;

/// <summary>One Redis server that syncs its log before it answers a write.</summary>
internal sealed class RedisServer(ServerProcess process, int port) : IAsyncDisposable
{
    /// <summary>Null, with a word on standard error, where it is not installed.</summary>
    public static async Task<RedisServer?> StartAsync(string folder)
    {
        if (!ServerProcess.Exists("redis-server"))
        {
            Console.Error.WriteLine("redis is left out: needs redis-server (Debian package redis-server)");
            return null;
        }
        var port = ServerProcess.FreePorts(1)[0];
        var process = ServerProcess.Start("redis-server", folder, "log", "--port", $"{port}", "--bind", "127.0.0.1", "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--dir", folder);
        await ServerProcess.UntilAsync(async () => (await ServerProcess.RunAsync("redis-cli", "-p", $"{port}", "ping")).StartsWith("PONG", StringComparison.Ordinal), "redis-server");
        return new RedisServer(process, port);
    }

    public Task<LoadResult> LoadAsync(IReadOnlyList<string> arguments, int requests) => ServerProcess.RedisBenchmarkAsync(port, arguments, requests, [process]);

    public ValueTask DisposeAsync() => process.DisposeAsync();
}

/// <summary>Three nodes of etcd, asked by gRPC in a closed loop: each client waits for its answer before it asks again.</summary>
internal sealed class EtcdServers : IAsyncDisposable
{
    private const int Count = 3;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(4);
    private readonly List<ServerProcess> _nodes = [];
    private readonly int[] _clientPorts = ServerProcess.FreePorts(Count);
    private readonly HttpClient _http = new(new SocketsHttpHandler { EnableMultipleHttp2Connections = true, InitialHttp2StreamWindowSize = 1 << 20 });

    private int _leader;

    /// <summary>Null, with a word on standard error, where it is not installed.</summary>
    public static async Task<EtcdServers?> StartAsync(string folder)
    {
        if (!ServerProcess.Exists("etcd") || !ServerProcess.Exists("etcdctl"))
        {
            Console.Error.WriteLine("etcd is left out: needs etcd and etcdctl (Debian packages etcd-server, etcd-client)");
            return null;
        }
        var (servers, peers) = (new EtcdServers(), ServerProcess.FreePorts(Count));
        var cluster = string.Join(',', peers.Select((port, i) => $"n{i}=http://127.0.0.1:{port}"));
        for (var i = 0; i < Count; i++)
        {
            var (client, peer) = ($"http://127.0.0.1:{servers._clientPorts[i]}", $"http://127.0.0.1:{peers[i]}");
            var data = Path.Combine(folder, $"n{i}");
            servers._nodes.Add(ServerProcess.Start(
                "etcd", data, "log", "--name", $"n{i}", "--data-dir", Path.Combine(data, "data"), "--listen-client-urls", client, "--advertise-client-urls", client,
                "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", cluster, "--logger", "zap", "--log-level", "error"));
        }
        await ServerProcess.UntilAsync(servers.FindLeaderAsync, "a leader of etcd");
        return servers;
    }

    public async Task<LoadResult> LoadAsync(bool writes, int clients, int keys, string value)
    {
        var servers = new[] { _nodes[_leader] }.Concat(_nodes.Where((_, i) => i != _leader)).ToList();
        var before = servers.Select(s => s.Spent).ToList();
        var clock = Stopwatch.StartNew();
        var times = await Task.WhenAll(Enumerable.Range(0, clients).Select(n => ClientAsync(new Random(n), writes, keys, Encoding.ASCII.GetBytes(value), clock)));
        var seconds = clock.Elapsed.TotalSeconds;
        var all = times.SelectMany(t => t).Order().ToArray();
        return new LoadResult(all.Length / seconds, all[all.Length / 2], all[all.Length * 99 / 100], [.. servers.Select((s, i) => (s.Spent - before[i]).TotalMicroseconds / all.Length)]);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var node in _nodes) await node.DisposeAsync();
    }

    private async Task<List<double>> ClientAsync(Random random, bool writes, int keys, byte[] value, Stopwatch clock)
    {
        var (times, uri) = (new List<double>(), new Uri($"http://127.0.0.1:{_clientPorts[_leader]}/etcdserverpb.KV/{(writes ? "Put" : "Range")}"));
        while (clock.Elapsed < Time)
        {
            var begun = Stopwatch.GetTimestamp();
            var key = Encoding.ASCII.GetBytes($"key:{random.Next(keys):d12}");
            using var request = new HttpRequestMessage(HttpMethod.Post, uri)
            {
                Content = new ByteArrayContent(writes ? Message(key, value) : Message(key)), Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            request.Content.Headers.Add("Content-Type", "application/grpc");
            request.Headers.Add("TE", "trailers");
            using var response = await _http.SendAsync(request);
            await response.Content.ReadAsByteArrayAsync();
            var status = response.TrailingHeaders.TryGetValues("grpc-status", out var codes) ? codes.First() : response.Headers.TryGetValues("grpc-status", out codes) ? codes.First() : "?";
            if (status != "0") throw new InvalidOperationException($"etcd answered {status}");
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }
        return times;
    }

    /// <summary>A gRPC frame around a message whose fields 1, 2… are these bytes; each is shorter than 128.</summary>
    private static byte[] Message(params byte[][] fields)
    {
        var body = fields.SelectMany((field, i) => new[] { (byte)((i + 1) << 3 | 2), (byte)field.Length }.Concat(field)).ToArray();
        return [0, 0, 0, 0, (byte)body.Length, .. body];
    }

    private async Task<bool> FindLeaderAsync()
    {
        for (var i = 0; i < Count; i++)
        {
            var status = await ServerProcess.RunAsync("sh", "-c", $"ETCDCTL_API=3 etcdctl --endpoints=127.0.0.1:{_clientPorts[i]} endpoint status -w fields 2>/dev/null");
            string? Of(string key) => status.Split('\n').FirstOrDefault(l => l.StartsWith($"\"{key}\"", StringComparison.Ordinal))?.Split(" : ")[1];
            if (Of("Leader") is not { } leader || leader == "0" || leader != Of("MemberID")) continue;
            _leader = i;
            return true;
        }
        return false;
    }
}
