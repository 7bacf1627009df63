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

    [Fact]
    public async Task A_change_is_told_to_the_other_nodes_which_need_not_look_by_themselves()
    {
        await using var nodes = await KvNodes.Start(members: 1, others: 1);
        var mediator = nodes[0].System.ActorOf(Props.Create(() => new Mediator()));
        var (first, second) = (Follow(nodes[0], TimeSpan.FromHours(1), mediator), Follow(nodes[1], TimeSpan.FromHours(1), mediator));
        await second.Heard.Next<Published>();
        await first.Actor.Ask<Changed>(new Change(_ops.Next(), _ => Revision.Set("test", "key", "new")), Patience);
        while ((await second.Heard.Next<Published>()).State["test", "key"] != "new") { }
    }

    [Fact]
    public async Task A_change_of_everything_that_the_end_of_the_leader_cuts_is_made_as_a_whole_or_not_at_all()
    {
        const int Keys = 300;
        await using var nodes = await KvNodes.Start(members: 3);
        var leader = await nodes.Leader();
        var other = Follow(nodes.All.First(n => n != leader));
        await other.Actor.Ask<Changed>(All("old"), Patience);
        var reply = other.Actor.Ask<IReply>(All("new"), Patience * 2);
        await leader.Stop();
        var told = await reply;
        var state = (await other.Actor.Ask<Changed>(new Change(_ops.Next(), _ => Revision.None), Patience)).State;
        Assert.Equal(Keys, state.Section("test").Count);
        var value = Assert.Single(state.Section("test").Values.Distinct());
        Assert.True(value == "new" || told is not Changed);
        while (!other.Heard.IsEmpty) Assert.InRange((await other.Heard.Next<Published>()).State.Section("test").Values.Distinct().Count(), 0, 1);
        await leader.Start();
        var again = (await Follow(leader).Heard.Next<Published>()).State;
        Assert.True(Assert.Single(again.Section("test").Values.Distinct()) == "new" || told is not Changed);

        Change All(string text) => new(_ops.Next(), _ => Revision.None with
        {
            Values = Enumerable.Range(0, Keys).ToImmutableSortedDictionary(i => $"test:{i}", _ => (string?)text, StringComparer.Ordinal), Note = $"loaded config {text}", Name = text,
        });
    }

    /// <summary>Publish/subscribe of two systems in one process.</summary>
    private sealed class Mediator : ReceiveActor
    {
        public Mediator()
        {
            var readers = new List<IActorRef>();
            Receive<Akka.Cluster.Tools.PublishSubscribe.Subscribe>(s => readers.Add(s.Ref));
            Receive<Akka.Cluster.Tools.PublishSubscribe.Publish>(p => readers.ForEach(r => r.Tell(p.Message)));
        }
    }

    private static (IActorRef Actor, Collector Heard) Follow(KvNode node) => Follow(node, TimeSpan.FromMilliseconds(500), ActorRefs.Nobody);

    private static (IActorRef Actor, Collector Heard) Follow(KvNode node, TimeSpan poll, IActorRef mediator)
    {
        var settings = new InstanceSettings(poll, Patience, 1000);
        var actor = node.System.ActorOf(InstanceActor.Props(new GroupBook(node.Client), settings, SystemClock.Instance, mediator));
        var heard = new Collector(node.System);
        actor.Tell(new Subscribe(), heard.Ref);
        return (actor, heard);
    }
}
