using System.Globalization;

namespace Eos.Tests.Support.Chaos;

/// <summary>Kills the leader again and again under a load of writes: how long nothing is acknowledged, and whether anything acknowledged is lost.</summary>
internal static class Failover
{
    private static readonly HistoryClient.Work Work = new(Keys: 16, Pause: TimeSpan.FromMilliseconds(1), Patience: TimeSpan.FromSeconds(2), Writes: 1);

    public static async Task<int> RunAsync(int kills, string preset, Action<string> tell)
    {
        await using var group = new QdbProcesses(3, [$"eos.raft.timeouts={preset}"]);
        await group.StartAsync();
        var history = new History();
        using var end = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 8).Select(_ => new HistoryClient(history, group.Ports, Work)).ToList();
        var runs = clients.Select(c => c.RunAsync(end.Token)).ToList();
        var gaps = new List<TimeSpan>();
        while (gaps.Count < kills)
        {
            await FlowsAsync(history);
            var leader = await Eventually.Is(group.LeaderAsync, l => l >= 0, "one leads");
            history.TakeLongestGap();
            await group.Nodes[leader].KillAsync();
            await FlowsAsync(history);
            gaps.Add(history.TakeLongestGap());
            tell($"{gaps.Count}: {group.Nodes[leader].Name} killed, {gaps[^1].TotalSeconds:0.00} s without an acknowledged write");
            group.Nodes[leader].Start();
            await Eventually.Is(() => group.Nodes[leader].InfoAsync("LEADER"), l => l.Length > 0, "the killed node follows");
        }
        await end.CancelAsync();
        await Task.WhenAll(runs);
        clients.ForEach(c => c.Dispose());
        await group.SettleAsync();
        var last = await group.LeaderAsync();
        using var reader = new HistoryClient(history, [group.Nodes[last].Redis], Work);
        await Eventually.Is(reader.ReadAllAsync, read => read, "the leader gives all values");
        var ordered = gaps.Order().ToList();
        tell(string.Create(CultureInfo.InvariantCulture,
            $"{preset}: {kills} kills, {history.Acknowledged} writes acknowledged; without one: median {ordered[kills / 2].TotalSeconds:0.00} s, least {ordered[0].TotalSeconds:0.00} s, worst {ordered[^1].TotalSeconds:0.00} s"));
        var fault = history.Fault();
        tell(fault is null ? "no acknowledged write was lost" : $"FAULT: {fault}");
        return fault is null ? 0 : 1;
    }

    private static Task FlowsAsync(History history)
    {
        var enough = history.Acknowledged + 500;
        return Eventually.True(() => history.Acknowledged > enough, "writes are acknowledged");
    }
}
