using System.Collections.Immutable;
using Akka.Actor;
using Eos.Instance;
using Eos.Kernel;
using Eos.Tests.Support;
using static Eos.Instance.InstanceProtocol;

namespace Eos.Tests.Cluster;

/// <summary>The configuration of an instance on nodes that have a group.</summary>
public sealed class InstanceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly OpSource _ops = OpSource.Fresh();

    [Fact]
    public async Task A_change_made_through_any_node_is_seen_on_all_and_survives_restarts()
    {
        await using var nodes = await KvNodes.Start(members: 2, others: 1);
        var followers = nodes.All.Select(Follow).ToList();
        for (var i = 0; i < 3; i++)
        {
            var value = $"from {i}";
            var changed = await followers[i].Actor.Ask<Changed>(new Change(_ops.Next(), _ => Revision.Set("test", "key", value)), Patience);
            Assert.Equal(value, changed.State["test", "key"]);
            foreach (var (_, heard) in followers) while ((await heard.Next<Published>()).State["test", "key"] != value) { }
        }
        await nodes[0].Stop();
        await nodes[0].Start();
        var (_, again) = Follow(nodes[0]);
        while ((await again.Next<Published>()).State["test", "key"] != "from 2") { }
    }

    [Fact]
    public async Task Changes_made_at_the_same_time_through_all_nodes_are_all_made_and_logged()
    {
        const int Each = 20;
        await using var nodes = await KvNodes.Start(members: 2, others: 1);
        var followers = nodes.All.Select(Follow).ToList();
        await Task.WhenAll(followers.SelectMany(f => Enumerable.Range(0, Each).Select(_ => f.Actor.Ask<Changed>(
            new Change(_ops.Next(), now => Revision.Set("test", "count", $"{int.Parse(now["test", "count"] ?? "0") + 1}")), Patience))));
        foreach (var (_, heard) in followers) while ((await heard.Next<Published>()).State["test", "count"] != $"{3 * Each}") { }
        var log = await followers[2].Actor.Ask<Rows>(new ReadRows(InstanceRows.Log), Patience);
        Assert.Equal(Enumerable.Range(1, 3 * Each).Select(n => $"set config test:count => {n}"), log.Values.Values.Select(line => line[(line.IndexOf(" : ", StringComparison.Ordinal) + 3)..]));
    }

    [Fact]
    public async Task A_change_that_is_asked_for_again_through_another_node_happens_once()
    {
        await using var nodes = await KvNodes.Start(members: 1, others: 1);
        var change = new Change(_ops.Next(), now => now["test", "key"] is null ? Revision.Set("test", "key", "new") : Revision.Refuse(Errno.Exists, "there"));
        var (first, second) = (Follow(nodes[0]).Actor, Follow(nodes[1]).Actor);
        await first.Ask<Changed>(change, Patience);
        var again = await second.Ask<Changed>(change, Patience);
        Assert.Equal(1ul, again.State.Changes);
        var other = await second.Ask<NotChanged>(change with { Op = _ops.Next() }, Patience);
        Assert.Equal(Errno.Exists, other.Refusal.Why);
    }

    private static (IActorRef Actor, Collector Heard) Follow(KvNode node)
    {
        var settings = new InstanceSettings(TimeSpan.FromMilliseconds(500), Patience, 1000);
        var actor = node.System.ActorOf(InstanceActor.Props(new GroupBook(node.Client), settings, SystemClock.Instance, ActorRefs.Nobody));
        var heard = new Collector(node.System);
        actor.Tell(new Subscribe(), heard.Ref);
        return (actor, heard);
    }
}
