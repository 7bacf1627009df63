using Akka.Actor;
using Eos.Gateway;
using Eos.Kernel;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit.Gateway;

/// <summary>The directories that every instance has: each after the one above it, whatever is lost on the way.</summary>
public class ProcMakerTests : ActorTest
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [Fact]
    public void Each_is_made_after_the_one_before_and_what_is_not_answered_is_asked_for_again()
    {
        Sys.ActorOf(Props.Create(() => new Relaying(TestActor)), "gateway");
        var maker = Sys.ActorOf(ProcMaker.Props("dev", () => true, TimeSpan.FromMilliseconds(20)));
        var order = ExpectMsg<MakeDirectory>(Long);
        Assert.Equal(("/eos/dev/proc", true, 0u), (order.Path, order.Parents, order.Head.Claim.Uid));
        Assert.Equal(order.Head.Op, ExpectMsg<MakeDirectory>(Long).Head.Op);
        var made = new List<(string, uint)> { (order.Path, order.Mode!.Value) };
        while (made.Count < ProcMaker.Directories("dev").Length)
        {
            var op = order.Head.Op;
            maker.Tell(made.Count == 3 ? new Refused(op, Errno.NotADirectory, "there is a file") : new Done(op));
            order = (MakeDirectory)FishForMessage(m => m is MakeDirectory next && next.Head.Op != op, Long);
            made.Add((order.Path, order.Mode!.Value));
        }
        Assert.Equal(ProcMaker.Directories("dev"), made);
    }

    private sealed class Relaying : UntypedActor
    {
        private readonly IActorRef _to;

        public Relaying(IActorRef to) => _to = to;

        protected override void OnReceive(object message) => _to.Forward(message);
    }
}
