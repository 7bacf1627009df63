using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;

namespace Eos.Tests.Engine.Internals.Membership;

/// <summary>Nodes and views for the tests of the membership rules.</summary>
internal static class Cast
{
    public static UniqueAddress Node(int port, int uid = 1) => new(new Address("akka.tcp", "sys", "127.0.0.1", port), uid);

    public static Member Is(int port, MemberStatus status, int? upNumber = null, params string[] roles) =>
        Member.Of(Node(port), upNumber ?? (status is MemberStatus.Joining or MemberStatus.WeaklyUp ? int.MaxValue : port), status, [.. roles]);

    public static Member Up(int port, params string[] roles) => Is(port, MemberStatus.Up, null, roles);

    public static Akka.Cluster.Membership View(int self, params Member[] members)
    {
        var gossip = Gossip.Empty with { Members = [.. members], Seen = [.. members.Select(m => m.UniqueAddress)] };
        return new Akka.Cluster.Membership(Node(self), gossip with { Version = VectorClock.Empty.Increment(Node(self)) }, []);
    }

    public static Quota Quota(int least = 1) => new(least, ImmutableDictionary<string, int>.Empty);

    public static MemberStatus? StatusOf(this Akka.Cluster.Membership view, int port) => view.Gossip.Find(Node(port))?.Status;

    public static Akka.Cluster.Membership Missing(this Akka.Cluster.Membership view, int observer, params int[] subjects) => view with
    {
        Gossip = view.Gossip with
        {
            Reachability = subjects.Aggregate(view.Gossip.Reachability, (r, s) => r.Unreachable(Node(observer), Node(s))),
        },
    };
}
