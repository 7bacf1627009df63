using System.Collections.Immutable;
using Eos.Master;
using Xunit;
using static Eos.Kv.SystemProtocol;

namespace Eos.Tests.Unit.Master;

public sealed class MasterRulesTests
{
    private static readonly MasterSettings Settings = new(TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(2), 100, 0.01);
    private static readonly ImmutableSortedSet<string> Everyone = ["a", "b", "c"];

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static MasterInput.Looked Free(string wanted = "", bool failover = true, string last = "") => new("", new MasterWishes(wanted, failover, last), Everyone);

    private static (MasterState State, ImmutableArray<MasterEffect> Effects) Next(MasterState s, MasterInput input, double now) => MasterRules.Next(s, input, "a", At(now), Settings);

    private static MasterState Master() => Next(Next(MasterState.Start, Free(), 0).State, new MasterInput.Granted(7, At(0)), 0.1).State;

    [Fact]
    public void A_standby_takes_a_free_role_and_starts_its_services_with_the_token_of_the_grant()
    {
        var asking = Next(MasterState.Start, Free(), 0);
        Assert.IsType<MasterEffect.Acquire>(Assert.Single(asking.Effects));
        var (state, effects) = Next(asking.State, new MasterInput.Granted(7, At(0)), 0.1);
        Assert.Equal(MasterPhase.Master, state.Phase);
        Assert.Equal(7ul, effects.OfType<MasterEffect.StartServices>().Single().Token);
        Assert.Contains("token 7", effects.OfType<MasterEffect.Record>().Single().Text);
    }

    [Fact]
    public void A_standby_leaves_a_role_that_is_held_alone() =>
        Assert.Empty(Next(MasterState.Start, new MasterInput.Looked("b", MasterWishes.None, Everyone), 0).Effects);

    [Fact]
    public void A_grant_that_comes_too_late_is_given_back()
    {
        var asking = Next(MasterState.Start, Free(), 0).State;
        var (state, effects) = Next(asking, new MasterInput.Granted(7, At(0)), 9.95);
        Assert.Equal(MasterState.Start, state);
        Assert.Equal(new MasterEffect.GiveBack(7), Assert.Single(effects));
    }

    [Fact]
    public void The_lease_is_renewed_at_half_time_and_the_renewal_is_repeated_until_it_is_answered()
    {
        var master = Master();
        Assert.Empty(Next(master, new MasterInput.Tick(), 4.8).Effects);
        var (asked, effects) = Next(master, new MasterInput.Tick(), 5);
        Assert.Equal(new MasterEffect.Renew(7), Assert.Single(effects));
        Assert.Empty(Next(asked, new MasterInput.Tick(), 5.4).Effects);
        Assert.Equal(new MasterEffect.Renew(7), Assert.Single(Next(asked, new MasterInput.Tick(), 5.5).Effects));
        var renewed = Next(asked, new MasterInput.Granted(7, At(5)), 5.6).State;
        Assert.Equal(At(5) + TimeSpan.FromSeconds(9.9), renewed.Until);
        Assert.Empty(Next(renewed, new MasterInput.Tick(), 9).Effects);
    }

    [Fact]
    public void A_master_without_renewal_stops_its_services_before_the_lease_is_over_for_others()
    {
        var (state, effects) = Next(Master(), new MasterInput.Tick(), 9.9);
        Assert.Equal(MasterPhase.Yielding, state.Phase);
        Assert.IsType<MasterEffect.StopServices>(effects[0]);
        var (ended, nothing) = Next(state, new MasterInput.ServicesStopped(), 10);
        Assert.Equal(MasterState.Start, ended);
        Assert.Empty(nothing);
    }

    [Fact]
    public void A_master_whose_lease_is_another_s_stops_at_once() =>
        Assert.IsType<MasterEffect.StopServices>(Next(Master(), new MasterInput.NotGranted(), 6).Effects[0]);

    [Fact]
    public void A_master_whose_session_is_over_stops_at_once_and_has_nothing_to_give_back()
    {
        var (state, effects) = Next(Master(), new MasterInput.SessionLost(), 1);
        Assert.IsType<MasterEffect.StopServices>(effects[0]);
        Assert.Empty(Next(state, new MasterInput.ServicesStopped(), 1.1).Effects);
        Assert.Empty(Next(MasterState.Start, new MasterInput.SessionLost(), 1).Effects);
    }

