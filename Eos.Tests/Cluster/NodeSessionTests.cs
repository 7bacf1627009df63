using Akka.Actor;
using Eos.Journal;
using Eos.Kernel;
using Eos.Tests.Support;
using static Eos.Kv.SystemProtocol;

namespace Eos.Tests.Cluster;

/// <summary>What a node believes of its session, and when. The group is played by the test; time stands still.</summary>
public sealed class NodeSessionTests : ActorTest
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private static readonly SessionSettings Settings = new(TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(20), 0.01);

    private readonly StoppedClock _clock = new();
    private readonly NodeSession _session;
    private readonly IActorRef _asks;

    public NodeSessionTests()
    {
        _session = new NodeSession("host:1", 7, _clock);
        var client = new KvClient(TestActor);
        _asks = Sys.ActorOf(NodeSessionActor.Props(_session, client, Settings, _clock));
    }

    [Fact]
    public void It_is_held_from_the_moment_at_which_it_was_asked_for()
    {
        var asked = Asked<AcquireLease>();
        Assert.Equal(("node-session/host:1#7", "host:1#7", TimeSpan.FromSeconds(3)), (_session.LeaseName, ((AcquireLease)asked.Entry!).Holder, ((AcquireLease)asked.Entry!).Duration));
        Assert.False(_session.Holds);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Grant(asked);
        AwaitAssert(() => Assert.True(_session.Holds), Soon);
        _clock.Advance(TimeSpan.FromSeconds(0.95));
        Assert.False(_session.Holds);   // 3 s less the drift of clocks
    }

    [Fact]
    public void A_first_grant_that_comes_too_late_is_no_loss_but_asked_for_again()
    {
        var asked = Asked<AcquireLease>();
        _clock.Advance(TimeSpan.FromSeconds(4));
        Grant(asked);
        var again = Asked<AcquireLease>();
        Assert.False(_session.Begun.IsCompleted);
        Grant(again);
        AwaitAssert(() => Assert.True(_session.Begun.IsCompletedSuccessfully), Soon);
        Assert.True(_session.Holds);
        Assert.False(_session.Over.IsCancellationRequested);
    }

    [Fact]
    public void A_renewal_counts_from_its_sending_however_late_the_answer_is()
    {
        Grant(Asked<AcquireLease>());
        var renewal = Asked<RenewLease>();
        Assert.Equal(42ul, ((RenewLease)renewal.Entry!).Token);
        _clock.Advance(TimeSpan.FromSeconds(2.9));
        Grant(renewal);
        AwaitAssert(() => Assert.True(_session.Holds), Soon);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(_session.Holds);
    }

    [Fact]
    public void An_older_renewal_that_is_answered_later_takes_nothing_back()
    {
        Grant(Asked<AcquireLease>());
        var older = Asked<RenewLease>();
        _clock.Advance(TimeSpan.FromSeconds(2));
        Grant(AskedFromNowOn());
        Grant(older);
        _clock.Advance(TimeSpan.FromSeconds(2.5));
        AwaitAssert(() => Assert.True(_session.Holds), Soon);
    }

    [Fact]
    public void A_renewal_that_nobody_answers_is_no_loss()
    {
        Grant(Asked<AcquireLease>());
        Asked<RenewLease>().Answer(new KvClient.Unknown("no leader"));
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.False(_session.Holds);
        Grant(AskedFromNowOn());
        AwaitAssert(() => Assert.True(_session.Holds), Soon);
        Assert.False(_session.Over.IsCancellationRequested);
    }

    [Fact]
    public void A_refused_renewal_is_the_end()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(NodeSessionLost));
        Grant(Asked<AcquireLease>());
        AwaitAssert(() => Assert.True(_session.Begun.IsCompletedSuccessfully), Soon);
        _session.Bind("shard", 43);
        Assert.Equal(new Fence("shard", 43), _session.FenceOf("shard"));
        var late = Asked<RenewLease>();
        Asked<RenewLease>().Answer(new Refused(Errno.Stale, "it is over"));
        Assert.Equal("host:1#7", FishForMessage<NodeSessionLost>(_ => true, Soon).Holder);
        Grant(late);
        Assert.False(_session.Holds);
        Assert.True(_session.Over.IsCancellationRequested);
        Assert.Null(_session.FenceOf("shard"));
    }

    /// <summary>The next request that is of that kind.</summary>
    private KvCall Asked<T>() => FishForMessage<KvCall>(c => c.Entry is T, Soon);

    /// <summary>A renewal that was certainly sent after the clock was last moved: its sender has answered in between.</summary>
    private KvCall AskedFromNowOn()
    {
        _asks.Tell(new Identify(1));
        FishForMessage<ActorIdentity>(_ => true, Soon);
        return Asked<RenewLease>();
    }

    private void Grant(KvCall call) => call.Answer(new LeaseGranted(_session.LeaseName, 42, default));
}
