using System.Collections.Immutable;
using Akka.Cluster;
using static Eos.Tests.Engine.Internals.Membership.Cast;

namespace Eos.Tests.Engine.Internals.Membership;

public class LeaderTests
{
    private const MemberStatus Joining = MemberStatus.Joining;
    private const MemberStatus Leaving = MemberStatus.Leaving;
    private const MemberStatus Exiting = MemberStatus.Exiting;
    private const MemberStatus Down = MemberStatus.Down;

    [Fact]
    public void The_first_that_joins_leads_itself_up()
    {
        var (view, verdict) = MembershipRules.Join(new Akka.Cluster.Membership(Node(1)), Node(1), []);
        Assert.Equal(Admission.Admitted, verdict);
        var led = MembershipRules.Lead(view, Quota(), 0);
        Assert.True(view.IsLeader);
        Assert.Equal(MemberStatus.Up, led.StatusOf(1));
        Assert.Equal(1, led.SelfMember!.UpNumber);
    }

    [Fact]
    public void The_leader_is_the_first_address_of_those_that_are_up_and_not_missed()
    {
        var view = View(3, Is(1, Joining), Up(2), Up(3));
        Assert.Equal(Node(2), view.Leader!.UniqueAddress);
        Assert.Equal(Node(3), view.Missing(3, 2).Leader!.UniqueAddress);
    }

    [Fact]
    public void Self_may_lead_although_others_miss_it() =>
        Assert.Equal(Node(1), View(1, Up(1), Up(2)).Missing(2, 1).Leader!.UniqueAddress);

    [Fact]
    public void A_role_has_its_own_leader()
    {
        var view = View(1, Up(1, "mgm"), Up(2, "mgm", "fst"), Up(3, "fst"));
        Assert.Equal(Node(2), view.RoleLeader("fst")!.UniqueAddress);
        Assert.Null(view.RoleLeader("qdb"));
    }

    [Fact]
    public void Nobody_moves_while_a_member_is_missed_or_has_not_seen_the_view()
    {
        var view = View(1, Up(1), Up(2), Is(3, Joining));
        Assert.True(view.IsConverged);
        Assert.False(view.Missing(1, 2).IsConverged);
        Assert.False((view with { Gossip = view.Gossip with { Seen = [Node(1)] } }).IsConverged);
        Assert.True((view with { Gossip = view.Gossip with { Seen = [Node(1), Node(2)] } }).IsConverged);
    }

    [Fact]
    public void Whom_a_downed_member_misses_does_not_count()
    {
        var view = View(1, Up(1), Up(2), Is(3, Down)).Missing(3, 2);
        Assert.True(view.IsConverged);
        Assert.Empty(view.UnreachableMembers);
    }

    [Fact]
    public void Joining_members_get_ascending_numbers_after_the_youngest()
    {
        var led = MembershipRules.Lead(View(1, Is(1, MemberStatus.Up, 7), Is(2, Joining), Is(3, Joining)), Quota(), 0);
        Assert.Equal([7, 8, 9], led.Gossip.Members.Select(m => m.UpNumber));
        Assert.True(led.Gossip.Find(Node(2))!.IsOlderThan(led.Gossip.Find(Node(3))!));
    }

    [Fact]
    public void Nobody_becomes_up_before_there_are_enough()
    {
        var view = View(1, Is(1, Joining, null, "mgm"), Is(2, Joining));
        Assert.Same(view, MembershipRules.Lead(view, Quota(3), 0));
        Assert.Same(view, MembershipRules.Lead(view, new Quota(1, ImmutableDictionary<string, int>.Empty.Add("mgm", 2)), 0));
        Assert.Equal(MemberStatus.Up, MembershipRules.Lead(view, Quota(2), 0).StatusOf(2));
    }

    [Fact]
    public void A_leaving_member_exits_and_goes_when_it_says_so_or_is_missed()
    {
        var exiting = MembershipRules.Lead(View(1, Up(1), Is(2, Leaving)), Quota(), 0);
        Assert.Equal(Exiting, exiting.StatusOf(2));
        Assert.Same(exiting, MembershipRules.Lead(exiting, Quota(), 0));
        Assert.Null(MembershipRules.Lead(exiting with { ExitingConfirmed = [Node(2)] }, Quota(), 0).StatusOf(2));
        Assert.Null(MembershipRules.Lead(exiting.Missing(1, 2), Quota(), 0).StatusOf(2));
    }

    [Fact]
    public void A_downed_member_goes_when_it_is_missed_and_leaves_a_tombstone()
    {
        var view = View(1, Up(1), Is(2, Down));
        Assert.Same(view, MembershipRules.Lead(view, Quota(), 0));
        var led = MembershipRules.Lead(view.Missing(1, 2), Quota(), 42);
        Assert.Null(led.StatusOf(2));
        Assert.Equal(42, led.Gossip.Tombstones[Node(2)]);
        Assert.True(led.Gossip.Reachability.IsAllReachable);
        Assert.Equal(Admission.Buried, MembershipRules.Join(led, Node(2), []).Verdict);
        Assert.Equal(Admission.Admitted, MembershipRules.Join(led, Node(2, uid: 2), []).Verdict);
    }

    [Fact]
    public void Without_convergence_members_that_are_reached_may_work()
    {
        var view = View(1, Up(1), Up(2), Is(3, Joining), Is(4, Joining)).Missing(1, 2, 4);
        var led = MembershipRules.LetWork(view, Quota());
        Assert.Equal(MemberStatus.WeaklyUp, led.StatusOf(3));
        Assert.Equal(Joining, led.StatusOf(4));
    }

    [Fact]
    public void A_new_incarnation_downs_the_old_one_and_is_let_in_after_its_removal()
    {
        var view = View(1, Up(1), Up(2));
        var (next, verdict) = MembershipRules.Join(view, Node(2, uid: 9), []);
        Assert.Equal(Admission.Replaces, verdict);
        Assert.Equal(Down, next.StatusOf(2));
        Assert.True(next.IsConverged);
        var led = MembershipRules.Lead(next, Quota(), 0);
        Assert.Null(led.StatusOf(2));
        Assert.Equal(Admission.Admitted, MembershipRules.Join(led, Node(2, uid: 9), []).Verdict);
    }

    [Fact]
    public void A_member_takes_no_step_back()
    {
        Assert.Throws<InvalidOperationException>(() => Up(1).Copy(Joining));
        Assert.Throws<InvalidOperationException>(() => Is(1, Down).Copy(MemberStatus.Up));
        Assert.Throws<InvalidOperationException>(() => Up(1).Copy(Exiting));
        Assert.Equal(Down, Is(1, Exiting).Copy(Down).Status);
    }
}
