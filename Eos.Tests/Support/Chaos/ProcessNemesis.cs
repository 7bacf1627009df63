namespace Eos.Tests.Support.Chaos;

/// <summary>What goes wrong with real nodes: one hand kills, stops and fills disks, the other cuts links; both at once.</summary>
internal sealed class ProcessNemesis(QdbProcesses group, Action<string> tell)
{
    private readonly Random _random = new();

    /// <summary>How often each thing was done.</summary>
    public SortedDictionary<string, int> Done { get; } = new(StringComparer.Ordinal);

    public async Task RunAsync(CancellationToken end)
    {
        await Task.WhenAll(OnNodes(), OnLinks());

        async Task OnNodes()
        {
            while (await Rest(500, 4000)) await HarmNodeAsync(end);
        }

        async Task OnLinks()
        {
            while (await Rest(1000, 6000)) await HarmLinksAsync(end);
        }

        Task<bool> Rest(int from, int to) => WaitAsync(from, to, end);
    }

    private async Task HarmNodeAsync(CancellationToken end)
    {
        var leader = await group.LeaderAsync();
        var victim = leader >= 0 && _random.Next(2) == 0 ? leader : _random.Next(group.Nodes.Count);
        var node = group.Nodes[victim];
        var role = victim == leader ? "leader" : "node";
        switch (_random.Next(group.SmallDisk is null ? 2 : 3))
        {
            case 0:
                Note($"kill -9 of the {role}", node.Name);
                await node.KillAsync();
                await WaitAsync(50, 3000, end);
                node.Start();
                break;
            case 1:
                Note($"SIGSTOP of the {role}", node.Name);
                node.Pause();
                await WaitAsync(500, 8000, end);
                node.Continue();
                break;
            default:
                Note("full disk", group.Nodes[^1].Name);
                await FillAsync(group.SmallDisk!, end);
                break;
        }
    }

    private async Task FillAsync(TinyMount disk, CancellationToken end)
    {
        var filler = Path.Combine(disk.Path, "filler");
        await using (var file = new FileStream(filler, FileMode.Create))
        {
            try
            {
                while (true) file.Write(new byte[1 << 16]);
            }
            catch (IOException)
            {
                // full
            }
        }
        await WaitAsync(500, 5000, end);
        File.Delete(filler);
    }

    private async Task HarmLinksAsync(CancellationToken end)
    {
        var nodes = Enumerable.Range(0, group.Nodes.Count).ToArray();
        _random.Shuffle(nodes);
        switch (_random.Next(4))
        {
            case 0:
                Note("cut between two", $"node{nodes[0] + 1} and node{nodes[1] + 1}");
                group.Links[nodes[0], nodes[1]].Cut();
                group.Links[nodes[1], nodes[0]].Cut();
                break;
            case 1:
                Note("one-way cut between two", $"node{nodes[0] + 1} to node{nodes[1] + 1}");
                group.Links[nodes[0], nodes[1]].Cut();
                break;
            default:
                var oneWay = _random.Next(3) == 0;
                var side = nodes[..(1 + _random.Next(nodes.Length - 1))];
                Note(oneWay ? "one-way split" : "split", string.Join(", ", side.Select(n => $"node{n + 1}")) + " from the others");
                group.Links.Split(side, oneWay);
                break;
        }
        await WaitAsync(300, 8000, end);
        group.Links.Heal();
    }

    private void Note(string what, string whom)
    {
        lock (Done) Done[what] = Done.GetValueOrDefault(what) + 1;
        tell($"{what}: {whom}");
    }

    /// <summary>Waits for a time between the two; false when it is over.</summary>
    private async Task<bool> WaitAsync(int fromMs, int toMs, CancellationToken end)
    {
        try
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(_random.Next(fromMs, toMs)));
            await timer.WaitForNextTickAsync(end);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
