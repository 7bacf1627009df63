using System.Globalization;
using System.Text.RegularExpressions;

namespace Eos.Tests.Support.Chaos;

/// <summary>Kills the leader again and again under a load of writes: how long nothing is acknowledged, what that time was spent on, and whether anything acknowledged is lost.</summary>
internal static partial class Failover
{
    /// <summary>One kill.</summary>
    /// <param name="Election">From the kill until another leader serves, by the nodes' own words; null: none of them said it.</param>
    /// <param name="Clients">From then until a client has an answer.</param>
    private sealed record Kill(TimeSpan Gap, TimeSpan? Election, TimeSpan? Clients);

    private static readonly HistoryClient.Work Work = new(Keys: 16, Pause: TimeSpan.FromMilliseconds(1), Patience: TimeSpan.FromSeconds(2), Writes: 1);

    public static async Task<int> RunAsync(int count, string preset, Action<string> tell)
    {
        await using var group = new QdbProcesses(3, [$"eos.raft.timeouts={preset}", "akka.loglevel=INFO"]);
        await group.StartAsync();
        var history = new History();
        using var end = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 8).Select(_ => new HistoryClient(history, group.Ports, Work)).ToList();
        var runs = clients.Select(c => c.RunAsync(end.Token)).ToList();
        var kills = new List<Kill>();
        while (kills.Count < count) kills.Add(await OneAsync(group, history, kills, tell));
        await end.CancelAsync();
        await Task.WhenAll(runs);
        clients.ForEach(c => c.Dispose());
        await group.SettleAsync();
        var last = await group.LeaderAsync();
        using var reader = new HistoryClient(history, [group.Nodes[last].Redis], Work);
        await Eventually.Is(reader.ReadAllAsync, read => read, "the leader gives all values");
        tell($"{preset}: {count} kills, {history.Acknowledged} writes acknowledged");
        tell($"  without an acknowledged write: {Shares([.. kills.Select(k => k.Gap)])}");
        tell($"  until another leader serves:   {Shares([.. kills.Where(k => k.Election is not null).Select(k => k.Election!.Value)])}");
        tell($"  from then to an answer:        {Shares([.. kills.Where(k => k.Clients is not null).Select(k => k.Clients!.Value)])}");
        var fault = history.Fault();
        tell(fault is null ? "no acknowledged write was lost" : $"FAULT: {fault}");
        return fault is null ? 0 : 1;
    }

    private static async Task<Kill> OneAsync(QdbProcesses group, History history, List<Kill> before, Action<string> tell)
    {
        await FlowsAsync(history);
        var leader = await Eventually.Is(group.LeaderAsync, l => l >= 0, "one leads");
        _ = history.TakeLongestSpan();
        var killed = DateTime.UtcNow;
        await group.Nodes[leader].KillAsync();
        await FlowsAsync(history);
        var (from, to) = history.TakeLongestSpan();
        var said = group.Nodes.SelectMany(n => n.Said.Select(line => (Line: Elections().Match(line), n.Name)))
            .Where(l => l.Line.Success).Select(l => (At: Time(l.Line), l.Name, Text: l.Line.Groups["text"].Value)).Where(l => l.At >= killed).OrderBy(l => l.At).ToList();
        var serves = said.Where(l => l.Text.StartsWith("serves", StringComparison.Ordinal) && l.At <= to).Select(l => (DateTime?)l.At).LastOrDefault();
        var kill = new Kill(to - from, serves - killed, to - serves);
        tell(string.Create(CultureInfo.InvariantCulture,
            $"{before.Count + 1}: {group.Nodes[leader].Name} killed, {Seconds(kill.Gap)} without an acknowledged write; another served after {Seconds(kill.Election)}, a client had an answer {Seconds(kill.Clients)} later"));
        // the long ones say what happened
        if (before.Count > 0 && kill.Gap > 1.5 * before.Select(k => k.Gap).Order().ElementAt(before.Count / 2))
            foreach (var line in said.Where(l => l.At <= to)) tell($"     {Seconds(line.At - killed)} {line.Name} {line.Text}");
        group.Nodes[leader].Start();
        await Eventually.Is(() => group.Nodes[leader].InfoAsync("LEADER"), l => l.Length > 0, "the killed node follows");
        return kill;
    }

    private static Task FlowsAsync(History history)
    {
        var enough = history.Acknowledged + 500;
        return Eventually.True(() => history.Acknowledged > enough, "writes are acknowledged");
    }

    private static string Seconds(TimeSpan? time) => time is { } t ? string.Create(CultureInfo.InvariantCulture, $"{t.TotalSeconds:0.00} s") : "(unknown)";

    private static string Shares(List<TimeSpan> times)
    {
        if (times.Count == 0) return "nobody said";
        times.Sort();
        return $"median {Seconds(times[times.Count / 2])}, 90 % {Seconds(times[Math.Min(times.Count * 9 / 10, times.Count - 1)])}, worst {Seconds(times[^1])}, least {Seconds(times[0])}";
    }

    private static DateTime Time(Match line) =>
        DateTime.ParseExact(line.Groups["at"].Value, "yyyy-MM-dd HH:mm:ss.fffZ", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);

    /// <summary>What members log about elections.</summary>
    [GeneratedRegex(@"^\[INFO\]\[(?<at>[^\]]+)\].* [^ ]+:\d+: (?<text>(Follower|PreCandidate|Candidate|Leader) in term .*|serves as leader .*)$")]
    private static partial Regex Elections();
}
