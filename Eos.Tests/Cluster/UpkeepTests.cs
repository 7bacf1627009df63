using Akka.Actor;
using Eos.Kernel;
using Eos.Services;
using Eos.Tests.Support;

namespace Eos.Tests.Cluster;

/// <summary>`ns` orders through a gateway, with the upkeep of the node in this process.</summary>
public sealed class UpkeepTests : ActorTest
{
    private readonly EosInProcess _eos;
    private Action<Action<ulong, ulong, string>> _compact = done => done(400, 100, "");

    public UpkeepTests()
    {
        _eos = new EosInProcess(Sys, SystemClock.Instance, TestActor);
        var parts = new UpkeepParts(
            "here:1", () => [((ExtendedActorSystem)Sys).Provider.DefaultAddress], ActorRefs.Nobody, true, done => _compact(done),
            new UpkeepSettings(TimeSpan.Zero, TimeSpan.FromMinutes(1)), SystemClock.Instance);
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

    private async Task<string> Line(string verb, params string[] words) => Assert.Single((await _eos.Client.AdministerAsync("ns", verb, words)).Lines);
}
