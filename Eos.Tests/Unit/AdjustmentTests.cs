using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Scheduling;

namespace Eos.Tests.Unit;

public class AdjustmentTests
{
    private static readonly Candidate[] Nodes =
        [.. Enumerable.Range(1, 4).Select(i => new Candidate(new FsId((uint)i), $"n{i}", "", "default", "default.0", true, 1000, 0))];

    private static ImmutableArray<FsId> Of(params uint[] ids) => [.. ids.Select(i => new FsId(i))];

    private static AdjustmentPlan Plan(uint[] locations, uint[] serving, int replicas, bool keepsAll = false, ulong turn = 3)
    {
        var (plan, refusal) = Adjustment.Plan(new AdjustmentRequest(Of(locations), Of(serving), replicas, 10, turn) { KeepsAll = keepsAll }, Nodes);
        Assert.Null(refusal);
        return plan;
    }

    private static Errno Refused(uint[] locations, uint[] serving, Candidate[] nodes) =>
        Adjustment.Plan(new AdjustmentRequest(Of(locations), Of(serving), 2, 10, 3), nodes).Refusal!.Why;

    [Fact]
    public void A_file_that_is_as_it_should_be_is_left_alone()
    {
        var plan = Plan([1, 2], [2, 1], 2);
        Assert.Empty(plan.Restorations);
        Assert.Empty(plan.Drops);
    }

    [Fact]
    public void A_lost_replica_is_made_on_a_node_that_never_had_one_and_takes_over_its_place()
    {
        for (ulong turn = 0; turn < 20; turn++)
        {
            var restoration = Assert.Single(Plan([1, 2], [1], 2, turn: turn).Restorations);
            Assert.Contains(restoration.Target, Of(3, 4));
            Assert.Equal(new FsId(2), restoration.Replaces);
        }
        Assert.Null(Assert.Single(Plan([1, 2], [1], 2, keepsAll: true).Restorations).Replaces);
        Assert.Null(Assert.Single(Plan([1], [1], 2).Restorations).Replaces);
    }

    [Fact]
    public void What_is_too_much_is_given_up_the_lost_ones_first()
    {
        Assert.Equal([new FsId(2), new FsId(4)], Plan([1, 2, 3, 4], [1, 3, 4], 2).Drops.ToArray());
        Assert.Equal(new FsId(2), Assert.Single(Plan([1, 2, 3], [1, 3], 2).Drops));
        Assert.Empty(Plan([1, 2, 3], [1, 3], 2, keepsAll: true).Drops);
    }

    [Fact]
    public void As_many_are_made_as_there_is_place_for()
    {
        Assert.Equal(3, Plan([1], [1], 5).Restorations.Select(r => r.Target).Distinct().Count());
        Assert.Equal(Errno.NoSpace, Refused([1], [1], [Nodes[0]]));
    }

    [Fact]
    public void Without_a_source_nothing_can_be_done()
    {
        Assert.Equal(Errno.NetworkUnreachable, Refused([1, 2], [], Nodes));
        Assert.Equal(Errno.NoDevice, Refused([], [], Nodes));
    }
}
