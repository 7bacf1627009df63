using Eos.Raft;

namespace Eos.Tests.Unit.Raft;

public class MemberTraceTests
{
    private static readonly MemberId A = new("a:1"), B = new("b:1");
    private static readonly MemberTrace Before = Of("one", 4, 7, 6, 100);

    [Fact]
    public void Files_that_have_come_to_more_are_the_same_ones()
    {
        Assert.Null(Before.Against(Before));
        Assert.Null(Of("one", 4, 7, 6, 101).Against(Before));
        Assert.Null(Of("one", 4, 8, 7, 90).Against(Before));
        Assert.Null(Of("one", 5, 7, 7, 1).Against(Before));
    }

    [Theory]
    [InlineData("two", 4, 7, 6, 100, "not the one that it had")]
    [InlineData("two", 0, 0, 0, 0, "not the one that it had")]
    [InlineData("one", 4, 6, 6, 100, "term 6")]
    [InlineData("one", 4, 7, 6, 99, "entry 99")]
    [InlineData("one", 9, 8, 5, 300, "entry 300")]
    public void Files_that_have_come_to_less_or_are_others_are_noticed_with_the_cure(string folder, ulong epoch, ulong term, ulong lastTerm, ulong last, string says)
    {
        var why = Of(folder, epoch, term, lastTerm, last).Against(Before);
        Assert.Contains(says, why, StringComparison.Ordinal);
        Assert.Contains("raft-remove-member", why, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_folder_with_a_newer_membership_came_by_being_added_anew() => Assert.Null(Of("two", 5, 1, 1, 1).Against(Before));

    [Fact]
    public void What_changes_seldom_is_stored_and_who_is_removed_is_forgotten()
    {
        var stored = new List<(MemberId, MemberTrace?)>();
        var traces = new MemberTraces([KeyValuePair.Create(A, Before)], (m, t) => stored.Add((m, t)));
        traces.Learn(A, Before with { Last = new LogPosition(new Term(7), new LogIndex(500)) }, epoch: 4);
        Assert.Empty(stored);
        Assert.Equal(500ul, traces.Of(A)!.Last.Index.Value);
        traces.Learn(A, Before with { Term = new Term(9), Epoch = 0 }, epoch: 4);
        traces.Learn(B, Before, epoch: 6);
        Assert.Equal([(A, Before with { Term = new Term(9) }), (B, Before with { Epoch = 6 })], stored);
        traces.Keep(Membership.Of([B]));
        Assert.Equal((A, null), stored[^1]);
        Assert.Null(traces.Of(A));
        Assert.NotNull(traces.Of(B));
    }

    private static MemberTrace Of(string folder, ulong epoch, ulong term, ulong lastTerm, ulong last) =>
        new(folder, epoch, new Term(term), new LogPosition(new Term(lastTerm), new LogIndex(last)));
}
