using Eos.Client;
using Eos.Gateway;

namespace Eos.Tests.Support.Chaos;

/// <summary>A group of real nodes on this machine, with a network between them that can be slow or cut; of role qdb, or of all roles, as an instance of three nodes has them.</summary>
internal sealed class QdbProcesses : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TinyMount? _small;
    private readonly IReadOnlyList<string> _addresses;

    /// <param name="settings">Further settings, key=value, which count more than those that all groups have.</param>
    /// <param name="smallDisk">Megabytes of a filesystem of its own for the last node; 0: it has none. Takes root.</param>
    /// <param name="roles">What the nodes do.</param>
    /// <param name="linked">Whether there is a network between them that can be harmed; else they speak to each other directly.</param>
    public QdbProcesses(int count, IReadOnlyList<string> settings, int smallDisk = 0, string roles = "qdb", bool linked = true)
    {
        if (smallDisk > 0) _small = TinyMount.Disk(smallDisk);
        var ports = FreePort.Take(2 * count);
        for (var i = 0; i < count && linked; i++) Links.Join(ports[2 * i]);
        _addresses = [.. Enumerable.Range(0, count).Select(i => linked ? Links.AddressOf(i) : $"127.0.0.1:{ports[2 * i]}")];
        var members = _addresses.SelectMany(address => new[] { "--member", address }).ToList();
        _ = Eos.Client.Keytab.OpenOrCreate(_folder.Of("keytab"));
        Nodes = [.. Enumerable.Range(0, count).Select(i =>
        {
            var folder = i == count - 1 && _small is not null ? Path.Combine(_small.Path, "node") : _folder.Of($"node{i + 1}");
            Directory.CreateDirectory(folder);
            File.Copy(_folder.Of("keytab"), Path.Combine(folder, "keytab"));
            IEnumerable<string> all =
            [
                .. settings, .. linked ? Links.SettingsOf(i).Select(s => $"{s.Key}={s.Value}") : [$"akka.remote.dot-netty.tcp.port={ports[2 * i]}"],
                "eos.resp.bind=127.0.0.1", $"eos.resp.port={ports[2 * i + 1]}", "eos.http.mgm-port=0", "eos.http.fst-port=0", "akka.loglevel=WARNING",
            ];
            return new QdbProcess($"node{i + 1}", folder, ports[2 * i + 1], ["--roles", roles, .. members, .. all.SelectMany(s => new[] { "--set", s })]);
        })];
    }

    public Links Links { get; } = new();

    /// <summary>The address by which others know that node, "host:port".</summary>
    public string AddressOf(int node) => _addresses[node];

    /// <summary>The secrets of the instance.</summary>
    public string Keytab => _folder.Of("keytab");

    public IReadOnlyList<QdbProcess> Nodes { get; }

    public IReadOnlyList<int> Ports => [.. Nodes.Select(n => n.Redis)];

    /// <summary>The filesystem of the last node, if it has one of its own.</summary>
    public TinyMount? SmallDisk => _small;

    /// <summary>The number of the node that leads, as most say; -1: none.</summary>
    public async Task<int> LeaderAsync()
    {
        var said = await Task.WhenAll(Nodes.Where(n => n is { Up: true, Paused: false }).Select(n => n.InfoAsync("LEADER")));
        var leader = said.Where(l => l.Length > 0).GroupBy(l => l).OrderByDescending(g => g.Count()).FirstOrDefault();
        return leader is null || leader.Count() <= Nodes.Count / 2 ? -1 : Enumerable.Range(0, Nodes.Count).FirstOrDefault(i => AddressOf(i) == leader.Key, -1);
    }

    /// <summary>Starts all and waits until one leads.</summary>
    public async Task StartAsync()
    {
        foreach (var node in Nodes) node.Start();
        await Eventually.Is(LeaderAsync, leader => leader >= 0, "one of the nodes leads");
    }

    /// <summary>A client that speaks to that node first; as root.</summary>
    public EosClient Client(int node, TimeSpan? timeout = null, uint uid = 0) => new(ClusterLink.To([AddressOf(node)], Keytab), new GatewayProtocol.Claim(uid, uid, "u", "localhost", "chaos"), timeout);

    /// <summary>Waits until the gateway of that node itself answers.</summary>
    public Task ServesAsync(int node) => Eventually.Is(async () =>
    {
        await using var client = Client(node, TimeSpan.FromSeconds(10));
        return (await client.StatisticsAsync()).Leadership.Local;
    }, local => local == AddressOf(node), $"node{node + 1} serves");

    /// <summary>All links are whole, and all nodes run.</summary>
    public void Heal()
    {
        Links.Heal();
        foreach (var node in Nodes)
        {
            node.Continue();
            node.Start();
        }
    }

    /// <summary>Waits until all follow the same leader and have applied what had been committed anywhere; the nodes' own sessions write on meanwhile.</summary>
    public async Task SettleAsync()
    {
        var goal = (await Task.WhenAll(Nodes.Select(n => n.NumberAsync("COMMIT-INDEX")))).Max();
        await Eventually.Is(
            async () => await Task.WhenAll(Nodes.Select(async n => (Leader: await n.InfoAsync("LEADER"), Applied: await n.NumberAsync("LAST-APPLIED")))),
            all => all[0].Leader.Length > 0 && all.All(n => n.Leader == all[0].Leader && n.Applied >= goal), $"all nodes have the same leader and have applied {goal}");
    }

    /// <summary>Compares the digests of all states at one entry of the log; what differs, or null.</summary>
    public async Task<string?> DigestFaultAsync()
    {
        // the nodes' sessions write on, so several looks may be needed until all are seen at the same entry
        var seen = await Eventually.Is(() => Task.WhenAll(Nodes.Select(n => n.DigestAsync())),
            all => all[0].Applied.Length > 0 && all.All(d => d.Applied == all[0].Applied), "the states of all nodes at one entry");
        return seen.Distinct().Count() == 1 ? null : $"the states differ at entry {seen[0].Applied}: {string.Join(", ", seen.Select(d => d.Digest))}";
    }

    /// <summary>Makes that node the leader.</summary>
    public Task LeadAsync(int node) => Eventually.Is(async () =>
    {
        var leader = await LeaderAsync();
        if (leader != node) await Nodes[node].AskAsync("raft-attempt-coup", TimeSpan.FromSeconds(2));
        return leader;
    }, leader => leader == node, $"node{node + 1} leads");

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes) await node.DisposeAsync();
        Links.Dispose();
        _small?.Dispose();
        _folder.Dispose();
    }
}
