using System.Diagnostics;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;
using Eos.Tests.Support.Chaos;
using Xunit.Abstractions;

namespace Eos.Tests.Processes;

/// <summary>Real nodes with the role qdb under a nemesis and over slow links; `./eos chaos` is the same for as long as wanted.</summary>
[Collection(ProcessesCollection.Name)]
public class ChaosTests(ITestOutputHelper output)
{
    /// <summary>
    /// Two minutes of the nemesis, and beside them an instance whose leader stands still for a minute, because both mostly wait. `./eos chaos --pause` stops another node as well.
    /// </summary>
    [Fact]
    public async Task Three_nodes_under_a_nemesis_stay_linearizable_and_a_node_that_was_stopped_for_a_minute_serves_again_within_half_a_minute()
    {
        var pause = new LongPause(Tell).RunAsync(TimeSpan.FromSeconds(60), victims: 1);
        var result = await ProcessChaos.RunAsync(3, TimeSpan.FromMinutes(2), Tell);
        Assert.True(await pause);
        Assert.True(result.Fault is null, result.Fault);
        Assert.True(result.Acknowledged > 1000, $"only {result.Acknowledged} operations were acknowledged");

        void Tell(string line)
        {
            lock (output) output.WriteLine(line);
        }
    }

    /// <summary>50 ms each way with jitter, and stalls: the relaxed preset elects once, and writes share their round trips.</summary>
    [Fact]
    public async Task Nodes_far_apart_elect_once_and_write_in_few_round_trips()
    {
        await using var group = new QdbProcesses(3, ["eos.raft.timeouts=relaxed"]);
        foreach (var link in group.Links.All) link.Slow(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(10));
        await group.StartAsync();
        await group.SettleAsync();
        var leader = await group.LeaderAsync();
        var term = await group.Nodes[leader].InfoAsync("TERM");

        using var client = await RespClient.ConnectAsync(group.Nodes[leader].Redis);
        Assert.Equal("+OK", await client.AskAsync("SET wan warm"));
        var took = new List<TimeSpan>();
        for (var round = 0; round < 5; round++)
        {
            var clock = Stopwatch.StartNew();
            await client.SendAsync(Enumerable.Range(0, 1000).SelectMany(i => RespClient.Command("SET", $"wan{i}", $"{round}")).ToArray());
            for (var i = 0; i < 1000; i++) Assert.Equal("+OK", await client.ReadAsync());
            took.Add(clock.Elapsed);
        }
        output.WriteLine($"1000 writes at a time: {string.Join(", ", took.Select(t => $"{t.TotalMilliseconds:0} ms"))}");
        // a round trip takes 100 to 120 ms
        Assert.True(took.Min() < TimeSpan.FromSeconds(3), $"the quickest of five times 1000 writes took {took.Min()}, one after the other 100 s");

        // each direction stalls in turn, for longer than heartbeats take and shorter than a leader's patience
        foreach (var link in group.Links.All)
        {
            link.Cut();
            using var stall = new PeriodicTimer(TimeSpan.FromSeconds(1.5));
            await stall.WaitForNextTickAsync();
            link.Heal();
            Assert.Equal("+OK", await client.AskAsync("SET wan stalled"));
        }
        await group.SettleAsync();
        Assert.Equal(leader, await group.LeaderAsync());
        Assert.Equal(term, await group.Nodes[leader].InfoAsync("TERM"));
    }

    /// <summary>Through a node where the directory does not live. RoutineTests count the rounds: three on the way and four pages; one for each entry would take 100 s.</summary>
    [Fact]
    public async Task A_listing_of_a_thousand_entries_takes_few_round_trips_over_slow_links()
    {
        const int entries = 1000;
        await using var nodes = new QdbProcesses(3, ["eos.raft.timeouts=relaxed", "eos.journal.session.duration=30s"], roles: "qdb,mgm,fst");
        await nodes.StartAsync();
        await nodes.ServesAsync(0);
        await using var maker = nodes.Client(0);
        await Eventually.Is(async () => (await maker.FilesystemsAsync()).Rows.Count(r => r.Active == Eos.Views.Activity.Online), online => online == 3, "all filesystems are online");
        await maker.MakeDirectoryAsync("/eos/dev/many");
        await Parallel.ForEachAsync(Enumerable.Range(0, entries), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) => await maker.PutAsync($"/eos/dev/many/f{i:d4}", new MemoryStream([])));
        var directory = ((DirectoryInformation)await maker.InfoAsync("/eos/dev/many")).Directory.Id;
        using var homes = new Homes(nodes);
        var home = await Eventually.Is(() => homes.HomeOfAsync(directory), node => node >= 0, "the directory lives somewhere");
        var reader = (home + 1) % 3;
        await nodes.ServesAsync(reader);
        await using var client = nodes.Client(reader);

        var (delay, jitter) = (TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(10));
        foreach (var link in nodes.Links.All) link.Slow(delay, jitter);
        var took = new List<TimeSpan>();
        for (var round = 0; round < 5; round++) took.Add(await ListAsync());
        output.WriteLine($"{entries} entries: {string.Join(", ", took.Select(t => $"{t.TotalMilliseconds:0} ms"))}");
        Assert.True(took.Min() < 50 * 2 * (delay + jitter), $"the quickest of five listings took {took.Min()}");

        // the way to the directory stalls in the middle
        nodes.Links[reader, home].Cut();
        var stalled = ListAsync();
        using (var stall = new PeriodicTimer(TimeSpan.FromSeconds(1.5))) await stall.WaitForNextTickAsync();
        nodes.Links.Heal();
        output.WriteLine($"with a stall of 1.5 s: {(await stalled).TotalMilliseconds:0} ms");

        async Task<TimeSpan> ListAsync()
        {
            var clock = Stopwatch.StartNew();
            Assert.Equal(entries, await client.ListAsync("/eos/dev/many").CountAsync());
            return clock.Elapsed;
        }
    }
}
