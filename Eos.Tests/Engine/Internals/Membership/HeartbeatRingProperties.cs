using Akka.Cluster;
using FsCheck;
using FsCheck.Fluent;
using static Eos.Tests.Engine.Internals.Membership.Cast;

namespace Eos.Tests.Engine.Internals.Membership;

public class HeartbeatRingProperties
{
    private static Arbitrary<(int Size, int Watchers, int Dead)> Rings =>
        (from size in Gen.Choose(1, 12) from watchers in Gen.Choose(1, 9) from dead in Gen.Choose(0, 1 << 12) select (size, watchers, dead)).ToArbitrary();

    [Fact]
    public void Everybody_is_watched_by_as_many_as_asked_or_by_all() => Check.QuickThrowOnFailure(Prop.ForAll(Rings, r =>
    {
        var ring = Ring(r.Size, r.Watchers, 0);
        return ring.Nodes.All(n => ring.Nodes.Count(w => ring.WatchedBy(w).Contains(n)) >= Math.Min(r.Watchers, r.Size - 1));
    }));

    [Fact]
    public void The_dead_do_not_take_the_place_of_the_living() => Check.QuickThrowOnFailure(Prop.ForAll(Rings, r =>
    {
        var ring = Ring(r.Size, r.Watchers, r.Dead);
        var living = ring.Nodes.Except(ring.Unreachable);
        return living.All(w => ring.WatchedBy(w).Count(living.Contains) >= Math.Min(r.Watchers, living.Count - 1));
    }));

    [Fact]
    public void Nobody_watches_itself() => Check.QuickThrowOnFailure(Prop.ForAll(Rings, r =>
    {
        var ring = Ring(r.Size, r.Watchers, r.Dead);
        return ring.Nodes.All(n => !ring.WatchedBy(n).Contains(n));
    }));

    private static HeartbeatRing Ring(int size, int watchers, int dead) => new(
        Node(1),
        [.. Enumerable.Range(1, size).Select(i => Node(i))],
        [.. Enumerable.Range(1, size).Where(i => (dead >> i & 1) == 1).Select(i => Node(i))],
        watchers);
}
