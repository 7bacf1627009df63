using System.Collections.Immutable;
using Eos.Client;
using Eos.Fst;
using Eos.Gateway;
using Eos.Kernel;
using Eos.Tests.Support;
using Eos.Views;

namespace Eos.Tests.Cluster;

/// <summary>Three nodes that store two replicas of every file: what becomes of them when disks and nodes fail.</summary>
[Collection(ClustersCollection.Name)]
public sealed class ReplicaTests : IAsyncLifetime
{
    private const int Nodes = 3;
    private const string Path = "/eos/dev/d/f";
    private static readonly byte[] Bytes = HttpFiles.Bytes(9, 300_000);
    private readonly TemporaryFolder _folder = new();
    private readonly List<EosMember> _members = [];
    private LoopbackCluster _cluster = null!;

    public async Task InitializeAsync()
    {
        SQLitePCL.Batteries_V2.Init();
        _cluster = await LoopbackCluster.Start(Nodes, """
            akka.cluster.roles = ["mgm", "fst"]
            eos.fst.report-interval = 200ms
            eos.views.offline-after = 10s
            eos.namespace.tick-interval = 500ms
            """, EosNode.Configuration);
        for (var i = 0; i < Nodes; i++) _members.Add(await EosMember.StartAsync(_cluster[i], i + 1, _folder, "default.0"));
        foreach (var member in _members)
            await Eventually.Is(() => member.Client.FilesystemsAsync(), a => a.Rows.Count(r => r.Active == Activity.Online) == Nodes, $"node {member.Number} sees all filesystems");
        await Client.MakeDirectoryAsync("/eos/dev/d");
        await Client.SetAttributesAsync("/eos/dev/d", [new("sys.forced.layout", "replica"), new("sys.forced.nstripes", "2")]);
        await Client.PutAsync(Path, new MemoryStream(Bytes));
    }

    public async Task DisposeAsync()
    {
        foreach (var member in _members) await member.DisposeAsync();
        await _cluster.DisposeAsync();
        _folder.Dispose();
    }

    private EosClient Client => _members[0].Client;

    private EosMember Of(FsId fs) => _members.Single(m => m.Number == (int)fs.Value);

    private async Task<GatewayProtocol.FileInformation> InfoAsync() => Assert.IsType<GatewayProtocol.FileInformation>(await Client.InfoAsync(Path));

    private string PathOf(FsId fs, FileId file) => Of(fs).Disk.PathOf(file);

    private async Task ReadsRightAsync()
    {
        foreach (var member in _members)
        {
            var got = new MemoryStream();
            await member.Client.GetAsync(Path, got);
            Assert.Equal(Bytes, got.ToArray());
        }
    }

    /// <summary>As many places as wanted, and each has the right bytes; returns them.</summary>
    private async Task<ImmutableArray<FsId>> WholeAsync(int replicas = 2)
    {
        var info = await Eventually.Is(
            InfoAsync,
            i => i.File.Content.Locations.Length == replicas && i.File.Content.Locations.All(fs => File.Exists(PathOf(fs, i.File.Id)) && Bytes.SequenceEqual(File.ReadAllBytes(PathOf(fs, i.File.Id)))),
            $"{replicas} whole replicas");
        return info.File.Content.Locations;
    }

    private Task<GatewayProtocol.Filesystems> FaultsAsync(Func<FstProtocol.FsFaults, bool> wanted, FsId fs) =>
        Eventually.Is(() => Client.FilesystemsAsync(), a => wanted(a.Rows.Single(r => r.Id == fs).Report.Usage.Faults), "the report tells it");

    [Fact]
    public async Task A_file_has_its_replicas_on_two_nodes_and_all_go_with_it()
    {
        var places = await WholeAsync();
        Assert.Equal(2, places.Distinct().Count());
        Assert.Equal(2u, (await Client.StatAsync(Path)).Replicas);
        Assert.All(await Client.CheckReplicasAsync(await InfoAsync()), state => Assert.Null(state.Problem));

        await Client.RemoveAsync(Path);
        await Eventually.True(() => _members.Sum(m => m.Files()) == 0, "all bytes are deleted");
    }

    [Fact]
    public async Task A_flipped_bit_is_reported_and_made_good_by_the_read_that_met_it()
    {
        var fs = (await WholeAsync())[0];
        var path = PathOf(fs, (await InfoAsync()).File.Id);
        var bad = File.ReadAllBytes(path);
        bad[1000] ^= 4;
        File.WriteAllBytes(path, bad);
        await ReadsRightAsync();
        await Client.VerifyReplicasAsync(Path);   // readers may all have gone to the good one
        await FaultsAsync(f => f is { Broken: > 0, Open: 0 }, fs);
        await WholeAsync();
    }

