using System.Collections.Immutable;
using Akka.Actor;
using Eos.Client;
using Eos.Tests.Support;
using Eos.Views;

namespace Eos.Tests.Cluster;

/// <summary>Three nodes with all roles, as <see cref="EosNode"/> starts them, on one journal: any of them serves everything, and goes without harm.</summary>
[Collection(ClustersCollection.Name)]
public sealed class ManyNodesTests : IAsyncLifetime
{
    private const int Nodes = 3;
    private const int Directories = 24;

    private readonly TemporaryFolder _folder = new();
    private readonly List<EosMember> _members = [];
    private LoopbackCluster _cluster = null!;

    public async Task InitializeAsync()
    {
        SQLitePCL.Batteries_V2.Init();
        _cluster = await LoopbackCluster.Start(Nodes, """
            akka.cluster.roles = ["mgm", "fst"]
            eos.fst.report-interval = 200ms
            """, EosNode.Configuration);
        for (var i = 0; i < Nodes; i++) _members.Add(await EosMember.StartAsync(_cluster[i], i + 1, _folder, $"default.{i + 1}"));
        foreach (var member in _members)
            await Eventually.Is(() => member.Client.FilesystemsAsync(), a => a.Rows.Count(r => r.Active == Activity.Online) == Nodes, $"node {member.Number} sees all filesystems");
    }

    public async Task DisposeAsync()
    {
        foreach (var member in _members) await member.DisposeAsync();
        await _cluster.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_node_serves_everything_and_nothing_that_was_acknowledged_goes_with_a_node()
    {
        await Task.WhenAll(Enumerable.Range(0, Directories).Select(async i =>
        {
            await Client(i).MakeDirectoryAsync($"/eos/dev/d{i}");
            await Client(i + 1).PutAsync($"/eos/dev/d{i}/f", new MemoryStream(BitConverter.GetBytes(i)));
        }));
        Assert.All(_members, m => Assert.True(m.Files() > 0, $"the filesystem of node {m.Number} took no upload"));
        for (var i = 0; i < Directories; i++)
        {
            var got = new MemoryStream();
            await Client(i + 2).GetAsync($"/eos/dev/d{i}/f", got);
            Assert.Equal(BitConverter.GetBytes(i), got.ToArray());
        }

        await GoneAsync(2, _cluster.Leave);
        await EverythingIsThereAsync("left");
        await GoneAsync(0, _cluster.Crash);
        await EverythingIsThereAsync("crashed");
    }

    private EosClient Client(int i) => _members[i % _members.Count].Client;

    private async Task GoneAsync(int index, Func<ActorSystem, Task> how)
    {
        var member = _members[index];
        _members.RemoveAt(index);
        await how(member.System);
        await member.DisposeAsync();
    }

    private async Task EverythingIsThereAsync(string how)
    {
        await Task.WhenAll(Enumerable.Range(0, Directories).Select(async i =>
        {
            Assert.Equal(4ul, (await Client(i).StatAsync($"/eos/dev/d{i}/f")).Size);
            await Client(i).MakeDirectoryAsync($"/eos/dev/d{i}/{how}");
        }));
        var names = new List<string>();
        await foreach (var entry in Client(0).ListAsync("/eos/dev")) names.Add(entry.Name);
        Assert.Equal(Enumerable.Range(0, Directories).Select(i => $"d{i}").Order(StringComparer.Ordinal), names.Where(name => name != "proc"));
    }
}
