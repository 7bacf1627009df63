using System.Diagnostics;
using System.Globalization;

namespace Eos.Tests.Support.Chaos;

/// <summary>
/// A whole instance under a nemesis: three nodes with all roles, clients that make and remove files through each of them. In the end every acknowledged file is there
/// with its bytes, nothing is there that was refused or removed, the master role was one node's at a time, and all states of the group are the same.
/// </summary>
internal sealed class InstanceChaos(Action<string> tell)
{
    private const int Nodes = 3;
    private const int Directories = 12;
    private const string TakesTheRole = "takes the role with token ";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public async Task<int> RunAsync(TimeSpan time)
    {
        await using var nodes = new QdbProcesses(
            Nodes, ["eos.gateway.replicas=2", "eos.raft.keep-entries=20000"], smallDisk: Environment.UserName == "root" ? 512 : 0, roles: "qdb,mgm,fst");
        var clock = Stopwatch.StartNew();
        await nodes.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, Nodes).Select(nodes.ServesAsync));
        tell($"{Nodes} nodes serve after {clock.Elapsed.TotalSeconds:0.0} s; the disk that is filled is {nodes.SmallDisk?.Kind ?? "none: mounting one takes root"}");
        var books = Enumerable.Range(0, Directories).Select(i => new CreateBook($"/eos/dev/d{i}")).ToList();
        await using (var client = nodes.Client(0))
            foreach (var book in books) await client.MakeDirectoryAsync(book.Path, mode: CreateLoad.RootAlone);

        await using var load = new CreateLoad(nodes, books, Pause, removes: 3);
        for (var door = 0; door < Nodes; door++) load.Open(door);
        using var end = new CancellationTokenSource(time);
        var nemesis = new ProcessNemesis(nodes, what => tell($"{clock.Elapsed.TotalSeconds,6:0.0} s  {books.Sum(b => b.Acknowledged),8} acknowledged  {what}"));
        await nemesis.RunAsync(end.Token);
        nodes.Heal();
        await nodes.SettleAsync();
        await Task.WhenAll(Enumerable.Range(0, Nodes).Select(nodes.ServesAsync));
        await load.CloseAllAsync();

        var faults = (await load.FaultsAsync(bytes: true)).ToList();
        if (await nodes.DigestFaultAsync() is { } differ) faults.Add(differ);
        faults.AddRange(await MasterFaultsAsync(nodes));
        var fates = books.SelectMany(b => b.Files.Values).ToLookup(f => f);
        tell(string.Create(CultureInfo.InvariantCulture,
            $"{time.TotalMinutes} min: {books.Sum(b => b.Acknowledged)} files acknowledged, {fates[CreateBook.Fate.Removed].Count()} of them removed, {fates[CreateBook.Fate.Unknown].Count()} outcomes unknown, {fates[CreateBook.Fate.Refused].Count()} refused"));
        tell("harm done: " + string.Join(", ", nemesis.Done.Select(h => $"{h.Value} x {h.Key}")));
        tell($"longest times without an acknowledged create in one directory: {string.Join(", ", books.Select(b => b.TakeLongestGap()).OrderDescending().Take(5).Select(g => $"{g.TotalSeconds:0.0} s"))}");
        tell(faults.Count == 0 ? "every acknowledged file is there with its bytes, and nothing else; one master at a time; all states have the same digest" : "FAULT: " + string.Join('\n', faults));
        return faults.Count == 0 ? 0 : 1;
    }

    /// <summary>Each grant of the role has a greater token than those before, and in the end all nodes name the same master.</summary>
    private async Task<IReadOnlyList<string>> MasterFaultsAsync(QdbProcesses nodes)
    {
        var faults = new List<string>();
        await using var client = nodes.Client(0);
        var lines = (await client.MasterLogAsync()).Lines.Where(l => l.Contains(TakesTheRole, StringComparison.Ordinal)).ToList();
        var tokens = lines.Select(l => ulong.Parse(l.AsSpan(l.IndexOf(TakesTheRole, StringComparison.Ordinal) + TakesTheRole.Length), CultureInfo.InvariantCulture)).ToList();
        tell($"the master role was taken {tokens.Count} times");
        for (var i = 1; i < tokens.Count; i++)
            if (tokens[i] <= tokens[i - 1]) faults.Add($"the role was taken with token {tokens[i]} after {tokens[i - 1]}");
        try
        {
            await Eventually.Is(
                async () => await Task.WhenAll(Enumerable.Range(0, Nodes).Select(async node =>
                {
                    await using var asker = nodes.Client(node, TimeSpan.FromSeconds(10));
                    return (await asker.StatisticsAsync()).Leadership.Master;
                })),
                masters => masters[0].Length > 0 && masters.Distinct().Count() == 1, "all nodes name the same master");
        }
        catch (TimeoutException e)
        {
            faults.Add(e.Message);
        }
        return faults;
    }
}
