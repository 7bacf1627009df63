using System.Collections.Immutable;
using Akka.Actor;
using Eos.Gateway;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Services;
using Eos.Tests.Support;

namespace Eos.Tests.Cluster;

/// <summary>`ns` orders through a gateway, with the upkeep of the node in this process.</summary>
public sealed class UpkeepTests : ActorTest
{
    private readonly EosInProcess _eos;
    private readonly Collector _directories;
    private Func<string, LongJournals?> _long = _ => new LongJournals([], "");
    private Action<Action<ulong, ulong, string>> _compact = done => done(400, 100, "");

    public UpkeepTests()
    {
        _eos = new EosInProcess(Sys, SystemClock.Instance, TestActor);
        _directories = new Collector(Sys);
        var parts = new UpkeepParts(
            "here:1", () => [((ExtendedActorSystem)Sys).Provider.DefaultAddress], ActorRefs.Nobody, true,
            after => Task.FromResult(_long(after)), _directories.Ref, done => _compact(done), new UpkeepSettings(TimeSpan.Zero, TimeSpan.FromMinutes(1), 1, 3, TimeSpan.FromMinutes(1)), SystemClock.Instance);
        Sys.ActorOf(UpkeepActor.Props(parts), UpkeepProtocol.Name);
    }

    [Fact]
    public async Task Compaction_is_ordered_happens_and_tells_what_it_saved()
    {
        Assert.Equal("status=off waitstart=0 interval=0 ratio=1.0:1", await Line("compact status"));
        Assert.StartsWith("success: configured online compaction", await Line("compact", "on"));
        await Eventually.Is(() => Line("compact status"), s => s == "status=off waitstart=0 interval=0 ratio=4.0:1", "the compaction is over");
        _compact = done => done(100, 100, "no space");
        await Line("compact", "on", "0", "3600", "all");
        await Eventually.Is(() => Line("compact status"), s => s.StartsWith("status=wait", StringComparison.Ordinal) && s.EndsWith("ratio=1.0:1 failed=\"here:1: no space\"", StringComparison.Ordinal), "it has failed");
        Assert.StartsWith("success: disabled", await Line("compact", "off"));
        Assert.StartsWith("status=off", await Line("compact status"));
    }

    [Fact]
    public async Task Directories_are_condensed_first_a_few_at_a_time_wherever_they_are()
    {
        _long = after => after.Length == 0 ? new LongJournals(Ids(1, 5), "more") : new LongJournals(Ids(6, 2), "");
        await Line("compact", "on");
        var asked = new Queue<(DirectoryProtocol.Condense Message, IActorRef Asker)>();
        for (var id = 1ul; id <= 7; id++)
        {
            for (; asked.Count < (id <= 5 ? Math.Min(3, 6 - (int)id) : 8 - (int)id);) asked.Enqueue((await _directories.Next<DirectoryProtocol.Condense>(), _directories.LastSender));
            Assert.True(_directories.IsEmpty);
            Assert.StartsWith("status=compacting", await Line("compact status"));
            var (message, asker) = asked.Dequeue();
            Assert.Equal(id, message.Directory.Value);
            asker.Tell(id == 2 ? new DirectoryProtocol.Unknown(message.Directory, message.Op) : new DirectoryProtocol.Done(message.Directory, message.Op));
        }
        await Eventually.Is(() => Line("compact status"), s => s == "status=off waitstart=0 interval=0 ratio=4.0:1", "the compaction is over");
    }

    [Fact]
    public async Task A_compaction_that_is_switched_off_tells_no_further_directory()
    {
        var compacted = false;
        _long = _ => new LongJournals(Ids(1, 100), "");
        _compact = done => { compacted = true; done(4, 1, ""); };
        await Line("compact", "on");
        for (var i = 0; i < 3; i++) await _directories.Next<DirectoryProtocol.Condense>();
        var walk = _directories.LastSender;
        await Line("compact", "off");
        await Eventually.Is(() => Line("compact status"), s => s == "status=off waitstart=0 interval=0 ratio=1.0:1", "it is off");
        walk.Tell(new DirectoryProtocol.Done(new DirectoryId(1), default));
        Assert.True(_directories.IsEmpty);
        Assert.False(compacted);
        _long = _ => null;
        await Line("compact", "on", "0", "3600");
        await Eventually.Is(() => Line("compact status"), s => s.EndsWith("ratio=4.0:1 failed=\"the journals can't be read\"", StringComparison.Ordinal), "and begins again");
    }

    private static ImmutableArray<DirectoryId> Ids(ulong first, int count) => [.. Enumerable.Range(0, count).Select(i => new DirectoryId(first + (ulong)i))];