    [Fact]
    public void Whoever_has_the_lease_has_the_role_while_its_session_holds()
    {
        var (node, other) = (new Incarnation("a:1", 5), new Incarnation("a:1", 6));
        var row = new LeaseRow("master", node.ToString(), 7, At(1));
        var sessions = ImmutableDictionary<Incarnation, TimeSpan>.Empty.Add(node, At(1));
        Assert.Equal(row, MasterRules.RoleOf([row with { Name = "master-x" }, row], sessions));
        Assert.Null(MasterRules.RoleOf([row with { Remaining = TimeSpan.Zero }], sessions));
        Assert.Null(MasterRules.RoleOf([row], sessions.Remove(node).Add(other, At(1))));
        Assert.Null(MasterRules.RoleOf([row with { Holder = "nobody's name" }], sessions));
    }

    [Fact]
    public void A_master_gives_the_role_to_the_node_that_is_wanted_once_its_services_have_ended()
    {
        var (yielding, effects) = Next(Master(), new MasterInput.Looked("a", new MasterWishes("b", true, "a"), Everyone), 1);
        Assert.IsType<MasterEffect.StopServices>(effects[0]);
        Assert.DoesNotContain(effects, e => e is MasterEffect.GiveBack);
        var (state, after) = Next(yielding, new MasterInput.ServicesStopped(), 1.1);
        Assert.Equal(new MasterEffect.GiveBack(7), Assert.Single(after));
        Assert.Equal(MasterState.Start, state);
    }

    [Fact]
    public void A_master_settles_what_was_wanted_and_that_it_was_the_last_until_it_stands_so()
    {
        Assert.IsType<MasterEffect.Settle>(Assert.Single(Next(Master(), new MasterInput.Looked("a", new MasterWishes("a", true, "a"), Everyone), 1).Effects));
        Assert.IsType<MasterEffect.Settle>(Assert.Single(Next(Master(), new MasterInput.Looked("a", new MasterWishes("", true, "b"), Everyone), 1).Effects));
        Assert.Empty(Next(Master(), new MasterInput.Looked("a", new MasterWishes("", true, "a"), Everyone), 1).Effects);
    }

    [Fact]
    public void A_wanted_node_that_does_not_live_does_not_get_the_role()
    {
        Assert.IsType<MasterEffect.Settle>(Assert.Single(Next(Master(), new MasterInput.Looked("a", new MasterWishes("gone", true, "a"), Everyone), 1).Effects));
        Assert.NotEmpty(Next(MasterState.Start, Free(wanted: "gone"), 1).Effects);
    }

    [Fact]
    public void Others_leave_a_free_role_to_the_node_that_is_wanted()
    {
        Assert.Empty(Next(MasterState.Start, Free(wanted: "b"), 1).Effects);
        Assert.NotEmpty(Next(MasterState.Start, Free(wanted: "a"), 1).Effects);
    }

    [Fact]
    public void Without_failover_only_the_last_master_or_the_wanted_node_takes_the_role()
    {
        Assert.Empty(Next(MasterState.Start, Free(failover: false, last: "b"), 1).Effects);
        Assert.NotEmpty(Next(MasterState.Start, Free(failover: false, last: "a"), 1).Effects);
        Assert.NotEmpty(Next(MasterState.Start, Free(wanted: "a", failover: false, last: "b"), 1).Effects);
        Assert.NotEmpty(Next(MasterState.Start, Free(failover: false), 1).Effects);
    }

    [Fact]
    public void A_node_that_stops_ends_its_services_gives_the_role_back_and_takes_it_no_more()
    {
        var (yielding, effects) = Next(Master(), new MasterInput.Leave(), 1);
        Assert.Contains(new MasterEffect.StopServices(), effects);
        var (left, back) = Next(yielding, new MasterInput.ServicesStopped(), 1.1);
        Assert.Equal(new MasterEffect.GiveBack(7), Assert.Single(back));
        Assert.Empty(Next(left, Free(), 2).Effects);
        Assert.Empty(Next(left, Free(wanted: "a"), 2).Effects);
    }

    [Fact]
    public void A_grant_that_comes_while_the_node_stops_is_given_back()
    {
        var asking = Next(MasterState.Start, Free(), 0).State;
        var (stopping, none) = Next(asking, new MasterInput.Leave(), 0.1);
        Assert.Empty(none);
        Assert.Equal(new MasterEffect.GiveBack(7), Assert.Single(Next(stopping, new MasterInput.Granted(7, At(0)), 0.2).Effects));
        Assert.Empty(Next(Next(stopping, new MasterInput.NotGranted(), 0.2).State, Free(), 1).Effects);
    }
}
