using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Configs;
using Eos.Fst;
using Eos.Gateway;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using Eos.Views;
using static Eos.Gateway.GatewayProtocol;
using Settings = Eos.Kernel.Settings;

namespace Eos.Tests.Cluster;

/// <summary>How a request is pursued. The directories are played by the test, and time passes only when it says so.</summary>
public sealed class RequestWorkerTests() : ActorTest(TestConfigs.TestSchedulerConfig)
{
    private static readonly GatewaySettings Reference = GatewaySettings.From(new Settings(Settings.Reference, "eos.gateway"), "dev", TimeSpan.FromSeconds(60));

    private TestScheduler Time => (TestScheduler)Sys.Scheduler;

    /// <summary>A directory that is slow would drown in what a thousand requests ask again each second.</summary>
    [Fact]
    public void What_stays_unanswered_is_asked_again_ever_more_slowly()
    {
        var worker = Worker();
        var asked = ExpectMsg<DirectoryProtocol.IQuery>();
        foreach (var pause in new[] { 1, 1, 1.5, 2.25, 3.375 })
        {
            Pass(worker, Reference.RetryInterval * pause - TimeSpan.FromMilliseconds(100));
            Pass(worker, TimeSpan.FromMilliseconds(100), asked);
        }
    }

    /// <summary>What the lost node was asked is lost with it; its directories are found elsewhere from now on.</summary>
    [Fact]
    public void When_a_node_is_gone_what_is_unanswered_is_asked_again_at_once_and_soon_again()
    {
        var worker = Worker();
        var asked = ExpectMsg<DirectoryProtocol.IQuery>();
        foreach (var pause in new[] { 1, 1, 1.5 }) Pass(worker, Reference.RetryInterval * pause, asked);
        worker.Tell(new GatewaySignals.NodeGone());
        Pass(worker, TimeSpan.Zero, asked);
        Pass(worker, Reference.RetryInterval, asked);
    }

    /// <summary>Another instance may have what this one has not: a rule of access says where.</summary>
    [Fact]
    public void What_is_refused_here_is_asked_again_where_a_rule_says_so_and_only_that()
    {
        var to = new AccessRedirect("far", 1094, TimeSpan.Zero);
        foreach (var (named, isSent) in new[] { (Errno.NoEntry, true), (Errno.NoNetwork, false) })
        {
            var worker = Worker(TestActor, why => why == named ? to : null);
            var asked = ExpectMsg<DirectoryProtocol.IQuery>();
            worker.Tell(new DirectoryProtocol.Refused(asked.Directory, asked.Op, Errno.NoEntry, "not here"));
            if (isSent) Assert.Equal(("far", 1094), FishForMessage<Elsewhere>(_ => true) is var found ? (found.Host, found.Port) : default);
            else Assert.Equal(Errno.NoEntry, FishForMessage<Refused>(_ => true).Why);
        }
    }

    /// <summary>The actor has ended the turns that this lets it begin, and has said nothing but that.</summary>
    private void Pass(IActorRef worker, TimeSpan time, params object[] says)
    {
        Time.Advance(time);
        foreach (var one in says) ExpectMsg(one);
        worker.Tell(new Identify(1));
        ExpectMsg<ActorIdentity>();
    }

    private IActorRef Worker(IActorRef? client = null, Func<Errno, AccessRedirect?>? elsewhere = null)
    {
        var ops = OpSource.Fresh();
        var head = new Head(ops.Next(), 0, new Claim(0, 0, "root", "here", "test"));
        var who = new VirtualIdentity(Caller.Root, "root", "here", Proof.ClusterKey);
        var facts = new RoutineFacts(Reference, new PathCache(TimeSpan.Zero, TimeSpan.Zero, 1), () => ViewState.Empty, SystemClock.Instance, ops.Next, _ => "", 1) { Elsewhere = elsewhere ?? (_ => null) };
        var parts = new GatewayParts(TestActor, TestActor, TestActor, TestActor, Reference, SystemClock.Instance, () => new CapabilityKey(1, [.. new byte[32]]));
        return Sys.ActorOf(RequestWorker.Props(Routes.Of(new List(head, "/", "", true), who, facts)!, head.Op, "List", client ?? ActorRefs.Nobody, parts, facts));
    }
}
