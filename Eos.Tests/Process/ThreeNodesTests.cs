using System.Net;
using Eos.Kernel;
using Eos.Tests.Support;
using Xunit.Abstractions;

namespace Eos.Tests.Processes;

/// <summary>Three real nodes with all roles: what goes on when some of them are killed, or all of them.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class ThreeNodesTests(ITestOutputHelper output)
{
    private const int Directories = 12;
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private static string Path(int i) => $"/eos/dev/d{i}";

    private static async Task MakeDirectoriesAsync(EosNodes nodes)
    {
        for (var i = 0; i < Directories; i++) Assert.Equal(0, (await nodes.CliAsync("mkdir", Path(i))).Code);
    }

    [Fact]
    public async Task Directories_of_a_killed_node_answer_elsewhere_and_any_two_of_three_killed_nodes_serve_again()
    {
        await using var nodes = await EosNodes.StartedAsync(3);
        await MakeDirectoriesAsync(nodes);
        using var http = new HttpFiles();
        for (var i = 0; i < Directories; i++) await Stored(http, nodes[i % 3], $"{Path(i)}/f", i);

        using var clock = new MachineClock();
        await nodes[0].KillAsync();
        await Task.WhenAll(Enumerable.Range(0, Directories).Select(i => Stored(http, nodes[1 + i % 2], $"{Path(i)}/g", -1 - i)));
        Assert.True(clock.Elapsed < Long, $"directories answered {clock.Elapsed} after the kill");
        await nodes.StartAsync(0);

        foreach (var pair in new int[][] { [0, 2], [0, 1], [1, 2] })
        {
            foreach (var node in nodes.All) await node.KillAsync();
            using var since = new MachineClock();
            await nodes.StartAsync(pair);
            for (var i = 0; i < Directories; i++)
            {
                var reader = nodes[pair[i % 2]];
                await Read(http, reader, $"{Path(i)}/f", i);
                await Read(http, reader, $"{Path(i)}/g", -1 - i);
            }
            output.WriteLine($"nodes {pair[0] + 1} and {pair[1] + 1} had given everything {since.Elapsed.TotalSeconds:0.0} s after their start");
        }
    }

    [Fact]
    public async Task The_master_role_goes_where_it_is_wanted_and_every_node_tells_the_same()
    {
        await using var nodes = await EosNodes.StartedAsync(3);
        for (var to = 0; to < 3; to++)
        {
            var moved = await nodes.CliAsync("ns", "master", nodes[to].Name);
            Assert.True(moved.Code == 0, $"{moved}");
            for (var node = 0; node < 3; node++) await IsMaster(nodes, node, id => id == nodes.Place(to), $"node {node} knows the master");
        }
        Assert.Equal((int)Errno.Invalid, (await nodes.CliAsync("ns", "master", "nobody")).Code);
        var log = (await nodes.CliAsync("ns", "master", "--log")).Output;
        Assert.Contains($"{nodes.Place(2)} takes the role with token", log);
        Assert.Equal(0, (await nodes.CliAsync("ns", "master", "--log-clear")).Code);
        Assert.Equal("", (await nodes.CliAsync("ns", "master")).Output);
        foreach (var (noun, atLeast) in new[] { ("fs", 3), ("node", 3), ("group", 1), ("space", 1) })
        {
            await Eventually.Is(
                async () => (await Task.WhenAll(nodes.All.Select(n => n.CliAsync(noun, "ls", "-m")))).Select(o => Ids(o.Output)).ToList(),
                all => all.Distinct().Count() == 1 && all[0].Split('\n').Count(row => row.Contains('=')) >= atLeast, $"all show the same for {noun} ls");
        }
        await FailOverAsync(nodes);
    }

    /// <summary>The role of the third node is free when that one is killed: standbys leave it alone while that is disabled, and take it once it is enabled.</summary>
    private static async Task FailOverAsync(EosNodes nodes)
    {
        Assert.Equal(0, (await nodes.CliAsync("ns", "master", "--disable")).Code);
        await nodes[2].KillAsync();
        for (var node = 0; node < 2; node++) await IsMaster(nodes, node, id => id.Length == 0, "the role is free");
        // a process for each question: together they take as long as many looks of the standbys
        for (var i = 0; i < 6; i++) Assert.Equal("", await nodes.NsAsync(i % 2, "master_id"));

        Assert.Equal(0, (await nodes.CliAsync("ns", "master", "--enable")).Code);
        var next = await IsMaster(nodes, 0, id => id == nodes.Place(0) || id == nodes.Place(1), "one of the others takes the role");
        await IsMaster(nodes, 1, id => id == next, "both know the same master");
    }

    private static Task<string> IsMaster(EosNodes nodes, int node, Func<string, bool> good, string what) => Eventually.Is(() => nodes.NsAsync(node, "master_id"), good, what);

    /// <summary>Of each row the first words, which do not change from report to report.</summary>
    private static string Ids(string rows) => string.Join('\n', rows.Trim().Split('\n').Select(row => string.Join(' ', row.Split(' ').Take(3))));

    /// <summary>Also of a node that has just come up and hears of the other's filesystem a little later.</summary>
    private static Task<byte[]> Read(HttpFiles http, EosProcess node, string path, int seed) => Eventually.Is(
        () => http.ReadAsync(node.Status.Http, path), bytes => bytes.AsSpan().SequenceEqual(HttpFiles.Bytes(seed, 1000)), $"{path} is read through {node.Name}");

    private static Task<HttpAnswer> Stored(HttpFiles http, EosProcess node, string path, int seed) => Eventually.Is(
        () => http.PutAsync(node.Status.Http, path, HttpFiles.Bytes(seed, 1000)), a => a.Status == HttpStatusCode.Created, $"{path} is stored");
}
