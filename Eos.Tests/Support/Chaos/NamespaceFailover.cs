using System.Globalization;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Support.Chaos;

/// <summary>
/// Kills the nodes of an instance in turn under a load of creates: how long nothing is acknowledged in directories that lived there, how long elsewhere, and whether anything
/// acknowledged is lost.
/// </summary>
internal sealed class NamespaceFailover(Action<string> tell)
{
    private const int Nodes = 3;
    private const int Directories = 18;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private static readonly HistoryClient.Work KvWork = new(Keys: 16, Pause: TimeSpan.FromMilliseconds(5), Patience: TimeSpan.FromSeconds(2), Writes: 1);

    private readonly List<TimeSpan> _there = [], _elsewhere = [], _kv = [];
    private readonly Random _chance = new(1);

    public async Task<int> RunAsync(int kills)
    {
        await using var nodes = new QdbProcesses(Nodes, ["eos.gateway.replicas=2"], roles: "qdb,mgm,fst", linked: false);
        await nodes.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, Nodes).Select(nodes.ServesAsync));
        var books = Enumerable.Range(0, Directories).Select(i => new CreateBook($"/eos/dev/d{i}")).ToList();
        var ids = new Dictionary<DirectoryId, CreateBook>();
        await using (var client = nodes.Client(0))
            foreach (var book in books)
            {
                await client.MakeDirectoryAsync(book.Path, mode: CreateLoad.RootAlone);
                ids[((DirectoryInformation)await client.InfoAsync(book.Path)).Directory.Id] = book;
            }

        using var homes = new Homes(nodes);
        await using var load = new CreateLoad(nodes, books, Pause);
        for (var door = 0; door < Nodes; door++) load.Open(door);
        var history = new History();
        using var end = new CancellationTokenSource();
        using var writer = new HistoryClient(history, nodes.Ports, KvWork);
        var writes = writer.RunAsync(end.Token);
        for (var kill = 0; kill < kills; kill++) await KillAsync(nodes, kill, load, homes, ids, history);
        await end.CancelAsync();
        await writes;
        await load.CloseAllAsync();
        return Judge(kills, books, await load.FaultsAsync());
    }

    private async Task KillAsync(QdbProcesses nodes, int kill, CreateLoad load, Homes homes, Dictionary<DirectoryId, CreateBook> ids, History history)
    {
        var victim = _chance.Next(Nodes);
        await FlowsAsync(ids.Values);
        // a node that has just come back has no directories until the next rebalances
        var home = await Eventually.Is(async () => (await homes.OnAsync(victim))?.Where(ids.ContainsKey).Select(id => ids[id]).ToList() ?? [], there => there.Count >= 2, $"directories live on {nodes.Nodes[victim].Name}");
        var leads = await nodes.LeaderAsync() == victim;
        foreach (var book in ids.Values) book.TakeLongestGap();
        history.TakeLongestGap();

        await nodes.Nodes[victim].KillAsync();
        await FlowsAsync(home);
        await FlowsAsync(ids.Values);
        var (there, elsewhere, kv) = (home.Select(b => b.TakeLongestGap()).ToList(), ids.Values.Except(home).Select(b => b.TakeLongestGap()).ToList(), history.TakeLongestGap());
        _there.AddRange(there);
        _elsewhere.AddRange(elsewhere);
        _kv.Add(kv);
        tell(string.Create(CultureInfo.InvariantCulture,
            $"{kill + 1}: {nodes.Nodes[victim].Name} killed{(leads ? ", which led the group" : "")}: {Line($"{there.Count} directories there", there)}; {Line("elsewhere", elsewhere)}; KV {kv.TotalSeconds:0.00} s"));

        nodes.Nodes[victim].Start();
        await nodes.ServesAsync(victim);
        await load.CloseAsync(victim);
        load.Open(victim);
    }

    private int Judge(int kills, IReadOnlyList<CreateBook> books, IReadOnlyList<string> faults)
    {
        tell($"{kills} kills, {books.Sum(b => b.Acknowledged)} creates acknowledged; without one:");
        tell(Line("directories that lived on the killed node (aim: 4.5 s)", _there));
        tell(Line("directories elsewhere", _elsewhere));
        tell(Line("the KV", _kv));
        tell(faults.Count == 0 ? "lost: 0; every acknowledged file is there, and none that was refused" : "FAULT: " + string.Join('\n', faults));
        return faults.Count == 0 ? 0 : 1;
    }

    private static Task FlowsAsync(IEnumerable<CreateBook> books)
    {
        var goals = books.Select(b => (Book: b, Enough: b.Acknowledged + 5)).ToList();
        return Eventually.True(() => goals.All(g => g.Book.Acknowledged >= g.Enough), "creates are acknowledged everywhere");
    }

    private static string Line(string what, IEnumerable<TimeSpan> times)
    {
        var ordered = times.Order().ToList();
        return ordered.Count == 0
            ? $"{what}: none"
            : string.Create(CultureInfo.InvariantCulture, $"{what}: median {ordered[ordered.Count / 2].TotalSeconds:0.00} s, worst {ordered[^1].TotalSeconds:0.00} s");
    }
}
