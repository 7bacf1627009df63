namespace Eos.Benchmarks;

/// <summary>Nodes of ours on this machine, each a process, that form one instance.</summary>
internal sealed class HostNodes : IAsyncDisposable
{
    private readonly List<ServerProcess> _nodes = [];
    private readonly List<(string Folder, List<string> Arguments)> _starts = [];
    private readonly int[] _remoting;

    private HostNodes(int count) => _remoting = ServerProcess.FreePorts(count);

    public IReadOnlyList<ServerProcess> All => _nodes;

    public string Keytab { get; private set; } = "";

    /// <summary>Where the nodes are reached by clients.</summary>
    public IEnumerable<string> Places => _remoting.Select(port => $"127.0.0.1:{port}");

    /// <summary>The first one makes the keys by which the nodes of an instance know each other.</summary>
    /// <param name="settings">Of each node, key=value.</param>
    public static async Task<HostNodes> StartAsync(string folder, int count, string roles, Func<int, IEnumerable<string>> settings)
    {
        var nodes = new HostNodes(count) { Keytab = Path.Combine(folder, "node1", "keytab") };
        try
        {
            for (var i = 0; i < count; i++)
            {
                var data = Directory.CreateDirectory(Path.Combine(folder, $"node{i + 1}")).FullName;
                if (i > 0) File.Copy(nodes.Keytab, Path.Combine(data, "keytab"));
                List<string> arguments = [Path.Combine(AppContext.BaseDirectory, "Eos.Host.dll"), "--data", data, "--name", $"node{i + 1}", "--roles", roles, "--set", $"akka.remote.dot-netty.tcp.port={nodes._remoting[i]}"];
                foreach (var setting in settings(i)) arguments.AddRange(["--set", setting]);
                foreach (var place in nodes.Places) arguments.AddRange(["--member", place]);
                nodes._starts.Add((data, arguments));
                nodes.Start(i);
                await ServerProcess.UntilAsync(() => Task.FromResult(File.Exists(nodes.Keytab) && new FileInfo(nodes.Keytab).Length > 0), "the keys of the first node");
            }
            return nodes;
        }
        catch
        {
            await nodes.DisposeAsync();
            throw;
        }
    }

    /// <summary>All at once, as after a loss of power: nothing is awake then that nobody asked for.</summary>
    public async Task RestartAsync()
    {
        await DisposeAsync();
        _nodes.Clear();
        for (var i = 0; i < _starts.Count; i++) Start(i);
    }

    private void Start(int node) => _nodes.Add(ServerProcess.Start("dotnet", _starts[node].Folder, "host.log", [.. _starts[node].Arguments]));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
    }
}
