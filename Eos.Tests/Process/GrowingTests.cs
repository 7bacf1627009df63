using System.Net;
using Eos.Tests.Support;

namespace Eos.Tests.Processes;

/// <summary>An instance of one real node gets two more, as `./eos up --nodes 3` starts them: they join, and their members vote once they are asked to.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class GrowingTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly int[] _ports = FreePort.Take(3);
    private readonly EosProcess[] _nodes;

    public GrowingTests() => _nodes = [.. Enumerable.Range(1, 3).Select(n => new EosProcess(_folder, $"node{n}"))];

    public Task InitializeAsync() => StartAsync(0);

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
    }

    [Fact]
    public async Task Nodes_that_come_later_serve_at_once_and_bear_the_loss_of_the_first_when_they_have_become_members()
    {
        using var http = new HttpFiles();
        var bytes = HttpFiles.Bytes(7, 1000);
        await StartAsync(1, 0, 2);
        await StartAsync(2, 0, 1);
        Assert.Equal(0, (await _nodes[1].CliAsync("mkdir", "/eos/dev/d")).Code);
        Assert.Equal(0, (await _nodes[1].CliAsync("attr", "set", "default=replica", "/eos/dev/d")).Code);
        await Eventually.Is(() => http.PutAsync(_nodes[2].Status.Http, "/eos/dev/d/f", bytes), a => a.Status == HttpStatusCode.Created, "a file with two replicas is stored");

        await Eventually.Is(
            () => _nodes[2].CliAsync("ns", "-m"), told => told.Output.Contains($" ns.qdb.leader={Place(0)}\n", StringComparison.Ordinal), "a node whose member waits knows who leads");
        foreach (var later in new[] { 1, 2 }) Assert.Equal("+OK", await AskAsync(0, $"raft-add-observer {Place(later)}"));
        foreach (var later in new[] { 1, 2 })
            await Eventually.Is(
                async () => new[] { await AskAsync(0, $"raft-promote-observer {Place(later)}"), await AskAsync(1, $"raft-promote-observer {Place(later)}") },
                answers => answers.Contains("+OK"), $"the member of {_nodes[later].Name} has caught up");

        await Eventually.Is(
            () => _nodes[2].CliAsync("ns", "-m"),
            told => Enumerable.Range(0, 3).All(node => told.Output.Split('\n').Any(l => l.Contains(" ns.qdb.", StringComparison.Ordinal) && l.Contains(Place(node), StringComparison.Ordinal))),
            "the last node tells all members");

        await _nodes[0].KillAsync();
        foreach (var later in _nodes[1..])
            await Eventually.Is(() => http.PutAsync(later.Status.Http, $"/eos/dev/d/{later.Name}", bytes), a => a.Status == HttpStatusCode.Created, $"{later.Name} serves without the first node");
        await StartAsync(0);
        Assert.Equal(0, (await _nodes[0].CliAsync("stat", "/eos/dev/d/node2")).Code);
    }

    /// <summary>Asks the Redis door of a node, which need not lead.</summary>
    private async Task<string> AskAsync(int node, string line)
    {
        using var door = await RespClient.ConnectAsync(int.Parse(_nodes[node].Status.Values["redis"].Split(':')[1]));
        return await door.AskAsync(line);
    }

    private string Place(int node) => $"127.0.0.1:{_ports[node]}";

    /// <summary>Starts a node that looks for the group at these others; the first one is a group of its own.</summary>
    private async Task StartAsync(int node, params int[] others)
    {
        Directory.CreateDirectory(_nodes[node].Data);
        if (node > 0) File.Copy(_nodes[0].Keytab, _nodes[node].Keytab);
        await _nodes[node].StartAsync(["--set", $"akka.remote.dot-netty.tcp.port={_ports[node]}", .. others.SelectMany(other => new[] { "--member", Place(other) })]);
    }
}
