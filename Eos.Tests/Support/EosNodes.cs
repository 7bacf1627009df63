using Eos.Client;

namespace Eos.Tests.Support;

/// <summary>Real nodes of one instance with all roles, each a process; they form their cluster by themselves.</summary>
internal sealed class EosNodes : IAsyncDisposable
{
    private readonly EosProcess[] _nodes;
    private readonly int[] _ports;

    private readonly string[] _more;
    private readonly Lazy<CommandLineInProcess> _line;

    private EosNodes(int count, string[] more)
    {
        _more = more;
        _line = new Lazy<CommandLineInProcess>(() => new CommandLineInProcess(Places, _nodes![0].Keytab));
        _ports = FreePort.Take(count);
        _nodes = [.. Enumerable.Range(1, count).Select(i => new EosProcess(new TemporaryFolder(), $"node{i}"))];
        foreach (var node in _nodes)
        {
            Directory.CreateDirectory(node.Data);
            if (node == _nodes[0]) Keytab.OpenOrCreate(node.Keytab);
            else File.Copy(_nodes[0].Keytab, node.Keytab);
        }
    }

    public EosProcess this[int i] => _nodes[i];

    public IReadOnlyList<EosProcess> All => _nodes;

    /// <summary>Where the nodes are reached by the command line.</summary>
    public IEnumerable<string> Places => _ports.Select(port => $"127.0.0.1:{port}");

    /// <param name="more">Further arguments of each node, also of those that are started again.</param>
    public static async Task<EosNodes> StartedAsync(int count, params string[] more)
    {
        var nodes = new EosNodes(count, more);
        try
        {
            await nodes.StartAsync([.. Enumerable.Range(0, count)]);
            return nodes;
        }
        catch
        {
            await nodes.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts these nodes and returns when all of them serve.</summary>
    public Task StartAsync(params int[] which) => Task.WhenAll(which.Select(i => _nodes[i].StartAsync(
    [
        .. Places.SelectMany(place => new[] { "--member", place }),
        "--set", $"akka.remote.dot-netty.tcp.port={_ports[i]}", "--set", "eos.gateway.replicas=2", "--set", "eos.fst.report-interval=500ms", "--set", "eos.journal.session.duration=5s", .. _more,
    ])));

    /// <summary>Runs the command line with all nodes as its endpoints.</summary>
    public Task<Outcome> CliAsync(params string[] words) => _line.Value.RunAsync(words);

    /// <summary>What `ns -m` of that node says under a key.</summary>
    public async Task<string> NsAsync(int node, string key)
    {
        var outcome = await _nodes[node].CliAsync("ns", "-m");
        var line = outcome.Output.Split('\n').FirstOrDefault(l => l.StartsWith($"uid=all gid=all {key}=", StringComparison.Ordinal));
        return line is null ? $"{outcome}" : line[(line.LastIndexOf('=') + 1)..];
    }

    public string Place(int node) => $"127.0.0.1:{_ports[node]}";

    public async ValueTask DisposeAsync()
    {
        if (_line.IsValueCreated) await _line.Value.DisposeAsync();
        foreach (var node in _nodes) await node.DisposeAsync();
    }
}
