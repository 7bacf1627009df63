using System.Globalization;

namespace Eos.Tests.Support.Chaos;

/// <summary>`./eos chaos`: simulated groups with --sim, else real nodes.</summary>
internal static class ChaosCommand
{
    private const string Usage =
        """
        usage: ./eos chaos [--minutes N] [--nodes 3|5]       nodes of role qdb under a nemesis: are histories linearizable?
               ./eos chaos --instance [MINUTES]              three nodes with all roles under a nemesis: is every acknowledged file there?
               ./eos chaos --namespace [KILLS]               kill -9 under a load of creates: how long does nothing happen, where?
               ./eos chaos --trees [ROUNDS [SEED]]           random commands while nodes are killed: does the namespace behave as its model?
               ./eos chaos --pause [SECONDS]                 SIGSTOP for long, then SIGCONT: how soon does the node serve again?
               ./eos chaos --sim [--minutes N | --seeds A..B | --failover KILLS]
               ./eos chaos --failover [KILLS [PRESET]]
               ./eos chaos --boot KEYS [ROUNDS]
        """;

    public static async Task<int> RunAsync(IReadOnlyList<string> words)
    {
        if (words.Count > 0 && words[0] == "--sim") return Raft.SimChaos.Run([.. words.Skip(1)]);
        if (words.Count is 1 or 2 or 3 && words[0] == "--failover" && int.TryParse(words.ElementAtOrDefault(1) ?? "50", out var kills) && kills > 0)
            return await Failover.RunAsync(kills, words.ElementAtOrDefault(2) ?? "default", Console.WriteLine);
        if (words.Count is 2 or 3 && words[0] == "--boot" && int.TryParse(words[1], out var keys) && keys > 0 && int.TryParse(words.ElementAtOrDefault(2) ?? "5", out var rounds) && rounds > 0)
            return await Boot.RunAsync(keys, rounds, Console.WriteLine);
        if (words.Count is 1 or 2 && words[0] == "--namespace" && int.TryParse(words.ElementAtOrDefault(1) ?? "20", out kills) && kills > 0)
            return await new NamespaceFailover(Console.WriteLine).RunAsync(kills);
        if (words.Count is 1 or 2 && words[0] == "--instance" && double.TryParse(words.ElementAtOrDefault(1) ?? "5", CultureInfo.InvariantCulture, out var minutesLong) && minutesLong > 0)
            return await new InstanceChaos(Console.WriteLine).RunAsync(TimeSpan.FromMinutes(minutesLong));
        if (words.Count is 1 or 2 or 3 && words[0] == "--trees" && int.TryParse(words.ElementAtOrDefault(1) ?? "20", out rounds) && rounds > 0)
            return await TreesAsync(rounds, ulong.TryParse(words.ElementAtOrDefault(2), out var seed) ? seed : (ulong)Random.Shared.NextInt64());
        if (words.Count is 1 or 2 && words[0] == "--pause" && double.TryParse(words.ElementAtOrDefault(1) ?? "60", CultureInfo.InvariantCulture, out var seconds) && seconds > 0)
            return await new LongPause(Console.WriteLine).RunAsync(TimeSpan.FromSeconds(seconds), victims: 2) ? 0 : 1;
        var (minutes, nodes) = (2.0, 3);
        for (var i = 0; i < words.Count; i += 2)
        {
            var good = i + 1 < words.Count && words[i] switch
            {
                "--minutes" => double.TryParse(words[i + 1], CultureInfo.InvariantCulture, out minutes) && minutes > 0,
                "--nodes" => int.TryParse(words[i + 1], out nodes) && nodes is 3 or 5,
                _ => false,
            };
            if (good) continue;
            await Console.Error.WriteLineAsync(Usage);
            return 22;
        }
        var result = await ProcessChaos.RunAsync(nodes, TimeSpan.FromMinutes(minutes), Console.WriteLine);
        Console.WriteLine($"{nodes} nodes, {minutes} min: {result.Acknowledged} operations acknowledged, {result.Unknown} with unknown outcome");
        Console.WriteLine("harm done: " + string.Join(", ", result.Harm.Select(h => $"{h.Value} x {h.Key}")));
        Console.WriteLine($"longest times without an acknowledged write: {string.Join(", ", result.Gaps.Take(5).Select(g => $"{g.TotalSeconds:0.0} s"))}");
        Console.WriteLine(result.Fault is null ? "every history is linearizable; all states have the same digest, and every node gives the same values" : $"FAULT: {result.Fault}");
        return result.Fault is null ? 0 : 1;
    }

    private static async Task<int> TreesAsync(int rounds, ulong seed)
    {
        Console.WriteLine($"seed {seed}");
        var faults = await new TreeChaos(seed, Console.WriteLine).RunAsync(rounds);
        Console.WriteLine(faults.Count == 0 ? "every answer holds, and ns check finds no differences" : "FAULT: " + string.Join("\n\n", faults));
        return faults.Count == 0 ? 0 : 1;
    }
}
