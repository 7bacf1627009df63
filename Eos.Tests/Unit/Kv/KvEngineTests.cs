using Eos.Kv;
using Eos.Raft;
using Eos.Tests.Support;
using static Eos.Kv.KvProtocol;

namespace Eos.Tests.Unit.Kv;

public sealed class KvEngineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly EngineEar _ear = new();
    private readonly KvEngine _engine;
    private readonly EngineFeed _feed;

    public KvEngineTests() => (_engine, _feed) = Make("state.db", _ear);

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

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
        var (engine, feed) = Make("other.db", ear);
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

    [Fact]
    public async Task Opened_again_it_goes_on_after_the_last_batch_with_the_members_then()
    {
        _feed.Foreign("set a 1", "lease-acquire l me 100000");
        var members = StateFiles.Founders with { Epoch = 7 };
        _feed.Members(members);
        _feed.Marker();
        await _ear.Reaches(4);
        _engine.Dispose();
        var (engine, _) = Make("state.db", new EngineEar());
        using var second = engine;
        Assert.Equal(new LogPosition(new Term(1), new LogIndex(4)), engine.Opened.Position);
        Assert.Equal(EngineFeed.Time(new LogIndex(4)), engine.Opened.LogTime);
        Assert.Equal(RaftWire.Members.Encode(members), RaftWire.Members.Encode(engine.Opened.Membership));
        var feed = new EngineFeed(engine, after: 4);
        Assert.Equal("$1", await feed.Ask("get a"));
        Assert.Equal([":2"], (await feed.Own("incr a")).Select(f => ((KvProtocol.Outcome)f.Outcome!).Replies.Single().ToString()));
    }

    [Fact]
    public async Task What_is_told_to_be_kept_is_an_end_of_a_batch_and_comes_by_itself()
    {
        var ear = new EngineEar();
        using var engine = StateFiles.Engine(_folder.Of("kept.db"), ear, "keep.interval = 10ms");
        var feed = new EngineFeed(engine);
        feed.Foreign("set a 1", "set b 2");
        var kept = await Eventually.Is(() => Task.FromResult(ear.KeptOnes.LastOrDefault()), k => k?.Position.Index.Value == 2, "the batch is kept");
        Assert.Equal(new Term(1), kept!.Position.Term);
    }

    private (KvEngine, EngineFeed) Make(string file, EngineEar ear)
    {
        var engine = StateFiles.Engine(_folder.Of(file), ear);
        return (engine, new EngineFeed(engine));
    }
}
