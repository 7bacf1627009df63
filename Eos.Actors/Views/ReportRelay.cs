using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Eos.Fst;

namespace Eos.Views;

/// <summary>
/// Takes the reports of this node's filesystems to all views: to the one of this node at once, to the others by publish/subscribe, where one may be lost
/// because the next follows. Path: `/user/reports`.
/// </summary>
public sealed class ReportRelay : ReceiveActor
{
    public const string Name = "reports";

    /// <summary>Every view subscribes to it.</summary>
    public const string Topic = "eos-fst-reports";

    public ReportRelay(IActorRef local)
    {
        var mediator = DistributedPubSub.Get(Context.System).Mediator;
        Receive<FstProtocol.FsReport>(report =>
        {
            local.Forward(report);
            mediator.Tell(new Publish(Topic, report), Sender);
        });
    }

    public static Props Props(IActorRef local) => Akka.Actor.Props.Create(() => new ReportRelay(local));
}
