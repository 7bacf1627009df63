using Eos.Kernel;
using Eos.Scheduling;

namespace Eos.Tests.Unit;

public class PlacementTests
{
    private static Candidate Fs(uint id, string group = "default.0", string node = "n1", bool writable = true, ulong free = 1000, ulong headroom = 100) =>
        new(new FsId(id), node, "default", group, writable, free, headroom, 0);

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
    public void Groups_are_ordered_by_their_number() =>
        Assert.Equal(["default.2", "default.10", "spare.1"], new[] { "spare.1", "default.10", "default.2" }.Order(GroupOrder.Instance));
}
