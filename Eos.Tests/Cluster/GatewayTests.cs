using Akka.Actor;
using Eos.Client;
using Eos.Fst;
using Eos.Gateway;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using Eos.Views;

namespace Eos.Tests.Cluster;

/// <summary>The gateway, its workers and directory actors with a journal in memory.</summary>
public sealed class GatewayTests : ActorTest
{
    private readonly EosInProcess _eos;

    public GatewayTests() : base("akka.loglevel = INFO") => _eos = new EosInProcess(Sys, SystemClock.Instance, TestActor);

    [Fact]
    public async Task It_serves_only_once_it_has_a_view_of_the_filesystems()
    {
        await _eos.Client.StatAsync("/eos/dev");
        var views = CreateTestProbe();
        IActorRef gateway = ActorRefs.Nobody;
        EventFilter.Info(contains: "serving /eos/dev").ExpectOne(() => gateway = Sys.ActorOf(GatewayActor.Props(_eos.Parts with { Views = views })));
        Assert.False((await gateway.Ask<GatewaySignals.Serves>(new GatewaySignals.AreYouServing(), TimeSpan.FromSeconds(60))).Yes);
        views.ExpectMsg<ViewProtocol.Subscribe>();
        gateway.Tell(new ViewProtocol.Published(ViewState.Empty));
        await Eventually.Is(
            () => gateway.Ask<GatewaySignals.Serves>(new GatewaySignals.AreYouServing(), TimeSpan.FromSeconds(60)), serves => serves.Yes, "it serves, once it has read who the users are too");
    }

