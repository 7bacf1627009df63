using Eos.Kv;
using Eos.Raft;
using Eos.Tests.Support;
using static Eos.Kv.KvProtocol;

namespace Eos.Tests.Unit.Kv;

public sealed class KvEngineTests : IDisposable
{
    private static readonly Membership Founders = Membership.Of([new MemberId("a:1"), new MemberId("b:1"), new MemberId("c:1")]);

    private readonly EngineEar _ear = new();
    private readonly KvEngine _engine;
    private readonly EngineFeed _feed;

    public KvEngineTests() => (_engine, _feed) = Make(_ear);

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task Entries_from_here_and_from_others_are_applied_in_order_and_answered_where_they_were_made()
    {
        _feed.Marker();
        _feed.Foreign("set a 1", "incr a");
        var fates = await _feed.Own("incr a", "get a", "hset h f v");
        Assert.All(fates, f => Assert.Equal(KvFateKind.Done, f.Kind));
        Assert.Equal([":3", "$3", ":1"], fates.Select(f => ((KvProtocol.Outcome)f.Outcome!).Replies.Single().ToString()));
        Assert.Equal("$3", await _feed.Ask("get a"));
        await _ear.Reaches(_feed.Last.Value);
    }

    [Fact]
    public async Task A_question_waits_for_the_state_that_it_needs()
    {
        var early = _feed.Ask("get a", new LogIndex(2));
        Assert.Equal("nil", await _feed.Ask("get a", LogIndex.None));
        Assert.False(early.IsCompleted);
        _feed.Foreign("set a 1");
        _feed.Foreign("set a 2");
        Assert.Equal("$2", await early);
    }

    [Fact]
    public async Task An_answer_that_may_be_stale_is_not_given()
    {
        var reading = new KvReading(new UserReads([KvBench.Words("get a")]), _ => Assert.Fail("answered"));
        var stale = new TaskCompletionSource<IReadOnlyList<IReading>>(TaskCreationOptions.RunContinuationsAsynchronously);
        _engine.Read(LogIndex.None, TimeSpan.Zero, [reading], () => false, stale.SetResult);
        Assert.Same(reading, Assert.Single(await stale.Task.WaitAsync(EngineFeed.Patience)));
    }

    [Fact]
    public async Task Members_with_the_same_log_have_the_same_digests_at_the_same_entries()
    {
        var ear = new EngineEar();
        var (engine, feed) = Make(ear);
        using var second = engine;
        foreach (var f in new[] { _feed, feed })
        {
            f.Marker();
            for (var i = 0; i < 20; i++) f.Foreign($"set k{i} {i}", $"hset h f{i} {i}");
        }
        await _ear.Reaches(41);
        await ear.Reaches(41);
        Assert.NotNull(_engine.DigestAt(new LogIndex(40)));
        Assert.Equal(_engine.DigestAt(new LogIndex(40)), engine.DigestAt(new LogIndex(40)));
        Assert.NotEqual(_engine.DigestAt(new LogIndex(30)), _engine.DigestAt(new LogIndex(40)));
        Assert.Null(_engine.DigestAt(new LogIndex(41)));
    }

    [Fact]
    public async Task A_hole_in_the_log_stops_the_member()
    {
        _engine.Apply(new LogBatch(new Term(1), new LogIndex(2), 1, TimeSpan.Zero, BatchKind.Marker, default, null), null);
        await Eventually.Is(() => Task.FromResult(_ear.Failure), e => e is InvalidOperationException, "the engine failed");
    }

    private static (KvEngine, EngineFeed) Make(EngineEar ear)
    {
        var engine = KvEngine.InMemory(Founders, digestInterval: 10, ear);
        return (engine, new EngineFeed(engine));
    }
}
