using System.Diagnostics;
using System.Globalization;
using Eos.Client;
using Eos.Kernel;

namespace Eos.Tests.Support.Chaos;

/// <summary>
/// Stops a node of an instance (SIGSTOP) for far longer than all leases, lets it go on, and measures how long it takes until its member of the group has what it missed and its own
/// gateway serves all directories again: the node that leads the group, and then another.
/// </summary>
internal sealed class LongPause(Action<string> tell)
{
    private const int Nodes = 3;
    private const int Directories = 12;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="victims">How many are stopped, one after the other.</param>
    /// <returns>Whether all of them served in time.</returns>
    public async Task<bool> RunAsync(TimeSpan pause, int victims)
    {
        await using var nodes = new QdbProcesses(Nodes, ["eos.gateway.replicas=2"], roles: "qdb,mgm,fst", linked: false);
        await nodes.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, Nodes).Select(nodes.ServesAsync));
        await using (var client = nodes.Client(0))
            for (var i = 0; i < Directories; i++) await client.MakeDirectoryAsync(Path(i));
        var leader = await Eventually.Is(nodes.LeaderAsync, found => found >= 0, "one of the nodes leads");
        var inTime = true;
        for (var i = 0; i < victims; i++) inTime &= await StopAsync(nodes, (leader + i) % Nodes, pause, i == 0 ? "which leads the group" : "another");
        tell(inTime ? $"served within {Limit.TotalSeconds:0} s, with nobody's help" : $"FAULT: not within {Limit.TotalSeconds:0} s");
        return inTime;
    }

    private async Task<bool> StopAsync(QdbProcesses nodes, int victim, TimeSpan pause, string what)
    {
        var node = nodes.Nodes[victim];
        node.Pause();
        await using (var other = nodes.Client((victim + 1) % Nodes))
            for (var i = 0; i < Directories; i++) await other.MakeDirectoryAsync($"{Path(i)}/{node.Name}");
        using (var sleep = new PeriodicTimer(pause)) await sleep.WaitForNextTickAsync();
        var goal = (await Task.WhenAll(nodes.Nodes.Where(n => n != node).Select(n => n.NumberAsync("COMMIT-INDEX")))).Max();

        var clock = Stopwatch.StartNew();
        node.Continue();
        var raft = TimeAsync(clock, Eventually.Is(() => node.NumberAsync("LAST-APPLIED"), applied => applied >= goal, $"{node.Name} has what it missed"));
        var names = TimeAsync(clock, Eventually.Is(() => ServesAllAsync(nodes, victim), served => served, $"{node.Name} serves all directories"));
        TimeSpan[] took = [await raft, await names];
        tell(string.Create(CultureInfo.InvariantCulture,
            $"{node.Name}, {what}, stopped for {pause.TotalSeconds:0} s: has caught up {took[0].TotalSeconds:0.0} s after SIGCONT, its gateway serves all directories after {took[1].TotalSeconds:0.0} s"));
        return took.Max() < Limit;
    }

    /// <summary>Whether this node's own gateway shows in every directory what was made while it slept, and makes something there.</summary>
    private static async Task<bool> ServesAllAsync(QdbProcesses nodes, int node)
    {
        await using var client = nodes.Client(node, Patience);
        for (var i = 0; i < Directories; i++)
        {
            if (!await client.ListAsync(Path(i)).AnyAsync(e => e.Name == nodes.Nodes[node].Name)) return false;
            try
            {
                await client.MakeDirectoryAsync($"{Path(i)}/{nodes.Nodes[node].Name}-awake");
            }
            catch (EosException e) when (e.Why == Errno.Exists)
            {
                // by a try before
            }
        }
        return (await client.StatisticsAsync()).Leadership.Local == nodes.AddressOf(node);
    }

    private static async Task<TimeSpan> TimeAsync(Stopwatch clock, Task done)
    {
        await done;
        return clock.Elapsed;
    }

    private static string Path(int i) => $"/eos/dev/d{i}";
}
