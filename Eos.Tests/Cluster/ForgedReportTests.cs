using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Tools.Client;
using Akka.Cluster.Tools.PublishSubscribe;
using Eos.Fst;
using Eos.Kernel;
using Eos.Tests.Support;
using Eos.Views;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Eos.Tests.Cluster;

/// <summary>A client may publish to any topic of the cluster: it must not be able to invent filesystems by that.</summary>
[Collection(ClustersCollection.Name)]
public sealed class ForgedReportTests
{
    [Fact]
    public async Task A_report_that_a_client_publishes_is_not_believed()
    {
        await using var cluster = await LoopbackCluster.Start(1, rest: EosSerializer.Bindings);
        var node = cluster[0];
        var view = node.ActorOf(ViewActor.Props(ViewSettings.From(new Kernel.Settings(Kernel.Settings.Reference, "eos.views")), SystemClock.Instance, ActorRefs.Nobody));
        var (witness, reader) = (new Collector(node), new Collector(node));
        foreach (var subscriber in new[] { view, witness.Ref })
            DistributedPubSub.Get(node).Mediator.Tell(new Subscribe(ReportRelay.Topic, subscriber), witness.Ref);
        await witness.Next<SubscribeAck>();
        await witness.Next<SubscribeAck>();
        _ = ClusterClientReceptionist.Get(node).Underlying;
        using var outsider = LoopbackCluster.Outsider(rest: EosSerializer.Bindings);
        var client = outsider.ActorOf(ClusterClient.Props(ClusterClientSettings.Create(outsider)
            .WithInitialContacts(ImmutableHashSet.Create(ActorPath.Parse($"{AkkaCluster.Get(node).SelfAddress}/system/receptionist")))));

        var forged = EosInProcess.Report(SystemClock.Instance.Now);
        client.Tell(new ClusterClient.Publish(ReportRelay.Topic, forged), ActorRefs.NoSender);
        Assert.Equal(forged, await witness.Next<FstProtocol.FsReport>());
        client.Tell(new ClusterClient.Publish(ReportRelay.Topic, forged), new Collector(outsider).Ref);
        Assert.Equal(forged, await witness.Next<FstProtocol.FsReport>());
        view.Tell(new ViewProtocol.Subscribe(), reader.Ref);
        Assert.Empty((await reader.Next<ViewProtocol.Published>()).View.Filesystems);

        var honest = node.ActorOf(Props.Create(() => new Echo()), FilesystemActor.NameOf(forged.Identity.Id));
        node.ActorOf(ReportRelay.Props(ActorRefs.Nobody)).Tell(forged, honest);
        Assert.Equal(forged, await witness.Next<FstProtocol.FsReport>());
        Assert.Equal(forged.Identity.Id, Assert.Single((await reader.Next<ViewProtocol.Published>()).View.Filesystems).Key);
        await outsider.Terminate();
    }
}
