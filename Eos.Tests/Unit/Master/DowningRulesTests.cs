using Eos.Master;
using Xunit;

namespace Eos.Tests.Unit.Master;

public sealed class DowningRulesTests
{
    private static readonly Incarnation First = new("node1:2552", 17), Again = new("node1:2552", -4), Other = new("node2:2552", 3);

    [Fact]
    public void A_member_without_a_session_that_holds_is_over() =>
        Assert.Equal(First, Assert.Single(DowningRules.Over([First, Other], new HashSet<Incarnation> { Other })));

    [Fact]
    public void The_session_of_a_later_incarnation_at_the_same_place_does_not_help() =>
        Assert.Equal(First, Assert.Single(DowningRules.Over([First], new HashSet<Incarnation> { Again })));

    [Fact]
    public void Nobody_is_over_while_all_sessions_hold() =>
        Assert.Empty(DowningRules.Over([First, Other], new HashSet<Incarnation> { First, Other }));

    [Theory]
    [InlineData(2800, 500)]
    [InlineData(199, 200)]
    [InlineData(10, 50)]
    [InlineData(-3, 50)]
    public void The_next_look_comes_just_after_a_session_could_end(int remainingMs, int expectedMs) => Assert.Equal(
        TimeSpan.FromMilliseconds(expectedMs),
        DowningRules.NextLook([TimeSpan.FromMilliseconds(2900), TimeSpan.FromMilliseconds(remainingMs)], TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(500)));

    [Fact]
    public void An_incarnation_is_read_as_it_was_written()
    {
        Assert.Equal(Again, Incarnation.Parse(Again.ToString()));
        Assert.Null(Incarnation.Parse("node1:2552"));
        Assert.Null(Incarnation.Parse("node1:2552#x"));
    }
}
