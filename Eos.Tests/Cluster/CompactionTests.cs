using Akka.Actor;
using Akka.Cluster.Sharding;
using Eos.Client;
using Eos.Gateway;
using Eos.Journal;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using static Eos.Kv.SystemProtocol;
using Settings = Eos.Kernel.Settings;

namespace Eos.Tests.Cluster;

/// <summary>`ns compact` on a whole node.</summary>
[Collection(ClustersCollection.Name)]
public sealed class CompactionTests
{
    private const int Directories = 5;
    private const int Children = 12;

    // nobody loses the role because the machine is busy
    private static readonly string[] Calm =
    [
        .. PatientGroup.Settings, "eos.journal.session.duration=60s", "eos.formation.isolation=120s", "eos.master.lease=60s", "eos.master.move-timeout=60s", "eos.upkeep.settle=0s", "eos.upkeep.min-events=10",
    ];

    [Fact]
    public async Task Directories_that_sleep_store_their_states_and_are_as_they_were()
    {
        await using var nodes = await HostedNodes.StartedAsync(1, "qdb,mgm", Calm);
        var gateway = await Eventually.Is(() => nodes.System(0).ActorSelection("/user/gateway").ResolveOne(TimeSpan.FromSeconds(5)), _ => true, "there is a gateway");
        var system = nodes.System(0);
        await using var client = new EosClient(
            GatewayLink.To(system, gateway, ClientSettings.From(new Settings(system.Settings.Config, "eos.client"))), new GatewayProtocol.Claim(0, 0, "root", "here", "test"), Eventually.Patience);
        string[] names = [.. Enumerable.Range(0, Children).Select(i => $"c{i:d2}")];
        var ids = new List<string>();
        for (var d = 0; d < Directories; d++)
        {
            foreach (var name in names) await client.MakeDirectoryAsync($"/eos/dev/d{d}/{name}", parents: true);
            ids.Add(DirectorySharding.PersistenceIdOf(((GatewayProtocol.DirectoryInformation)await client.InfoAsync($"/eos/dev/d{d}")).Directory.Id));
        }
        Assert.Empty(ids.Except(await LongAsync()));
        await Eventually.Is(
            async () =>
            {
                await client.AdministerAsync("ns", "cache drop", []);
                var region = await ClusterSharding.Get(system).ShardRegion(DirectorySharding.TypeName).Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Eventually.Patience);
                return region.Shards.SelectMany(s => s.EntityIds).Select(id => DirectorySharding.PersistenceIds + id).ToHashSet();
            },
            awake => !ids.Any(awake.Contains), "they sleep");

        await client.AdministerAsync("ns", "compact", ["on"]);
        await Eventually.Is(LongAsync, found => !found.Intersect(ids).Any(), "their states are stored");
        await Eventually.Is(
            async () => string.Concat((await client.AdministerAsync("ns", "compact status", [])).Lines),
            status => status.StartsWith("status=off waitstart=0 interval=0 ratio=", StringComparison.Ordinal) && !status.Contains("failed", StringComparison.Ordinal), "the compaction is over");
        for (var d = 0; d < Directories; d++)
        {
            var found = new List<string>();
            await foreach (var entry in client.ListAsync($"/eos/dev/d{d}")) found.Add(entry.Name);
            Assert.Equal(names, found);
        }

        async Task<IReadOnlyCollection<string>> LongAsync() =>
            Assert.IsType<LongJournalsFound>(await KvGroup.Get(system).Client.LookAsync(new FindLongJournals(DirectorySharding.PersistenceIds, "", 10), Eventually.Patience)).Ids;
    }
}