    [Fact]
    public async Task What_one_replica_has_can_be_made_to_count_and_the_other_follows()
    {
        var fs = (await WholeAsync())[1];
        var (file, more) = ((await InfoAsync()).File.Id, Bytes.Append((byte)7).ToArray());
        File.WriteAllBytes(PathOf(fs, file), more);
        await Client.VerifyReplicasAsync(Path, fs, corrects: FstProtocol.Correction.Size | FstProtocol.Correction.Checksum);
        await Eventually.Is(() => Client.StatAsync(Path), s => s.Size == (ulong)more.Length, "the namespace has the size");
        await Client.VerifyReplicasAsync(Path);
        await Eventually.True(() => _members.Count(m => File.Exists(m.Disk.PathOf(file)) && more.SequenceEqual(File.ReadAllBytes(m.Disk.PathOf(file)))) == 2, "both have the bytes");
        Assert.All(await Client.CheckReplicasAsync(await InfoAsync()), state => Assert.Null(state.Problem));
    }

    [Fact]
    public async Task A_missing_replica_is_seen_by_check_and_made_anew_by_adjustreplica()
    {
        var places = await WholeAsync();
        var info = await InfoAsync();
        File.Delete(PathOf(places[1], info.File.Id));
        Assert.Equal(Errno.NoEntry, (await Client.CheckReplicasAsync(info)).Single(s => s.Problem is not null).Problem!.Why);
        await ReadsRightAsync();

        File.Delete(PathOf(places[1], info.File.Id));
        await Client.AdjustReplicasAsync(Path);
        Assert.Equal(places.ToArray(), (await WholeAsync()).ToArray());
        await FaultsAsync(f => f is { Missing: > 0, Open: 0 }, places[1]);
    }

    [Fact]
    public async Task A_dropped_replica_goes_and_another_is_made_in_its_place()
    {
        var file = (await InfoAsync()).File.Id;

        // the new place may be the old one, whose filesystem has not heard yet that its deletion is noted
        for (var round = 0; round < 20; round++)
        {
            var place = (await WholeAsync())[0];
            await Client.DropReplicaAsync(Path, place);
            await Eventually.True(() => !File.Exists(PathOf(place, file)), "the bytes are deleted");
            Assert.Equal(GatewayProtocol.ReplicaDeed.Make, Assert.Single(await Client.AdjustReplicasAsync(Path)).Deed);
        }

        await WholeAsync();
        await ReadsRightAsync();
    }

    [Fact]
    public async Task A_replica_is_made_on_a_third_filesystem_and_another_takes_it_over()
    {
        var places = await WholeAsync();
        var third = _members.Select(m => new FsId((uint)m.Number)).First(fs => !places.Contains(fs));
        Assert.Equal(Errno.NoEntry, (await Assert.ThrowsAsync<EosException>(() => Client.CopyReplicaAsync(Path, third, places[0]))).Why);
        Assert.Equal(Errno.Exists, (await Assert.ThrowsAsync<EosException>(() => Client.CopyReplicaAsync(Path, places[0], places[1]))).Why);
        await Client.CopyReplicaAsync(Path, places[0], third);
        Assert.Contains(third, await WholeAsync(3));

        await Client.DropReplicaAsync(Path, places[1]);
        var file = (await InfoAsync()).File.Id;
        await Eventually.True(() => !File.Exists(PathOf(places[1], file)), "the bytes are deleted");
        await Client.CopyReplicaAsync(Path, places[0], places[1], moves: true);
        await Eventually.Is(InfoAsync, i => !i.File.Content.Locations.Contains(places[0]), "the source is given up");
        await Eventually.True(() => !File.Exists(PathOf(places[0], file)), "its bytes are deleted");
        await ReadsRightAsync();
    }

    [Fact]
    public async Task A_layout_with_more_replicas_is_made_true_by_adjustreplica()
    {
        await WholeAsync();
        await Client.ChangeLayoutAsync(Path, stripes: 3);
        Assert.Equal(3, (await InfoAsync()).File.Content.Layout.Stripes);
        Assert.Equal(GatewayProtocol.ReplicaDeed.Make, Assert.Single(await Client.AdjustReplicasAsync(Path)).Deed);
        await WholeAsync(3);
        Assert.Equal(Errno.Invalid, (await Assert.ThrowsAsync<EosException>(() => Client.ChangeLayoutAsync(Path, stripes: 17))).Why);
    }

    [Fact]
    public async Task The_place_of_a_lost_node_is_taken_over_by_another()
    {
        var lost = (await WholeAsync()).First(fs => fs != new FsId(1));
        var member = Of(lost);
        _members.Remove(member);
        await _cluster.Crash(member.System);
        await member.DisposeAsync();
        await ReadsRightAsync();
        await Eventually.Is(() => Client.FilesystemsAsync(), a => a.Rows.Single(r => r.Id == lost).Active == Activity.Offline, "the view knows");
        await Eventually.Is(() => Client.AdjustReplicasAsync(Path), work => work.Length == 1, "a replica is ordered");
        Assert.DoesNotContain(lost, await WholeAsync());
        await ReadsRightAsync();
    }
}
