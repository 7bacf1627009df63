using Eos.Tests.Support.Posix;
using FsCheck;
using FsCheck.Fluent;

namespace Eos.Tests.Support.Chaos;

/// <summary>
/// Random commands on small trees while the nodes of a whole instance are killed in turn: in each round, when a third of its commands has been answered, one node is killed, and at two
/// thirds it is started again; the clients go on through the others, also with walks that the node led. What was acknowledged holds, each tree is in the end one that its model allows, and all that the namespace says of
/// itself fits together.
/// </summary>
internal sealed class TreeChaos(ulong seed, Action<string> tell)
{
    private const int Nodes = 3;
    private const int Trees = 8;
    private const int Commands = 60;
    private const string Top = "/eos/dev/trees";

    /// <summary>What is wrong; empty if all is well.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(int rounds)
    {
        await using var nodes = await EosNodes.StartedAsync(Nodes);
        var clients = Enumerable.Range(0, Trees).Select(_ => new CommandLineInProcess(nodes.Places, nodes[0].Keytab)).ToList();
        try
        {
            await Eventually.Is(() => clients[0].RunAsync(["mkdir", "-p", Top]), made => made.Code == 0, "the instance serves");
            var faults = new List<string>();
            for (var round = 0; round < rounds && faults.Count == 0; round++) faults.AddRange(await RoundAsync(nodes, clients, round));
            if (faults.Count == 0) await clients[0].SettlesWithoutDifferencesAsync();
            return faults;
        }
        finally
        {
            foreach (var client in clients) await client.DisposeAsync();
        }
    }

    private async Task<IReadOnlyList<string>> RoundAsync(EosNodes nodes, IReadOnlyList<CommandLineInProcess> clients, int round)
    {
        var victim = round % Nodes;
        var (answered, kill, start) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        var plans = Gen.ArrayOf(TreeCommand.Any, Commands).Sample(Trees, new Rnd(seed + (ulong)round), Commands).ToList();
        var runs = Task.WhenAll(plans.Select((plan, i) => RunAsync(clients[i], $"{Top}/r{round}t{i}", plan, () =>
        {
            var count = Interlocked.Increment(ref answered);
            if (count >= Trees * Commands / 3) kill.TrySetResult();
            if (count >= Trees * Commands * 2 / 3) start.TrySetResult();
        })));
        var walked = new WalkedTrees(clients, $"{Top}/walked{round}");
        await walked.MakeAsync();
        await Task.WhenAny(runs, kill.Task);
        var walks = walked.WalkAsync();
        await nodes[victim].KillAsync();
        await Task.WhenAny(runs, start.Task);
        await nodes.StartAsync(victim);
        var told = await runs;
        tell($"round {round + 1}: {nodes[victim].Name} killed; {answered} commands, {told.Sum(t => t.Unknown)} of them without answer");
        return [.. told.Select(t => t.Fault).OfType<string>().Concat(await walks).Select(fault => $"seed {seed}, round {round + 1}: {fault}")];
    }

    private static async Task<(string? Fault, int Unknown)> RunAsync(CommandLineInProcess client, string top, TreeCommand[] plan, Action answered)
    {
        var (tree, done) = (new PossibleTrees(), new List<string>());
        foreach (var words in new string[][] { ["mkdir", top], ["chmod", "777", top] })
            if (await client.RunAsync(words) is { Code: not 0 } failed) return ($"{string.Join(' ', words)}: {failed}", 0);
        foreach (var command in plan)
        {
            var outcome = await client.RunAsync(command.Words(top));
            done.Add($"{command}: {outcome.Code}");
            if (tree.Told(command, outcome) is { } wrong) return ($"{top}\n{string.Join('\n', done)}\n{wrong}", tree.Unknown);
            answered();
        }
        var found = await client.RunAsync(["find", top]);
        if (found.Code != 0) return ($"find {top}: {found}", tree.Unknown);
        var paths = found.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Replace(top, "", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        return (tree.Fault(paths) is { } fault ? $"{top}\n{string.Join('\n', done)}\n{fault}" : null, tree.Unknown);
    }
}
