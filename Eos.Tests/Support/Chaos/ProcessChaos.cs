using System.Diagnostics;

namespace Eos.Tests.Support.Chaos;

/// <summary>
/// Real nodes under a nemesis, with clients that record what they were told; then everything is healed and the histories are judged. All states have
/// the same digest in the end, and each node leads once and gives all values.
/// </summary>
internal static class ProcessChaos
{
    /// <summary>What a run showed. <paramref name="Fault"/>: what was wrong, or null.</summary>
    public sealed record Result(string? Fault, long Acknowledged, long Unknown, IReadOnlyList<TimeSpan> Gaps, IReadOnlyDictionary<string, int> Harm);

    private const int Clients = 12;
    private static readonly HistoryClient.Work Work = new(Keys: 8, Pause: TimeSpan.FromMilliseconds(4), Patience: TimeSpan.FromSeconds(2));

    public static async Task<Result> RunAsync(int nodes, TimeSpan time, Action<string> tell)
    {
        var root = Environment.UserName == "root";
        await using var group = new QdbProcesses(nodes, ["eos.raft.keep-entries=20000"], smallDisk: root ? 512 : 0);
        var clock = Stopwatch.StartNew();
        await group.StartAsync();
        tell($"{nodes} nodes lead and follow after {clock.Elapsed.TotalSeconds:0.0} s; the disk that is filled is {group.SmallDisk?.Kind ?? "none: mounting one takes root"}");
        var history = new History();
        using var end = new CancellationTokenSource(time);
        var clients = Enumerable.Range(0, Clients).Select(_ => new HistoryClient(history, group.Ports, Work)).ToList();
        var runs = clients.Select(c => c.RunAsync(end.Token)).ToList();
        var nemesis = new ProcessNemesis(group, what => tell($"{clock.Elapsed.TotalSeconds,6:0.0} s  {history.Acknowledged,8} acknowledged  {what}"));
        await nemesis.RunAsync(end.Token);
        await Task.WhenAll(runs);
        clients.ForEach(c => c.Dispose());
        group.Heal();
        var (acknowledged, gaps) = (history.Acknowledged, history.Gaps);
        string? fault = null;
        try
        {
            await group.SettleAsync();
            fault = await group.DigestFaultAsync();
            for (var node = 0; node < nodes; node++)
            {
                await group.LeadAsync(node);
                using var reader = new HistoryClient(history, [group.Nodes[node].Redis], Work);
                await Eventually.Is(reader.ReadAllAsync, read => read, $"node{node + 1} gives all values");
            }
        }
        catch (TimeoutException e)
        {
            fault = e.Message + "\n" + string.Join('\n', group.Nodes.Select(n => $"-- {n.Name}\n{n.Transcript()}"));
        }
        return new Result(fault ?? history.Fault(), acknowledged, history.Unknown, gaps, nemesis.Done);
    }
}
