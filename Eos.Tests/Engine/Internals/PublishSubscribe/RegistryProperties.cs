using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.PublishSubscribe;
using FsCheck;
using FsCheck.Fluent;

namespace Eos.Tests.Engine.Internals.PublishSubscribe;

/// <summary>Registries of several nodes that change and gossip in any order.</summary>
public class RegistryProperties
{
    private static readonly UniqueAddress[] Nodes = [.. Enumerable.Range(0, 3).Select(i => new UniqueAddress(new Address("akka.tcp", "s", "h", 1000 + i), i))];

    /// <summary>A step: node <c>At</c> sets or removes a key, or tells node <c>To</c> what that one lacks, in a message of few changes that may come twice.</summary>
    private sealed record Step(int At, int To, int Key, bool Present, bool Gossip, int Limit, bool Twice);

    private static readonly Arbitrary<Step[]> Steps =
        (from at in Gen.Choose(0, 2)
         from to in Gen.Choose(0, 2)
         from key in Gen.Choose(0, 4)
         from present in Gen.Elements(true, true, false)
         from gossip in Gen.Elements(true, false)
         from limit in Gen.Choose(1, 3)
         from twice in Gen.Elements(true, false)
         select new Step(at, to, key, present, gossip, limit, twice)).ArrayOf().ToArbitrary();

    [Fact]
    public void After_enough_gossip_all_nodes_know_what_each_registered_last() => Check.QuickThrowOnFailure(Prop.ForAll(Steps, steps =>
    {
        var registries = Enumerable.Repeat(Registry.Empty, 3).ToArray();
        var truth = new HashSet<(int Node, Key Key)>();
        foreach (var (step, time) in steps.Select((s, i) => (s, i)))
            if (step.Gossip) Tell(registries, step.At, step.To, step.Limit, step.Twice);
            else Change(registries, truth, step, time);

        for (var round = 0; round < 40; round++)
            foreach (var (from, to) in Pairs()) Tell(registries, from, to, limit: 2, twice: false);

        return registries.All(r => Enumerable.Range(0, 3).All(n => Keys().All(k => r.Has(Nodes[n], k) == truth.Contains((n, k)))));
    }));

    [Fact]
    public void A_delta_that_begins_too_late_changes_nothing() => Check.QuickThrowOnFailure(Prop.ForAll(Steps, steps =>
    {
        var registries = Enumerable.Repeat(Registry.Empty, 3).ToArray();
        foreach (var (step, time) in steps.Select((s, i) => (s, i))) Change(registries, [], step, time);
        var late = registries[0].DeltaFor(ImmutableDictionary<UniqueAddress, long>.Empty.Add(Nodes[0], registries[0].VersionOf(Nodes[0]) - 1), 10)
            .Where(d => d.Since > 0).ToList();
        return registries[1].Forget(Nodes[0]).Merge(late, _ => true).VersionOf(Nodes[0]) == 0;
    }));

    [Fact]
    public void A_node_that_is_not_known_is_not_learned_of()
    {
        var there = Registry.Empty.Set(Nodes[0], Key.Path("/user/a"), true, 1);
        var delta = there.DeltaFor(ImmutableDictionary<UniqueAddress, long>.Empty, 10);
        Assert.Empty(Registry.Empty.Merge(delta, _ => false).Buckets);
        Assert.Equal([Nodes[0]], Registry.Empty.Merge(delta, _ => true).OwnersOf(Key.Path("/user/a")));
    }

    [Fact]
    public void Old_removals_are_dropped_and_what_is_present_stays()
    {
        var (gone, stays) = (Key.Of("gone", null), Key.Of("stays", "group"));
        var registry = Registry.Empty.Set(Nodes[0], gone, true, 1).Set(Nodes[0], stays, true, 2).Set(Nodes[0], gone, false, 3);
        Assert.Equal(2, registry.Prune(100).Buckets[Nodes[0]].Entries.Count);
        var later = registry.Set(Nodes[0], Key.Path("/user/a"), true, 1000).Prune(100);
        Assert.Equal([Key.Path("/user/a"), stays], later.Buckets[Nodes[0]].Entries.Keys.OrderByDescending(k => k.Kind));
    }

    private static void Change(Registry[] registries, HashSet<(int, Key)> truth, Step step, int time)
    {
        var key = Keys().ElementAt(step.Key);
        registries[step.At] = registries[step.At].Set(Nodes[step.At], key, step.Present, time / 2);
        if (step.Present) truth.Add((step.At, key));
        else truth.Remove((step.At, key));
    }

    private static void Tell(Registry[] registries, int from, int to, int limit, bool twice)
    {
        var delta = registries[from].DeltaFor(registries[to].Versions, limit);
        for (var i = 0; i < (twice ? 2 : 1); i++) registries[to] = registries[to].Merge(delta, _ => true);
    }

    private static IEnumerable<Key> Keys() =>
        [Key.Of("a", null), Key.Of("b", null), Key.Of("a", "g"), Key.Path("/user/a"), Key.Path("/user/b")];

    private static IEnumerable<(int, int)> Pairs() => from a in Enumerable.Range(0, 3) from b in Enumerable.Range(0, 3) where a != b select (a, b);
}
