using Eos.Journal;
using Eos.Raft;

namespace Eos.Tests.Unit.Journal;

public class LeaderRouteTests
{
    private static readonly MemberId A = new("a:1"), B = new("b:1"), C = new("c:1");
    private readonly LeaderRoute _route = LeaderRoute.None with { Members = [A, B, C] };
    private readonly LeaderRoute _own = LeaderRoute.None with { Members = [A, B, C], Own = A };

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
    public void A_leader_that_is_silent_is_left() => Assert.NotEqual(B, _route.Answered(B).Silent(B).Target);

    /// <summary>It may be slow; if it is lost, the own member soon says so.</summary>
    [Fact]
    public void A_silent_leader_whom_the_own_member_hears_is_asked_again_and_left_in_the_end()
    {
        var route = _own.Said(B).Silent(B);
        Assert.Equal(B, route.Target);
        for (var i = 0; i < 1000 && route.Target == B; i++) route = route.Silent(B);
        Assert.NotEqual(B, route.Target);
    }

    [Fact]
    public void When_the_own_member_hears_no_leader_it_is_asked_until_it_does()
    {
        var route = _own.Said(B).Said(null);
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(A, route.Target);
            (route, var atOnce) = route.Refused(A, null);
            Assert.False(atOnce);
        }
        Assert.Equal(C, route.Said(C).Target);
    }

    /// <summary>It may be cut off, or be no member any more.</summary>
    [Fact]
    public void An_own_member_that_never_hears_of_a_leader_is_passed_over()
    {
        var route = _own.Said(null);
        for (var i = 0; i < 1000 && route.Target == A; i++) (route, _) = route.Refused(A, null);
        Assert.Equal(B, route.Target);
    }

    [Fact]
    public void A_leader_that_has_too_much_to_do_is_asked_again() => Assert.Equal((_route.Said(B), false), _route.Said(B).Refused(B, null));

    [Fact]
    public void What_a_former_leader_says_late_changes_nothing() => Assert.Equal((_route.Said(B), true), _route.Said(B).Refused(A, C));
}
