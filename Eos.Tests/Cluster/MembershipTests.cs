using Akka.Actor;
using Akka.Cluster;
using Eos.Tests.Support;

namespace Eos.Tests.Cluster;

[Collection(ClustersCollection.Name)]
public class MembershipTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_node_that_joins_itself_founds_a_cluster_and_leads_it()
    {
        await using var node = ClusterNode.Start("alone");
        await node.Cluster.JoinAsync(node.Address).WaitAsync(Patience);
        Assert.True(node.Cluster.IsUp);
        Assert.Equal(MemberStatus.Up, node.Cluster.SelfMember.Status);
        await node.Until(s => node.Address.Equals(s.Leader), "it leads");
    }

    [Fact]
    public async Task Members_see_each_other_up_with_their_roles()
    {
        await using var first = ClusterNode.Start("roles", "akka.cluster.roles = [mgm, qdb]");
        await using var second = ClusterNode.Start("roles", "akka.cluster.roles = [fst]");
        first.Cluster.Join(first.Address);
        second.Cluster.Join(first.Address);
        await first.SeesUp(first, second);
        await second.SeesUp(first, second);

        var state = second.Cluster.State;
        Assert.Equal(["mgm", "qdb"], state.Members.Single(m => m.Address.Equals(first.Address)).Roles.Order());
        Assert.Equal(["fst", "mgm", "qdb"], state.AllRoles.Order());
        await second.Until(s => second.Address.Equals(s.RoleLeader("fst")) && first.Address.Equals(s.RoleLeader("mgm")), "roles have leaders");
        Assert.True(Of(state, first).IsOlderThan(Of(state, second)));
        Assert.Equal(["fst"], second.Cluster.SelfRoles);
    }

    [Fact]
    public async Task Nobody_is_up_before_there_are_enough()
    {
        await using var first = ClusterNode.Start("enough", "akka.cluster.min-nr-of-members = 2");
        first.Cluster.Join(first.Address);
        await first.Until(s => s.Members is [{ Status: MemberStatus.Joining }], "it joins and waits");
        await using var second = ClusterNode.Start("enough", "akka.cluster.min-nr-of-members = 2");
        second.Cluster.Join(first.Address);
        await first.SeesUp(first, second);
        await second.SeesUp(first, second);
    }

    [Fact]
    public async Task The_events_of_a_member_come_in_the_order_of_its_life()
    {
        var nodes = await ClusterNode.StartMany("events", 2);
        await using var first = nodes[0];
        await using var second = nodes[1];
        var log = await first.Record(typeof(ClusterEvent.IMemberEvent));
        await second.Cluster.LeaveAsync().WaitAsync(Patience);
        var removed = await log.Has<ClusterEvent.MemberRemoved>(e => e.Member.Address.Equals(second.Address), "it is removed", Patience);
        Assert.Equal(MemberStatus.Exiting, removed.PreviousStatus);
        Assert.Equal(
            [MemberStatus.Up, MemberStatus.Leaving, MemberStatus.Exiting, MemberStatus.Removed],
            log.Events.Cast<ClusterEvent.IMemberEvent>().Where(e => e.Member.Address.Equals(second.Address)).Select(e => e.Member.Status));
    }

    [Fact]
    public async Task A_member_that_leaves_ends_its_system_in_good_order()
    {
        var nodes = await ClusterNode.StartMany("leaving", 3);
        await using var first = nodes[0];
        await using var second = nodes[1];
        var third = nodes[2];
        first.Cluster.Leave(third.Address);
        await third.System.WhenTerminated.WaitAsync(Patience);
        Assert.True(third.Cluster.IsTerminated);
        Assert.Equal(CoordinatedShutdown.ClusterLeavingReason.Instance, CoordinatedShutdown.Get(third.System).ShutdownReason);
        await first.SeesUp(first, second);
        await second.SeesUp(first, second);
    }

    [Fact]
    public async Task The_leader_itself_can_leave()
    {
        var nodes = await ClusterNode.StartMany("leader", 3);
        var leader = nodes.Single(n => n.Address.Equals(nodes[0].Cluster.State.Leader));
        var rest = nodes.Where(n => n != leader).ToArray();
        await leader.Cluster.LeaveAsync().WaitAsync(Patience);
        foreach (var node in rest) await node.SeesUp(rest);
        foreach (var node in rest) await node.Until(s => rest.Any(r => r.Address.Equals(s.Leader)), "another leads");
        foreach (var node in rest) await node.DisposeAsync();
    }

    [Fact]
    public async Task A_downed_member_ends_its_system_and_is_removed()
    {
        var nodes = await ClusterNode.StartMany("downing", 3);
        await using var first = nodes[0];
        await using var second = nodes[1];
        var third = nodes[2];
        var log = await first.Record(typeof(ClusterEvent.MemberDowned), typeof(ClusterEvent.MemberRemoved));
        var told = new TaskCompletionSource();
        third.Cluster.RegisterOnMemberRemoved(() => told.SetResult());
        second.Cluster.Down(third.Address);
        await told.Task.WaitAsync(Patience);
        await third.System.WhenTerminated.WaitAsync(Patience);
        Assert.Equal(CoordinatedShutdown.ClusterDowningReason.Instance, CoordinatedShutdown.Get(third.System).ShutdownReason);
        await first.SeesUp(first, second);
        var removed = await log.Has<ClusterEvent.MemberRemoved>(_ => true, "it is removed", Patience);
        Assert.Equal(MemberStatus.Down, removed.PreviousStatus);
        Assert.IsType<ClusterEvent.MemberDowned>(log.Events[0]);
    }

    [Fact]
    public async Task A_new_incarnation_at_the_same_address_replaces_the_old_one()
    {
        await using var first = ClusterNode.Start("again");
        var old = ClusterNode.Start("again", port: FreePort.Take(1)[0]);
        first.Cluster.Join(first.Address);
        old.Cluster.Join(first.Address);
        await first.SeesUp(first, old);
        await old.SeesUp(first, old);
        var uid = old.Cluster.SelfUniqueAddress.Uid;
        var log = await first.Record(typeof(ClusterEvent.IMemberEvent));
        await old.System.Terminate().WaitAsync(Patience);

        await using var again = ClusterNode.Start("again", port: old.Address.Port!.Value);
        again.Cluster.Join(first.Address);
        await again.SeesUp(first, again);
        await first.SeesUp(first, again);
        Assert.NotEqual(uid, again.Cluster.SelfUniqueAddress.Uid);
        await log.Has<ClusterEvent.MemberRemoved>(e => e.Member.UniqueAddress.Uid == uid, "the old one is removed", Patience);
    }

    [Fact]
    public async Task Seed_nodes_find_each_other_and_only_the_first_founds()
    {
        var ports = FreePort.Take(3);
        var seeds = string.Join(", ", ports.Select(p => $"\"akka.tcp://seeds@127.0.0.1:{p}\""));
        var nodes = ports.Reverse().Select(p => ClusterNode.Start("seeds", $"akka.cluster.seed-nodes = [{seeds}]", p)).ToArray();
        foreach (var node in nodes) await node.SeesUp(nodes);
        Assert.Equal(ports[0], nodes[0].Cluster.State.Members.Min(Member.AgeOrdering)!.Address.Port);
        foreach (var node in nodes) await node.DisposeAsync();
    }

    [Fact]
    public async Task A_join_that_is_given_up_is_an_exception()
    {
        await using var node = ClusterNode.Start("nobody");
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var nobody = node.Address.WithPort(FreePort.Take(1)[0]);
        await Assert.ThrowsAnyAsync<Exception>(() => node.Cluster.JoinAsync(nobody, patience.Token));
        Assert.False(node.Cluster.IsUp);
    }

    [Fact]
    public async Task A_subscriber_gets_the_state_first_and_only_what_it_asked_for()
    {
        var nodes = await ClusterNode.StartMany("subscribers", 2);
        await using var first = nodes[0];
        await using var second = nodes[1];
        Assert.Throws<ArgumentException>(() => first.Cluster.Subscribe(ActorRefs.Nobody, typeof(string)));
        var events = await first.Record(typeof(ClusterEvent.MemberUp));
        await events.Has<ClusterEvent.MemberUp>(e => e.Member.Address.Equals(second.Address), "the second is up", Patience);
        Assert.All(events.Events, e => Assert.IsType<ClusterEvent.MemberUp>(e));
    }

    private static Member Of(ClusterEvent.CurrentClusterState state, ClusterNode node) => state.Members.Single(m => m.Address.Equals(node.Address));
}
