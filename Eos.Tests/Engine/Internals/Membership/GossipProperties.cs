using Akka.Cluster;
using FsCheck;
using FsCheck.Fluent;
using static Eos.Tests.Engine.Internals.Membership.Cast;

namespace Eos.Tests.Engine.Internals.Membership;

/// <summary>A world of a few nodes that change their views and tell them in any order, with loss.</summary>
public class GossipProperties
{
    private const int Size = 4;

    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(200);

    private static Arbitrary<int[]> Moves => Gen.Choose(0, 1 << 20).ArrayOf().ToArbitrary();

    [Fact]
    public void After_enough_talk_all_members_have_one_view() => Check.One(Thorough, Prop.ForAll(Moves, moves =>
    {
        var world = Run(moves);
        Settle(world);
        var members = Living(world);
        return members.All(v => Same(v.Gossip, members[0].Gossip));
    }));

    [Fact]
    public void What_is_buried_never_comes_back() => Check.One(Thorough, Prop.ForAll(Moves, moves =>
    {
        var world = Start();
        var buried = new HashSet<UniqueAddress>();
        foreach (var move in moves)
        {
            Step(world, move);
            foreach (var view in world)
            {
                buried.UnionWith(view.Gossip.Tombstones.Keys);
                if (view.Gossip.Members.Any(m => view.Gossip.Tombstones.ContainsKey(m.UniqueAddress))) return false;
            }
        }
        Settle(world);
        return Living(world)[0].Gossip.Members.All(m => !buried.Contains(m.UniqueAddress));
    }));

    [Fact]
    public void Two_members_never_get_the_same_age() => Check.One(Thorough, Prop.ForAll(Moves, moves =>
    {
        var world = Run(moves);
        Settle(world);
        return world.All(v => v.Gossip.Members.Where(m => m.UpNumber != int.MaxValue).GroupBy(m => m.UpNumber).All(g => g.Count() == 1));
    }));

    [Fact]
    public void Merging_is_commutative_and_idempotent() => Check.One(Thorough, Prop.ForAll(Moves, moves =>
    {
        var world = Run(moves);
        return world.All(a => world.All(b => Same(a.Gossip.Merge(b.Gossip), b.Gossip.Merge(a.Gossip)) && Same(a.Gossip.Merge(a.Gossip), a.Gossip)));
    }));

    [Fact]
    public void A_merged_version_is_not_before_either() => Check.One(Thorough, Prop.ForAll(Moves, moves =>
    {
        var world = Run(moves);
        return world.All(a => world.All(b =>
        {
            var merged = a.Gossip.Version.Merge(b.Gossip.Version);
            return merged.CompareTo(a.Gossip.Version) is Ordering.After or Ordering.Same && merged.CompareTo(b.Gossip.Version) is Ordering.After or Ordering.Same;
        }));
    }));

    [Fact]
    public void A_version_is_as_far_from_another_as_that_from_it() => Check.One(Thorough, Prop.ForAll(Moves, moves =>
    {
        var world = Run(moves);
        return world.All(a => world.All(b => (a.Gossip.Version.CompareTo(b.Gossip.Version), b.Gossip.Version.CompareTo(a.Gossip.Version)) is
            (Ordering.After, Ordering.Before) or (Ordering.Before, Ordering.After) or (Ordering.Same, Ordering.Same) or (Ordering.Concurrent, Ordering.Concurrent)));
    }));

    /// <summary>Node 4 downs 3 and tells only 2, while node 1 removes 4: then 2 and 3 have the same version, since no change of 4 counts any more.</summary>
    [Fact]
    public void What_a_removed_node_had_told_only_one_reaches_all()
    {
        var world = Start();
        world[3] = MembershipRules.Down(world[3], Node(3));
        Talk(world, 3, 1);
        world[2] = MembershipRules.Reap(MembershipRules.Reap(world[2], a => a.Port != 2), _ => true);
        Talk(world, 2, 1);
        world[0] = MembershipRules.Reap(MembershipRules.Down(world[0], Node(4)), a => a.Port != 4);
        Lead(world, 0, 0);
        Talk(world, 0, 1);
        Talk(world, 0, 2);
        Assert.Equal(Ordering.Same, world[1].Gossip.Version.CompareTo(world[2].Gossip.Version));
        Assert.NotEqual(world[1].StatusOf(3), world[2].StatusOf(3));
        Settle(world);
        Assert.All(world[..3], view => Assert.Equal(MemberStatus.Down, view.StatusOf(3)));
    }

