using System.Globalization;
using Akka.Actor;
using Eos.Master;
using Eos.Tests.Support;
using static Eos.Master.MasterProtocol;

namespace Eos.Tests.Cluster;

/// <summary>Whole nodes in this process: the services of the master run where the role is, and nowhere else.</summary>
[Collection(ClustersCollection.Name)]
public sealed class MasterServicesTests
{
    private static readonly string Master = $"/user/{MasterProtocol.Name}";
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    // nobody loses the role because the machine is busy
    private static readonly string[] Calm =
    [
        .. PatientGroup.Settings, "eos.journal.session.duration=60s", "eos.formation.isolation=120s", "eos.master.lease=60s", "eos.master.move-timeout=60s",
    ];

    [Fact]
    public async Task The_orders_to_sweep_end_where_the_role_was_before_they_begin_where_it_goes()
    {
        await using var nodes = await HostedNodes.StartedAsync(2, "qdb,mgm", Calm);
        var (at, orders) = await OrdersAsync(nodes);
        for (var round = 0; round < 3; round++)
        {
            var (before, to) = (orders, (at + 1) % nodes.Count);
            var asked = nodes.System(at).ActorSelection(Master);
            await Eventually.Is(() => asked.Ask<IReply>(new Move($"node{to + 1}"), Eventually.Patience), reply => reply is Moved, "the role moves, once that node may have it");
            (at, orders) = await OrdersAsync(nodes, notThis: before);
            Assert.Equal(to, at);
            Assert.True(((IInternalActorRef)before).IsTerminated, "the orders of two masters");
            Assert.True(TokenOf(orders) > TokenOf(before), $"{orders.Path} after {before.Path}");
        }
    }

    /// <summary>Where the service runs, and its actor.</summary>
    private static Task<(int Node, IActorRef Orders)> OrdersAsync(HostedNodes nodes, IActorRef? notThis = null) => Eventually.Is(
        async () =>
        {
            var found = await Task.WhenAll(Enumerable.Range(0, nodes.Count).Select(async i => (Node: i, Orders: await FindAsync(nodes.System(i)))));
            return found.Single(f => f.Orders is not null && !f.Orders.Equals(notThis))!;
        },
        _ => true, "one node has the service")!;

    private static async Task<IActorRef?> FindAsync(ActorSystem system)
    {
        try
        {
            return (await system.ActorSelection($"{Master}/services-*/{SweepOrders.Name}").Ask<ActorIdentity>(new Identify("orders"), Look)).Subject;
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    /// <summary>The token of the role under which the service runs.</summary>
    private static ulong TokenOf(IActorRef orders) => ulong.Parse(orders.Path.Parent.Name["services-".Length..], CultureInfo.InvariantCulture);
}
