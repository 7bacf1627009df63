using Akka.Actor;
using Eos.Gateway;
using Eos.Instance;
using Eos.Kernel;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Cluster;

/// <summary>When the cleaner of the recycle bin gives orders to its gateway, and when it does not.</summary>
public sealed class RecycleCleanerTests : ActorTest
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);
    private readonly StoppedClock _clock = new();
    private bool _holds = true;

    private readonly HashSet<OpId> _seen = [];
    private IActorRef _cleaner = ActorRefs.Nobody;

    [Fact]
    public void It_looks_and_removes_what_it_found_at_the_intervals_of_the_policy()
    {
        Start();
        Answer(Ordered(isCount: true), files: 2);
        Answer(Ordered(isCount: false), files: 2);
        NothingNew();
        _clock.Advance(TimeSpan.FromSeconds(21));
        Answer(Ordered(isCount: true), files: 0);
        NothingNew();
    }

    [Fact]
    public void An_order_without_an_answer_is_repeated_under_its_number_and_one_that_was_refused_is_given_anew()
    {
        Start();
        var first = Ordered(isCount: true);
        Assert.Equal(first.Head.Op, ExpectMsg<Administer>().Head.Op);
        _cleaner.Tell(new Refused(first.Head.Op, Errno.TryAgain, "not now"));
        Ordered(isCount: true);
    }

    [Fact]
    public void A_node_whose_session_is_over_orders_nothing()
    {
        _holds = false;
        Start();
        NothingNew();
        _holds = true;
        Ordered(isCount: true);
    }

    private void Start()
    {
        Sys.ActorOf(Props.Create(() => new Door(TestActor)), GatewayProtocol.Path.Split('/')[^1]);
        var instance = CreateTestProbe();
        _cleaner = Sys.ActorOf(RecycleCleaner.Props(instance.Ref, () => _holds, _clock, Beat));
        instance.ExpectMsg<InstanceProtocol.Subscribe>();
        NothingNew(); // it does not know the policy
        _cleaner.Tell(new InstanceProtocol.Published(InstanceState.Empty.With(RecycleBin.Section, "collect-interval", "20").With(RecycleBin.Section, "remove-interval", "20")));
    }

    /// <summary>The next order; those of before may have been repeated on the way.</summary>
    private Administer Ordered(bool isCount)
    {
        var order = (Administer)FishForMessage(m => m is Administer a && _seen.Add(a.Head.Op));
        Assert.Equal(("recycle", "clean", isCount), (order.Noun, order.Verb, order.Options.ContainsKey("count")));
        return order;
    }

    private void Answer(Administer order, ulong files) =>
        _cleaner.Tell(new Report(order.Head.Op, [AdminRecord.Empty.Add("trees", 0ul).Add("files", files)], ["done"]));

    private void NothingNew() => Assert.All(ReceiveWhile(20 * Beat, m => (Administer)m), order => Assert.Contains(order.Head.Op, _seen));

    private sealed class Door : ReceiveActor
    {
        public Door(IActorRef ear) => ReceiveAny(ear.Forward);
    }
}
