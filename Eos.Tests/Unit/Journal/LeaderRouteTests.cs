using Eos.Journal;
using Eos.Raft;

namespace Eos.Tests.Unit.Journal;

public class LeaderRouteTests
{
    private static readonly MemberId A = new("a:1"), B = new("b:1"), C = new("c:1");
    private readonly LeaderRoute _route = LeaderRoute.None with { Members = [A, B, C] };

    [Fact]
    public void Without_a_leader_the_members_are_asked_in_turn()
    {
        var route = _route;
        foreach (var expected in new[] { A, B, C, A })
        {
            Assert.Equal(expected, route.Target);
            (route, var atOnce) = route.Refused(expected, null);
            Assert.False(atOnce);
        }
    }

    [Fact]
    public void Whoever_refuses_says_where_to_go()
    {
        var (route, atOnce) = _route.Refused(A, C);
        Assert.True(atOnce);
        Assert.Equal(C, route.Target);
        Assert.Equal(C, route.Answered(C).Target);
    }

    [Fact]
    public void Two_that_name_each_other_are_not_believed_for_ever()
    {
        var (route, tries) = (_route, 0);
        while (true)
        {
            var asked = route.Target!.Value;
            (route, var atOnce) = route.Refused(asked, asked == A ? B : A);
            if (!atOnce) break;
            Assert.True(++tries < 10);
        }
        Assert.Null(route.Leader);
    }

    [Fact]
    public void A_leader_that_is_silent_is_left() => Assert.NotEqual(B, _route.Said(B).Silent(B).Target);

    [Fact]
    public void A_leader_that_has_too_much_to_do_is_asked_again() => Assert.Equal((_route.Said(B), false), _route.Said(B).Refused(B, null));

    [Fact]
    public void What_a_former_leader_says_late_changes_nothing() => Assert.Equal((_route.Said(B), true), _route.Said(B).Refused(A, C));
}