    [Theory]
    [InlineData("compact", Errno.Invalid)]
    [InlineData("compact on x", Errno.Invalid)]
    [InlineData("compact on 1 2 some", Errno.Invalid)]
    [InlineData("reserve-ids 1 x", Errno.Invalid)]
    [InlineData("mutex", Errno.NotSupported)]
    [InlineData("drain list", Errno.NotSupported)]
    [InlineData("tracker list", Errno.NotSupported)]
    [InlineData("behaviour list", Errno.NotSupported)]
    public async Task Nonsense_and_what_has_no_meaning_is_refused(string line, Errno why) =>
        Assert.Equal(why, (await Assert.ThrowsAsync<EosException>(() => Line(line.Split(' ')[0], line.Split(' ')[1..]))).Why);

    [Fact]
    public async Task Reserved_ids_are_not_given()
    {
        await _eos.Client.MakeDirectoryAsync("/eos/dev/before");
        await Line("reserve-ids", "100000", "200000");
        await _eos.Client.MakeDirectoryAsync("/eos/dev/after");
        await _eos.PutAsync("/eos/dev/file");
        Assert.InRange((await _eos.Client.StatAsync("/eos/dev/before")).Id, 1ul, 200000ul);
        Assert.True((await _eos.Client.StatAsync("/eos/dev/after")).Id > 200000);
        Assert.True((await _eos.Client.StatAsync("/eos/dev/file")).Id > 100000);
    }

    [Fact]
    public async Task The_cache_is_sized_and_dropped()
    {
        await _eos.Client.MakeDirectoryAsync("/eos/dev/a");
        var set = await _eos.Client.AdministerAsync("ns", "cache set", [], [KeyValuePair.Create("directories", "1000")]);
        Assert.StartsWith("success", Assert.Single(set.Lines));
        await Eventually.Is(async () => (await _eos.Client.StatisticsAsync()).Figures["ns.cache.containers.maxsize"], size => size == "1000", "the gateway knows");
        Assert.StartsWith("success", await Line("cache drop"));
        await Eventually.Is(async () => (await _eos.Client.StatisticsAsync()).Figures["ns.cache.containers.occupancy"], count => count == "0", "nothing is remembered");
        Assert.Equal("a", (await _eos.Client.StatAsync("/eos/dev/a")).Name);
    }

    [Fact]
    public async Task Counters_are_read_by_owner_and_reset()
    {
        await _eos.Client.MakeDirectoryAsync("/eos/dev/a");
        await Eventually.Is(
            () => _eos.Client.AdministerAsync("ns", "stat", [], [KeyValuePair.Create("all", "")]),
            told => told.Records.Any(r => string.Join(' ', r.Pairs.Take(4).Select(p => p.Value)) == "0 all Mkdir 1"), "it was counted");
        await _eos.Client.AdministerAsync("ns", "stat", [], [KeyValuePair.Create("reset", "")]);
        var report = await _eos.Client.AdministerAsync("ns", "stat", []);
        Assert.DoesNotContain(report.Records, r => r.Pairs.Any(p => p.Value == "Mkdir"));
        Assert.Equal(1ul, (await _eos.Client.StatisticsAsync()).Namespace.DirectoriesCreated);
    }

    [Fact]
    public async Task Who_is_held_up_by_a_limit_is_listed_with_the_limit_until_the_counters_are_reset()
    {
        await _eos.Client.AdministerAsync("access", "set", ["limit", "1", "threads:4711"]);
        await _eos.Client.AdministerAsync("access", "set", ["stall", "3600", "w"]);
        var stalled = new Collector(Sys);
        _eos.Gateway.Tell(new GatewayProtocol.MakeDirectory(new GatewayProtocol.Head(OpSource.Fresh().Next(), 0, new GatewayProtocol.Claim(4711, 4711, "ann", "there", "test")), "/eos/dev/a", false, null), stalled.Ref);
        await stalled.Next<GatewayProtocol.Stalled>();
        var row = Assert.Single(await Rows());
        Assert.StartsWith("uid=4711 threads=0 sessions=1 limit=1 stalls=1 stalltime=36", row);
        Assert.EndsWith("status=user-OK", row);
        await _eos.Client.AdministerAsync("ns", "stat", [], [KeyValuePair.Create("reset", "")]);
        Assert.Contains(" stalls=0 stalltime=0 ", Assert.Single(await Rows()));

        async Task<string[]> Rows() => [.. (await _eos.Client.AdministerAsync("ns", "stat", [])).Records
            .Where(r => r.Pairs is [{ Key: "uid", Value: "4711" }, ..]).Select(r => string.Join(' ', r.Pairs.Select(p => $"{p.Key}={p.Value}")))];
    }

    private async Task<string> Line(string verb, params string[] words) => Assert.Single((await _eos.Client.AdministerAsync("ns", verb, words)).Lines);
}
