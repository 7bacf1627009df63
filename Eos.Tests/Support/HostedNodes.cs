using Akka.Actor;
using Eos.Client;
using Eos.Host;
using static Eos.Raft.RaftNodeProtocol;

namespace Eos.Tests.Support;

/// <summary>Whole nodes in this process, with a network between them that can be cut; they begin anew by themselves as real ones do.</summary>
internal sealed class HostedNodes : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(DataFolder Folder, Node Node, NodeLoop Loop, Task Running)> _nodes = [];

    public Links Links { get; } = new();

    public int Count => _nodes.Count;

    /// <param name="roles">What the nodes do.</param>
    /// <param name="settings">Further settings, key=value.</param>
    public static async Task<HostedNodes> StartedAsync(int count, string roles, string[] settings)
    {
        var nodes = new HostedNodes();
        try
        {
            await nodes.StartAsync(count, roles, settings);
            return nodes;
        }
        catch
        {
            await nodes.DisposeAsync();
            throw;
        }
    }

    /// <summary>The actor system of that node's present life.</summary>
    public ActorSystem System(int node) => _nodes[node].Loop.Current ?? throw new InvalidOperationException($"node{node + 1} is between two lives");

    /// <summary>How many lives that node has begun.</summary>
    public int Incarnations(int node) => _nodes[node].Loop.Incarnations;

    /// <summary>The members that this node sees, if all of them are up and none is out of reach; else none.</summary>
    public IReadOnlyList<string> Up(int node)
    {
        if (_nodes[node].Loop.Current is not { } system) return [];
        var state = Akka.Cluster.Cluster.Get(system).State;
        return state.Unreachable.IsEmpty && state.Members.All(m => m.Status == Akka.Cluster.MemberStatus.Up) ? [.. state.Members.Select(m => $"{m.Address.Host}:{m.Address.Port}").Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>The node that leads the group.</summary>
    public async Task<int> LeaderAsync()
    {
        var leader = await Eventually.Is(
            async () => (await _nodes[0].Loop.Current!.ActorSelection("/user/qdb/*").Ask<MemberStatus>(new DescribeMember(), TimeSpan.FromSeconds(5))).Leadership.Leader?.Value,
            found => found is not null, "a leader");
        return Enumerable.Range(0, Count).First(i => Links.AddressOf(i) == leader);
    }

    public async ValueTask DisposeAsync()
    {
        Links.Heal();
        await _stop.CancelAsync();
        foreach (var (folder, node, _, running) in _nodes)
        {
            await running.WaitAsync(Patience);
            await node.Closed.WaitAsync(Patience);
            folder.Dispose();
        }
        Links.Dispose();
        _stop.Dispose();
        _folder.Dispose();
    }

    private async Task StartAsync(int count, string roles, string[] settings)
    {
        foreach (var port in FreePort.Take(count)) Links.Join(port);
        string[] members = [.. Enumerable.Range(0, count).Select(Links.AddressOf)];
        _ = Keytab.OpenOrCreate(_folder.Of("keytab"));
        for (var i = 0; i < count; i++)
        {
            var folder = DataFolder.Take(Directory.CreateDirectory(_folder.Of($"node{i + 1}")).FullName);
            File.Copy(_folder.Of("keytab"), folder.Keytab);
            string[] all =
            [
                .. Links.SettingsOf(i).Select(s => $"{s.Key}={s.Value}"), "eos.resp.bind=127.0.0.1", "eos.resp.port=0", "eos.http.bind=127.0.0.1", "eos.http.mgm-port=0",
                "eos.http.fst-port=0", "akka.loglevel=OFF", "akka.stdout-loglevel=OFF", .. settings,
            ];
            var node = new Node(new HostOptions(folder.Path, $"node{i + 1}", roles.Split(','), members, null, all), folder);
            await node.TakePortAsync();
            var loop = new NodeLoop(node.Start, node.RestartPause, _ => { });
            _nodes.Add((folder, node, loop, loop.Run(_stop.Token)));
        }
    }
}
