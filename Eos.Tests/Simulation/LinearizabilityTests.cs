using Eos.Tests.Support.Raft;

namespace Eos.Tests.Simulation;

public class LinearizabilityTests
{
    private static Call Write(long value, long start, long end = long.MaxValue) => new(true, value, start, end);

    private static Call Read(long value, long start, long end) => new(false, value, start, end);

    [Fact]
    public void A_value_that_comes_back_is_noticed() => Assert.False(Linearizability.Holds([Write(1, 0, 1), Write(2, 2, 3), Read(2, 4, 5), Read(1, 6, 7)]));

    [Fact]
    public void A_lost_write_is_noticed() => Assert.False(Linearizability.Holds([Write(1, 0, 1), Read(0, 2, 3)]));

    [Fact]
    public void A_value_from_nowhere_is_noticed() => Assert.False(Linearizability.Holds([Write(1, 0, 1), Read(7, 2, 3)]));

    [Fact]
    public void A_value_read_before_it_was_written_is_noticed() => Assert.False(Linearizability.Holds([Read(1, 0, 1), Write(1, 2, 3)]));

    [Fact]
    public void A_write_without_an_answer_may_happen_late_or_never()
    {
        Assert.True(Linearizability.Holds([Write(1, 0), Write(2, 1, 2), Read(2, 3, 4), Read(1, 5, 6)]));
        Assert.True(Linearizability.Holds([Write(1, 0), Write(2, 1, 2), Read(2, 3, 4), Read(2, 5, 6)]));
        Assert.False(Linearizability.Holds([Write(1, 0), Read(1, 1, 2), Write(2, 3, 4), Read(1, 5, 6)]));
    }

    /// <summary>Short histories of every kind, right and wrong, judged by a search through all orders.</summary>
    [Fact]
    public void It_agrees_with_wing_and_gong()
    {
        var (right, wrong) = (0, 0);
        for (ulong seed = 1; seed <= 20_000; seed++)
        {
            var chances = new Chances(seed);
            var calls = new List<Call>();
            var spread = 2 + chances.Below(12);
            var writes = 1 + chances.Below(4);
            for (var value = 1; value <= writes; value++)
            {
                var start = chances.Below(20);
                calls.Add(Write(value, start, chances.Of(0.2) ? long.MaxValue : start + chances.Below(spread)));
            }
            for (var reads = chances.Below(5); reads > 0; reads--)
            {
                var start = chances.Below(20);
                calls.Add(Read(chances.Below(writes + 1), start, start + chances.Below(spread)));
            }
            // the search wants them in order, and knows nothing of writes that never happened
            var read = calls.Where(c => !c.IsWrite).Select(c => c.Value).ToHashSet();
            var expected = WingGong.Holds([.. calls.Where(c => c.End != long.MaxValue || read.Contains(c.Value)).OrderBy(c => c.Start)]);
            Assert.True(Linearizability.Holds(calls) == expected, $"seed {seed}: {expected} expected of {string.Join(", ", calls)}");
            if (expected) right++;
            else wrong++;
        }
        Assert.True(right > 2000 && wrong > 2000, $"{right} right and {wrong} wrong histories: too few of one kind");
    }
}
