using Akka.Actor;
using Eos.Fst;
using Eos.Views;

namespace Eos.Master;

/// <summary>
/// A service of the master: orders each filesystem that has started to look for what its earlier runs left. An order is repeated with every view until the filesystem's
/// report says that it came, so a lost one costs time only.
/// </summary>
public sealed class SweepOrders : ReceiveActor
{
    public const string Name = "sweep-orders";

    /// <param name="mayAct">Whether the session of this node holds, asked before each order.</param>
    public SweepOrders(IActorRef views, ulong token, Func<bool> mayAct)
    {
        Receive<ViewProtocol.Published>(published =>
        {
            if (!mayAct()) return;
            foreach (var fs in ViewRules.Unswept(published.View)) views.Tell(new ViewProtocol.Deliver(new FstProtocol.OrderSweep(fs, token), ActorRefs.NoSender));
        });
        views.Tell(new ViewProtocol.Subscribe());
    }

    public static Props Props(IActorRef views, ulong token, Func<bool> mayAct) => Akka.Actor.Props.Create(() => new SweepOrders(views, token, mayAct));
}
