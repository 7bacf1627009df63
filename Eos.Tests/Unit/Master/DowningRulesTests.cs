using System.Collections.Immutable;
using Eos.Master;
using Xunit;
using static Eos.Kv.SystemProtocol;

namespace Eos.Tests.Unit.Master;

public sealed class DowningRulesTests
{
    private static readonly Incarnation First = new("node1:2552", 17), Again = new("node1:2552", -4), Other = new("node2:2552", 3);

    private static ImmutableDictionary<Incarnation, TimeSpan> Holding(params Incarnation[] nodes) => nodes.ToImmutableDictionary(node => node, _ => TimeSpan.FromSeconds(1));

    [Fact]
    public void A_session_holds_until_its_very_end()
    {
        var rows = new[] { (First, 1L), (Again, 0L), (Other, -1L) }.Select(s => new LeaseRow($"node-session/{s.Item1}", s.Item1.ToString(), 7, TimeSpan.FromTicks(s.Item2)));
        Assert.Equal(KeyValuePair.Create(First, TimeSpan.FromTicks(1)), Assert.Single(DowningRules.Holding(rows)));
        Assert.Empty(DowningRules.Holding([new LeaseRow("node-session/", "nobody's name", 7, TimeSpan.FromHours(1))]));
    }

    [Fact]
    public void A_member_without_a_session_that_holds_is_over() =>
        Assert.Equal(First, Assert.Single(DowningRules.Over([First, Other], Holding(Other))));

    [Fact]
    public void The_session_of_a_later_incarnation_at_the_same_place_does_not_help() =>
        Assert.Equal(First, Assert.Single(DowningRules.Over([First], Holding(Again))));

    [Fact]
    public void Nobody_is_over_while_all_sessions_hold() =>
        Assert.Empty(DowningRules.Over([First, Other], Holding(First, Other)));

    [Theory]
    [InlineData(2800, 500)]
    [InlineData(199, 200)]
    [InlineData(10, 50)]
    [InlineData(-3, 50)]
    public void The_next_look_comes_just_after_a_session_could_end(int remainingMs, int expectedMs) => Assert.Equal(
        TimeSpan.FromMilliseconds(expectedMs),
        DowningRules.NextLook([TimeSpan.FromMilliseconds(2900), TimeSpan.FromMilliseconds(remainingMs)], TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(500)));

    [Theory]
    [InlineData(null, 1000, false)]
    [InlineData(10, 19, false)]
    [InlineData(10, 20, true)]
    public void A_node_that_could_not_renew_its_session_for_long_gives_itself_up(int? lastHeld, int now, bool isIsolated) => Assert.Equal(
        isIsolated, DowningRules.IsIsolated(lastHeld is { } last ? TimeSpan.FromSeconds(last) : null, TimeSpan.FromSeconds(now), TimeSpan.FromSeconds(10)));

    [Fact]
    public void An_incarnation_is_read_as_it_was_written()
    {
        Assert.Equal(Again, Incarnation.Parse(Again.ToString()));
        Assert.Null(Incarnation.Parse("node1:2552"));
        Assert.Null(Incarnation.Parse("node1:2552#x"));
    }
}
