using System.Collections.Immutable;
using Eos.Master;
using Xunit;

namespace Eos.Tests.Unit.Master;

public sealed class CutRulesTests
{
    private static readonly Incarnation A = new("a:1", 1), B = new("b:1", 2), C = new("c:1", 3), D = new("d:1", 4), E = new("e:1", 5);
    private static readonly ImmutableHashSet<Incarnation> All = [A, B, C, D, E];

    private static ClusterRoll Roll(IEnumerable<Incarnation> members, params Cut[] cuts)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        values["cluster.founded"] = "7";
        foreach (var m in members) values[$"cluster.member.{m.Place}"] = new Enrolment(m, 7, "qdb", m.Place).ToString();
        foreach (var from in cuts.GroupBy(cut => cut.From)) values[$"cluster.cut.{from.Key.Place}"] = Cut.Text(from.Key, from.Select(cut => cut.To));
        return ClusterRoll.Of(9, values.ToImmutable());
    }

    [Fact]
    public void Nobody_goes_while_all_hear_each_other() => Assert.Null(CutRules.Leaver(Roll(All), All, A));

    [Fact]
    public void Of_two_the_last_by_name_goes_whoever_says_so()
    {
        Assert.Equal(B, CutRules.Leaver(Roll(All, new Cut(A, B)), All, C));
        Assert.Equal(B, CutRules.Leaver(Roll(All, new Cut(B, A)), All, C));
        Assert.Equal(B, CutRules.Leaver(Roll(All, new Cut(A, B), new Cut(B, A)), All, null));
    }

    [Fact]
    public void The_master_stays() => Assert.Equal(A, CutRules.Leaver(Roll(All, new Cut(A, B)), All, B));

    [Fact]
    public void Who_is_cut_from_most_goes_even_as_master() =>
        Assert.Equal(A, CutRules.Leaver(Roll(All, new Cut(A, D), new Cut(E, A), new Cut(B, A)), All, A));

    [Fact]
    public void Who_has_not_enrolled_goes_before_a_member() => Assert.Equal(A, CutRules.Leaver(Roll([B, C], new Cut(B, A), new Cut(B, C)), All, null));

    [Fact]
    public void Who_has_no_session_is_over_anyway() => Assert.Null(CutRules.Leaver(Roll(All, new Cut(A, B)), All.Remove(B), null));

    [Fact]
    public void Once_one_has_said_that_it_goes_the_other_stays()
    {
        var roll = Roll(All, new Cut(A, B), new Cut(C, D));
        Assert.Equal(D, CutRules.Leaver(roll, All, null));
        Assert.Equal(B, CutRules.Leaver(roll with { Leavers = [D] }, All, null));
        Assert.Null(CutRules.Leaver(roll with { Leavers = [D, B] }, All, null));
    }

    [Fact]
    public void What_a_node_does_not_hear_is_read_as_it_was_written()
    {
        Assert.Equal(new[] { new Cut(A, B), new Cut(A, C) }, Roll(All, new Cut(A, C), new Cut(A, B)).Cuts.ToArray());
        Assert.Empty(Cut.Parse("a:1", "no number"));
    }

    [Fact]
    public void An_earlier_incarnation_that_said_so_does_not_count() => Assert.Null(CutRules.Leaver(Roll(All, new Cut(A with { Uid = 99 }, B)), All, null));

    [Fact]
    public void Silence_is_counted_in_looks()
    {
        var contacts = Contacts.None.Ask(["a", "b"]).Hear("a");
        Assert.True(contacts.Answers("a", 2));
        Assert.False(contacts.Answers("b", 2));
        contacts = contacts.Ask(["a", "b"]).Ask(["a", "b"]);
        Assert.False(contacts.Answers("a", 2));
        Assert.True(contacts.IsSilent("a", 2));
        Assert.True(contacts.Hear("a").Answers("a", 2));
        Assert.False(contacts.Ask(["b"]).IsSilent("a", 2));
    }
}
