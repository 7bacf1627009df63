using Akka.Actor;
using Eos.Journal;
using Eos.Kernel;
using Eos.Kv;
using Eos.Raft;
using Eos.Tests.Support;
using static Eos.Kv.SystemProtocol;
using Settings = Eos.Kernel.Settings;

namespace Eos.Tests.Cluster;

/// <summary>How a client of the group sends, and sends again. The member beside it is played by the test.</summary>
public sealed class KvClientTests : ActorTest
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private static readonly MemberId Own = new("here:1");

    private readonly IActorRef _actor;
    private readonly KvClient _client;

    public KvClientTests()
    {
        _actor = Sys.ActorOf(KvClientActor.Props(KvClientSettings.From(new Settings(Settings.Reference, "eos.journal.client")), BootClock.Instance, () => null));
        _client = new KvClient(_actor);
    }

    [Fact]
    public async Task What_comes_before_the_group_is_known_waits()
    {
        var answer = _client.DoAsync(new TakeNumbers("c", 1));
        Serve();
        Next().Applied(new KvProtocol.Outcome(new NumbersTaken(5, 1), []));
        Assert.Equal(new NumbersTaken(5, 1), await answer.WaitAsync(Soon));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_not_answered_is_sent_again_under_the_same_number(bool isRefused)
    {
        Serve();
        var answer = _client.DoAsync(new TakeNumbers("c", 1));
        var first = Next();
        if (isRefused) first.Refused(null, "no leader");
        else first.Unknown("leadership lost");
        var second = Next();
        Assert.Equal(OpOf(first), OpOf(second));
        second.Applied(new KvProtocol.Outcome(Done.Instance, []));
        Assert.Same(Done.Instance, await answer.WaitAsync(Soon));
    }

    [Fact]
    public async Task What_waits_is_sent_together_and_no_more_than_a_window_is_under_way()
    {
        const int Many = 3 * CallWindow.Size;
        var answers = Enumerable.Range(0, Many).Select(_ => _client.DoAsync(new TakeNumbers("c", 1))).ToList();
        Serve();
        var sent = new List<KvSubmission>();
        while (sent.Count < CallWindow.Size) sent.AddRange(NextSubmit());
        Assert.Equal(CallWindow.Size, sent.Count);
        Assert.Equal(Enumerable.Range(1, CallWindow.Size).Select(n => (ulong)n), sent.Select(s => OpOf(s).Number));
        for (var i = CallWindow.Size - 1; i > 0; i--) Answer(sent[i]);
        Answer(sent[0]);
        for (var left = Many - CallWindow.Size; left > 0;)
            foreach (var submission in NextSubmit())
            {
                Assert.True(((Once)submission.Asked).AnsweredBelow + CallWindow.Size > OpOf(submission).Number);
                Answer(submission);
                left--;
            }
        await Task.WhenAll(answers).WaitAsync(Soon);
    }

    [Fact]
    public async Task The_answer_is_unknown_when_the_callers_time_is_up()
    {
        Serve();
        var given = _client.DoAsync(new TakeNumbers("c", 1), TimeSpan.FromMilliseconds(100));
        var first = Next();
        Assert.IsType<KvClient.Unknown>(await given.WaitAsync(Soon));
        Answer(first);
        var next = _client.DoAsync(new TakeNumbers("c", 1));
        var second = Next();
        Assert.Equal(OpOf(first).Number + 1, OpOf(second).Number);
        Answer(second);
        await next.WaitAsync(Soon);
    }

    [Fact]
    public async Task Questions_are_asked_again_until_they_are_answered()
    {
        Serve();
        var answer = _client.LookAsync(new LookAtLeases(""));
        for (var i = 0; i < 3; i++) NextAsk().Refused(null, "no leader");
        NextAsk().Answered(new Leases([], TimeSpan.FromSeconds(1)));
        Assert.Equal(TimeSpan.FromSeconds(1), Assert.IsType<Leases>(await answer.WaitAsync(Soon)).LogTime);
    }

    [Fact]
    public async Task What_can_never_be_stored_is_refused_before_it_is_sent()
    {
        Serve();
        var refused = Assert.IsType<Refused>(await _client.DoAsync(new TakeNumbers("", 1)).WaitAsync(Soon));
        Assert.Equal(Errno.Invalid, refused.Why);
    }

    [Fact]
    public async Task When_the_client_ends_all_that_is_under_way_is_unknown()
    {
        Serve();
        var (entry, question) = (_client.DoAsync(new TakeNumbers("c", 1)), _client.LookAsync(new LookAtLeases("")));
        Next();
        Sys.Stop(_actor);
        Assert.IsType<KvClient.Unknown>(await entry.WaitAsync(Soon));
        Assert.IsType<KvClient.Unknown>(await question.WaitAsync(Soon));
    }

    private void Serve() => _actor.Tell(new KvClientActor.Serve(Own, TestActor, [Own]));

    private static void Answer(KvSubmission submission) => submission.Applied(new KvProtocol.Outcome(Done.Instance, []));

    private static OpId OpOf(KvSubmission submission) => ((Once)submission.Asked).Op;

    private KvSubmission Next() => Assert.Single(NextSubmit());

    private IReadOnlyList<KvSubmission> NextSubmit() =>
        [.. FishForMessage<RaftNodeProtocol.Submit>(_ => true, Soon).Submissions.Cast<KvSubmission>()];

    private KvReading NextAsk() => (KvReading)Assert.Single(FishForMessage<RaftNodeProtocol.Ask>(_ => true, Soon).Readings);
}