    [Fact]
    public async Task A_tree_is_made_filled_listed_and_removed()
    {
        await _eos.Client.MakeDirectoryAsync("/eos/dev/a/b", parents: true);
        for (var i = 0; i < 20; i++) await _eos.PutAsync($"/eos/dev/a/b/f{i:d2}");
        var names = new List<string>();
        await foreach (var entry in _eos.Client.ListAsync("/eos/dev/a/b", detailed: true)) names.Add(entry.Name);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"f{i:d2}"), names);
        Assert.Equal(5ul, (await _eos.Client.StatAsync("/eos/dev/a/b/f07")).Size);

        await _eos.Client.RemoveTreeAsync("/eos/dev/a");
        var gone = await Assert.ThrowsAsync<EosException>(() => _eos.Client.StatAsync("/eos/dev/a"));
        Assert.Equal(Errno.NoEntry, gone.Why);
    }

    [Fact]
    public async Task Edits_of_rules_at_the_same_time_lose_nothing_and_survive_the_actors_stop()
    {
        await _eos.Client.MakeDirectoryAsync("/eos/dev/a");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _eos.Client.EditAclAsync("/eos/dev/a", $"u:{10000 + i}=rwx")));
        await _eos.Client.ChangeModeAsync("/eos/dev/a", 0x1e8);
        var actor = await _eos.Directories.Ask<IActorRef>(new DirectoryId((await _eos.Client.StatAsync("/eos/dev/a")).Id), TimeSpan.FromSeconds(60));
        Watch(actor);
        actor.Tell(new DirectoryProtocol.Stop());
        ExpectTerminated(actor, TimeSpan.FromSeconds(60));
        var rules = (await _eos.Client.AttributesAsync("/eos/dev/a"))["sys.acl"].Split(',');
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"u:{10000 + i}:rwx"), rules.Order(StringComparer.Ordinal));
        Assert.Equal(0x5e8u, (await _eos.Client.StatAsync("/eos/dev/a")).Attributes.Mode);
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_the_actors_stopped()
    {
        await _eos.Client.MakeDirectoryAsync("/eos/dev/a");
        await _eos.PutAsync("/eos/dev/a/f");
        var id = new DirectoryId((await _eos.Client.StatAsync("/eos/dev/a")).Id);
        var actor = await _eos.Directories.Ask<IActorRef>(id, TimeSpan.FromSeconds(60));
        Watch(actor);
        actor.Tell(new DirectoryProtocol.Stop());
        ExpectTerminated(actor, TimeSpan.FromSeconds(60));
        Assert.Equal(5ul, (await _eos.Client.StatAsync("/eos/dev/a/f")).Size);
    }

    [Fact]
    public async Task Who_is_told_that_a_file_is_stored_finds_what_it_replaced_among_the_versions()
    {
        await _eos.Client.MakeDirectoryAsync("/eos/dev/a");
        await _eos.Client.SetAttributesAsync("/eos/dev/a", [new("sys.versioning", "2")]);
        for (var i = 0; i < 4; i++)
        {
            await _eos.PutAsync("/eos/dev/a/f");
            var versions = 0;
            if (i > 0) await foreach (var _ in _eos.Client.ListAsync("/eos/dev/a/.sys.v#.f")) versions++;
            Assert.Equal(Math.Min(i, 2), versions);
        }
    }

    [Fact]
    public async Task A_removed_file_is_ordered_to_be_deleted_from_its_filesystem()
    {
        await _eos.PutAsync("/eos/dev/f");
        await _eos.Client.RemoveAsync("/eos/dev/f");
        var order = FishForMessage<FstProtocol.DropReplicas>(_ => true, TimeSpan.FromSeconds(60));
        Assert.Single(order.Files);
        var noted = await _eos.Directories.Ask<FstProtocol.Noted>(
            new FstProtocol.ReplicaDropped(order.Directory, new OpId(default, 1), order.Fs, order.Files), TimeSpan.FromSeconds(60));
        Assert.Equal(1ul, noted.Op.Number);
    }

    [Fact]
    public async Task Of_two_uploads_of_one_name_the_later_open_wins_and_the_other_is_told()
    {
        var first = await _eos.Client.OpenWriteAsync("/eos/dev/f", new PutOptions());
        var second = await _eos.Client.OpenWriteAsync("/eos/dev/f", new PutOptions());
        var refused = await _eos.Directories.Ask<FstProtocol.CommitRefused>(_eos.CommitOf(first, SystemClock.Instance.Now), TimeSpan.FromSeconds(60));
        Assert.Equal(Errno.Busy, refused.Why);
        await _eos.Directories.Ask<FstProtocol.Committed>(_eos.CommitOf(second, SystemClock.Instance.Now), TimeSpan.FromSeconds(60));
        Assert.Equal(second.File.Value, (await _eos.Client.StatAsync("/eos/dev/f")).Id);
    }

    [Fact]
    public async Task Thousands_of_concurrent_requests_are_all_answered()
    {
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => _eos.Client.MakeDirectoryAsync($"/eos/dev/d{i:d4}")));
        var count = 0;
        await foreach (var _ in _eos.Client.ListAsync("/eos/dev")) count++;
        Assert.Equal(2000, count);
    }

    [Fact]
    public async Task Views_statistics_version_and_identity_are_answered_by_the_gateway()
    {
        await _eos.Client.MakeDirectoryAsync("/eos/dev/x");
        Assert.Equal("node1", Assert.Single((await _eos.Client.FilesystemsAsync()).Rows).Report.Identity.Host);
        Assert.Equal(1, Assert.Single((await _eos.Client.NodesAsync()).Rows).Sums.Filesystems);
        Assert.Equal("default.0", Assert.Single((await _eos.Client.GroupsAsync()).Rows).Name);
        Assert.Equal(1, Assert.Single((await _eos.Client.SpacesAsync()).Rows).Sums.Writable);
        Assert.Contains((await _eos.Client.StatisticsAsync()).Commands, c => c.Command == "Mkdir" && c.Total == 1);
        Assert.Equal("eosdev", (await _eos.Client.VersionAsync()).Instance);
        Assert.Contains("uid=0 (0)", Assert.Single((await _eos.Client.AdministerAsync("whoami", "", [])).Lines));
    }

    [Fact]
    public async Task A_path_that_is_wrong_is_an_exception_with_the_errno()
    {
        var why = await Assert.ThrowsAsync<EosException>(() => _eos.Client.StatAsync("/eos/dev/none"));
        Assert.Equal(Errno.NoEntry, why.Why);
        why = await Assert.ThrowsAsync<EosException>(() => _eos.Client.MakeDirectoryAsync("/eos/dev/" + new string('x', 300)));
        Assert.Equal(Errno.NameTooLong, why.Why);
    }
}
