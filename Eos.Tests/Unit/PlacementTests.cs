using Eos.Kernel;
using Eos.Scheduling;

namespace Eos.Tests.Unit;

public class PlacementTests
{
    private static Candidate Fs(uint id, string group = "default.0", string node = "n1", bool writable = true, ulong free = 1000, ulong headroom = 100, string geotag = "") =>
        new(new FsId(id), node, geotag, "default", group, writable, free, headroom);

    private static PlacementRequest Wanted(int replicas, ulong size = 10, ulong turn = 0) => new("default", replicas, size, turn);

    [Fact]
    public void Replicas_are_distinct_in_one_group_and_on_different_nodes()
    {
        var all = new[] { Fs(1, node: "n1"), Fs(2, node: "n1"), Fs(3, node: "n2"), Fs(4, "default.1", "n3"), Fs(5, "default.1", "n4") };
        for (ulong turn = 0; turn < 100; turn++)
        {
            var (chosen, refusal) = Placement.Choose(Wanted(2, turn: turn), all);
            Assert.Null(refusal);
            var taken = chosen.Select(c => all.Single(f => f.Fs == c)).ToList();
            Assert.Single(taken.Select(t => t.Group).Distinct());
            Assert.Equal(2, taken.Select(t => t.Node).Distinct().Count());
        }
    }

    [Fact]
    public void Headroom_is_never_touched_and_a_full_group_is_passed_over()
    {
        Assert.Equal(Errno.NoSpace, Placement.Choose(Wanted(1, size: 900), [Fs(1)]).Refusal!.Why);
        Assert.Equal(Errno.NoSpace, Placement.Choose(Wanted(1), [Fs(1, free: 50)]).Refusal!.Why);
        var (chosen, _) = Placement.Choose(Wanted(1, size: 500), [Fs(1, free: 200), Fs(2, "default.1")]);
        Assert.Equal(new FsId(2), Assert.Single(chosen));
    }

    [Fact]
    public void Without_a_writable_filesystem_or_a_space_it_is_said_which()
    {
        Assert.Equal(Errno.NoNetwork, Placement.Choose(Wanted(1), [Fs(1, writable: false)]).Refusal!.Why);
        Assert.Equal(Errno.NoSpace, Placement.Choose(Wanted(1), []).Refusal!.Why);
        Assert.Equal(Errno.NoSpace, Placement.Choose(Wanted(2), [Fs(1)]).Refusal!.Why);
    }

    [Fact]
    public void The_emptier_filesystem_is_taken_more_often()
    {
        var all = new[] { Fs(1, free: 1100), Fs(2, free: 4100) };
        var first = Enumerable.Range(0, 5000).Count(t => Placement.Choose(Wanted(1, turn: (ulong)t), all).Chosen[0] == new FsId(1));
        Assert.InRange(first, 800, 1200);
    }

    [Fact]
    public void Two_replicas_never_share_a_node_and_too_few_nodes_are_ENOSPC()
    {
        var (_, refusal) = Placement.Choose(Wanted(2), [Fs(1, node: "n1"), Fs(2, node: "n1"), Fs(3, "default.1", "n2")]);
        Assert.Equal(Errno.NoSpace, refusal!.Why);
        Assert.Contains("2 filesystem(s) on different nodes", refusal.Text);
    }

    [Fact]
    public void Replicas_stand_far_apart_where_geotags_say_so()
    {
        var all = new[] { Fs(1, node: "n1", geotag: "ch::b1"), Fs(2, node: "n2", geotag: "ch::b1"), Fs(3, node: "n3", geotag: "ch::b2"), Fs(4, node: "n4", geotag: "hu::b1") };
        for (ulong turn = 0; turn < 50; turn++)
        {
            var two = Placement.Choose(Wanted(2, turn: turn), all).Chosen;
            Assert.Contains(new FsId(4), two);
            var three = Placement.Choose(Wanted(3, turn: turn), all).Chosen;
            Assert.Contains(new FsId(3), three);
        }
    }

    [Fact]
    public void What_is_excluded_is_not_taken()
    {
        var all = new[] { Fs(1, node: "n1"), Fs(2, node: "n2"), Fs(3, node: "n3") };
        for (ulong turn = 0; turn < 20; turn++)
            Assert.DoesNotContain(new FsId(2), Placement.Choose(Wanted(2, turn: turn) with { Excluded = [new FsId(2)] }, all).Chosen);
        Assert.Equal(Errno.NoSpace, Placement.Choose(Wanted(3) with { Excluded = [new FsId(2)] }, all).Refusal!.Why);
    }

    [Fact]
    public void A_further_replica_goes_to_the_group_of_the_others_and_to_another_node()
    {
        var all = new[] { Fs(1, node: "n1"), Fs(2, node: "n1"), Fs(3, node: "n2"), Fs(4, "default.1", "n3") };
        for (ulong turn = 0; turn < 20; turn++)
            Assert.Equal(new FsId(3), Assert.Single(Placement.Choose(Wanted(1, turn: turn) with { Beside = [new FsId(1)] }, all).Chosen));
        Assert.Equal(Errno.NoSpace, Placement.Choose(Wanted(1) with { Beside = [new FsId(1), new FsId(3)] }, all).Refusal!.Why);
    }

    [Fact]
    public void The_nearest_replica_is_read_then_the_least_busy_then_in_turns()
    {
        var holders = new[] { new Holder(new FsId(1), "ch::b1", 0.9, 0), new Holder(new FsId(2), "ch::b2", 0, 0), new Holder(new FsId(3), "hu", 0, 0) };
        Assert.Equal([1u, 2u, 3u], Access.Order(holders, "ch::b1::r5", 0).Select(f => f.Value));
        Assert.Equal(1u, Access.Order(holders, "", 0)[2].Value);
        var first = Enumerable.Range(0, 100).Select(t => Access.Order(holders, "", (ulong)t)[0].Value).ToList();
        Assert.InRange(first.Count(f => f == 2), 30, 70);
        Assert.DoesNotContain(1u, first);
    }

    [Fact]
    public void Groups_are_ordered_by_their_number() =>
        Assert.Equal(["default.2", "default.10", "spare.1"], new[] { "spare.1", "default.10", "default.2" }.Order(GroupOrder.Instance));
}
