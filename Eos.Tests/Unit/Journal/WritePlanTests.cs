using System.Collections.Immutable;
using Eos.Journal;

namespace Eos.Tests.Unit.Journal;

public class WritePlanTests
{
    [Fact]
    public void Writes_go_together_as_far_as_they_fit() =>
        Assert.Equal([0..2, 2..3, 3..4], WritePlan.Entries([Write(1, 40), Write(2, 60), Write(3, 50), Write(4, 70)], 4, 100));

    [Fact]
    public void A_write_that_alone_is_larger_is_an_entry_of_its_own() =>
        Assert.Equal([0..1, 1..2, 2..4], WritePlan.Entries([Write(1, 10), Write(2, 500), Write(3, 10), Write(4, 10)], 4, 100));

    [Fact]
    public void A_writer_that_leaves_a_gap_stores_nothing() => Assert.Equal(0, WritePlan.Storable([Write(3, 1), Write(4, 1), Write(3, 1)]));

    [Fact]
    public void Nothing_comes_after_a_rejected_write() =>
        Assert.Equal(1, WritePlan.Storable([Write(1, 1), Write(2, 1) with { Rejection = new ArgumentException("no") }, Write(3, 1)]));

    [Fact]
    public void A_write_of_several_events_takes_their_numbers() => Assert.Equal(2, WritePlan.Storable([Write(1, 1, 1, 1), Write(4, 1)]));

    private static WriteBytes Write(long first, params int[] sizes) =>
        new(first, [.. sizes.Select(s => new ReadOnlyMemory<byte>(new byte[s]))], [], null);
}
