using Akka.Cluster;
using Akka.Cluster.SBR;
using FsCheck;
using FsCheck.Fluent;
using static Eos.Tests.Engine.Internals.Membership.Cast;

namespace Eos.Tests.Engine.Internals.Membership;

public class SplitBrainTests
{
    [Theory]
    [InlineData(3, "3", Decision.DownUnreachable)]
    [InlineData(3, "2,3", Decision.DownReachable)]
    [InlineData(4, "3,4", Decision.DownUnreachable)]
    [InlineData(4, "1,2", Decision.DownReachable)]
    [InlineData(2, "2", Decision.DownUnreachable)]
    [InlineData(2, "1", Decision.DownReachable)]
    internal void The_majority_stays_and_of_two_halves_the_lowest_address(int size, string missing, Decision expected) =>
        Assert.Equal(expected, new KeepMajority(null).Decide(Picture(size, missing)));

    [Theory]
    [InlineData(3, 2, "3", Decision.DownUnreachable)]
    [InlineData(3, 2, "2,3", Decision.DownReachable)]
    [InlineData(5, 3, "4,5", Decision.DownUnreachable)]
    [InlineData(5, 2, "5", Decision.DownAll)]
    internal void A_quorum_stays_and_a_cluster_with_two_goes(int size, int quorum, string missing, Decision expected) =>
        Assert.Equal(expected, new StaticQuorum(quorum, null).Decide(Picture(size, missing)));

    [Theory]
    [InlineData(3, true, "3", Decision.DownUnreachable)]
    [InlineData(3, true, "2,3", Decision.DownReachable)]
    [InlineData(3, false, "2,3", Decision.DownUnreachable)]
    [InlineData(3, true, "1", Decision.DownUnreachable)]
    [InlineData(3, false, "1", Decision.DownReachable)]
    [InlineData(3, true, "1,2", Decision.DownReachable)]
    [InlineData(2, true, "1", Decision.DownReachable)]
    [InlineData(2, true, "2", Decision.DownUnreachable)]
    internal void The_oldest_stays_unless_it_is_alone(int size, bool downIfAlone, string missing, Decision expected) =>
        Assert.Equal(expected, new KeepOldest(downIfAlone, null).Decide(Picture(size, missing)));

    [Fact]
    public void With_a_lease_the_smaller_side_knows_that_it_has_to_wait()
    {
        var strategy = new LeaseMajority(null);
        Assert.Equal(Decision.AcquireLease, strategy.Decide(Picture(3, "2,3")));
        Assert.True(strategy.IsMinority(Picture(3, "2,3")));
        Assert.False(strategy.IsMinority(Picture(3, "3")));
    }

    [Fact]
    public void Only_members_with_the_role_vote()
    {
        var members = new[] { Up(1, "mgm"), Up(2), Up(3) };
        var picture = new Partition([.. members], [Node(2), Node(3)], Reachability.Empty, []);
        Assert.Equal(Decision.DownUnreachable, new KeepMajority("mgm").Decide(picture));
        Assert.Equal(Decision.DownReachable, new KeepMajority(null).Decide(picture));
    }

    [Fact]
    public void Those_that_are_cut_off_from_some_only_go_and_the_rest_is_judged_without_them()
    {
        // 2 and 3 do not reach each other, everybody else does; 5 is gone
        var seen = Ports(1, 2, 3, 4);
        var reachability = Reachability.Empty.Unreachable(Node(2), Node(3)).Unreachable(Node(3), Node(2)).Unreachable(Node(1), Node(5));
        var picture = new Partition([.. Enumerable.Range(1, 5).Select(i => Up(i))], Ports(2, 3, 5), reachability, seen);
        var strategy = new KeepMajority(null);
        var decision = strategy.Decide(picture);
        Assert.Equal(Decision.DownIndirectlyConnected, decision);
        Assert.Equal([Node(2), Node(3), Node(5)], strategy.Victims(picture, decision).Select(m => m.UniqueAddress));
    }

    [Fact]
    public void Who_is_down_or_exiting_needs_no_decision()
    {
        var members = new[] { Up(1), Is(2, MemberStatus.Down), Is(3, MemberStatus.Exiting) };
        Assert.True(new Partition([.. members], Ports(2, 3), Reachability.Empty, []).IsSettled);
    }

    [Fact]
    public void At_most_one_side_stays() => Check.QuickThrowOnFailure(Prop.ForAll(Clusters, c =>
    {
        var (members, left) = Split(c.Members, c.Left);
        return Strategies(members.Length).All(strategy => !(Stays(strategy, members, left) && Stays(strategy, members, [.. members.Select(m => m.UniqueAddress).Except(left)])));
    }));

    [Fact]
    public void A_side_with_all_members_stays_whole() => Check.QuickThrowOnFailure(Prop.ForAll(Clusters, c =>
    {
        var (members, _) = Split(c.Members, 0);
        var picture = new Partition([.. members], [], Reachability.Empty, []);
        return members.All(m => m.Status != MemberStatus.Up) || new KeepMajority(null).Decide(picture) == Decision.DownUnreachable;
    }));

    private static Arbitrary<(int[] Members, int Left)> Clusters =>
        (from members in Gen.Choose(0, 3).NonEmptyListOf() from left in Gen.Choose(0, 1 << 10) select (members.ToArray(), left)).ToArbitrary();

    private static DowningStrategy[] Strategies(int size) =>
    [
        new KeepMajority(null), new StaticQuorum(Math.Max(1, (size + 1) / 2), null), new KeepOldest(true, null), new KeepOldest(false, null), new DownAllStrategy(),
    ];

    /// <summary>Some members are still joining or already leaving; the bits of <paramref name="left"/> say who stands on the left.</summary>
    private static (Member[] Members, HashSet<UniqueAddress> Left) Split(int[] kinds, int left)
    {
        var members = kinds.Take(10).Select((kind, i) => Is(i + 1, kind switch { 0 => MemberStatus.Joining, 1 => MemberStatus.Leaving, _ => MemberStatus.Up })).ToArray();
        return (members, [.. members.Where((_, i) => (left >> i & 1) == 1).Select(m => m.UniqueAddress)]);
    }

    private static bool Stays(DowningStrategy strategy, Member[] members, HashSet<UniqueAddress> here)
    {
        if (!members.Any(m => here.Contains(m.UniqueAddress))) return false;
        var picture = new Partition([.. members], [.. members.Select(m => m.UniqueAddress).Where(n => !here.Contains(n))], Reachability.Empty, []);
        var victims = strategy.Victims(picture, strategy.Decide(picture)).Select(m => m.UniqueAddress).ToHashSet();
        return members.Any(m => here.Contains(m.UniqueAddress) && m.Status == MemberStatus.Up && !victims.Contains(m.UniqueAddress));
    }

    private static Partition Picture(int size, string missing) =>
        new([.. Enumerable.Range(1, size).Select(i => Up(i))], Ports([.. missing.Split(',').Select(int.Parse)]), Reachability.Empty, []);

    private static System.Collections.Immutable.ImmutableHashSet<UniqueAddress> Ports(params int[] ports) => [.. ports.Select(p => Node(p))];
}