    private static Akka.Cluster.Membership[] Run(int[] moves)
    {
        var world = Start();
        foreach (var move in moves) Step(world, move);
        return world;
    }

    /// <summary>Node 1 has founded a cluster and everybody joined it.</summary>
    private static Akka.Cluster.Membership[] Start()
    {
        var first = MembershipRules.Lead(MembershipRules.Join(new Akka.Cluster.Membership(Node(1)), Node(1), []).Next, Quota(), 0);
        for (var i = 2; i <= Size; i++) first = MembershipRules.Join(first, Node(i), []).Next;
        return [first, .. Enumerable.Range(2, Size - 1).Select(i => new Akka.Cluster.Membership(Node(i), first.Gossip.MarkSeen(Node(i)), []))];
    }

    private static void Step(Akka.Cluster.Membership[] world, int move)
    {
        var (who, whom, what) = (move % Size, move / Size % Size, move / Size / Size % 10);
        var view = world[who];
        if (view.SelfMember is null) return;
        switch (what)
        {
            case < 5:
                Talk(world, who, whom);
                break;
            case 5:
                world[who] = MembershipRules.Reap(view, a => a.Port != whom + 1);
                break;
            case 6:
                world[who] = MembershipRules.Reap(view, _ => true);
                break;
            case 7 when whom != who && whom > 1:
                // nobody downs the first two, so that somebody stays
                world[who] = MembershipRules.Down(view, Node(whom + 1));
                break;
            case 8 when whom > 1:
                world[who] = MembershipRules.Leave(view, Node(whom + 1).Address);
                break;
            default:
                Lead(world, who, move);
                break;
        }
    }

    private static void Lead(Akka.Cluster.Membership[] world, int who, long now)
    {
        var view = world[who];
        if (view is { IsLeader: true, IsConverged: true, SelfMember.Status: not (MemberStatus.Down or MemberStatus.Exiting) }) world[who] = MembershipRules.Lead(view, Quota(), now);
    }

    private static void Talk(Akka.Cluster.Membership[] world, int from, int to)
    {
        if (from == to || !world[from].Gossip.Has(Node(to + 1)) || !world[to].Gossip.Has(Node(from + 1)) || world[to].SelfMember is null) return;
        world[to] = MembershipRules.Receive(world[to], world[from].Gossip).Next;
    }

    /// <summary>All talk to all, everybody is reached again, and the leader acts, until nothing moves.</summary>
    private static void Settle(Akka.Cluster.Membership[] world)
    {
        for (var round = 0; round < 12; round++)
        {
            for (var i = 0; i < Size; i++)
            {
                if (world[i].SelfMember is not null) world[i] = MembershipRules.Reap(world[i], _ => true);
            }
            for (var i = 0; i < Size * Size; i++) Talk(world, i / Size, i % Size);
            for (var i = 0; i < Size * Size; i++) Talk(world, i / Size, i % Size);
            if (round < 4) for (var i = 0; i < Size; i++) Lead(world, i, round);
        }
    }

    /// <summary>Those that nobody has downed or removed; one that was removed may not know it.</summary>
    private static List<Akka.Cluster.Membership> Living(Akka.Cluster.Membership[] world)
    {
        var buried = world.SelectMany(v => v.Gossip.Tombstones.Keys).ToHashSet();
        return [.. world.Where(v => !buried.Contains(v.Self) && v.SelfMember is { Status: not MemberStatus.Down })];
    }

    private static bool Same(Gossip a, Gossip b) =>
        a.Agrees(b)
        && a.Version.CompareTo(b.Version) == Ordering.Same;
}
