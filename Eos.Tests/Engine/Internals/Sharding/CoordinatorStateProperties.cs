using Akka.Actor;
using Akka.Cluster.Sharding;
using FsCheck;
using FsCheck.Fluent;

namespace Eos.Tests.Engine.Internals.Sharding;

/// <summary>The coordinator's fold and the bytes in which its events and snapshots are stored.</summary>
public sealed class CoordinatorStateProperties : IDisposable
{
    private readonly ActorSystem system = ActorSystem.Create("coordinator", "akka { loglevel = OFF \n stdout-loglevel = OFF }");
    private readonly IActorRef[] actors;

    public CoordinatorStateProperties() => actors = [.. Enumerable.Range(0, 4).Select(i => system.ActorOf(Props.Create(() => new Nothing()), $"region{i}"))];

    public void Dispose() => system.Dispose();

    private Arbitrary<ICoordinatorEvent[]> Events =>
        (from kind in Gen.Choose(0, 5)
         from actor in Gen.Elements(actors)
         from shard in Gen.Choose(0, 9)
         select Event(kind, actor, $"{shard}")).ArrayOf().ToArbitrary();

    [Fact]
    public void Homes_and_regions_always_say_the_same() => Check.QuickThrowOnFailure(Prop.ForAll(Events, events =>
        Steps(events).All(s =>
            s.Homes.All(h => s.Regions[h.Value].Contains(h.Key)) &&
            s.Regions.Sum(r => r.Value.Count) == s.Homes.Count &&
            s.Regions.All(r => r.Value.All(shard => s.Homes[shard].Equals(r.Key))))));

    [Fact]
    public void An_event_that_comes_twice_changes_nothing_the_second_time() => Check.QuickThrowOnFailure(Prop.ForAll(Events, events =>
        events.Aggregate((State: CoordinatorState.Empty, Ok: true), (x, e) =>
        {
            var once = x.State.Apply(e);
            return (once, x.Ok && Same(once, once.Apply(e)));
        }).Ok));

    [Fact]
    public void Events_and_snapshots_are_read_as_they_were_written() => Check.QuickThrowOnFailure(Prop.ForAll(Events, events =>
    {
        var state = Steps(events).LastOrDefault(CoordinatorState.Empty);
        return events.All(e => Equals(Again(e), e)) && Same((CoordinatorState)Again(state), state);
    }));

    private static IEnumerable<CoordinatorState> Steps(ICoordinatorEvent[] events)
    {
        var state = CoordinatorState.Empty;
        foreach (var e in events) yield return state = state.Apply(e);
    }

    private static bool Same(CoordinatorState a, CoordinatorState b) =>
        a.Homes.Count == b.Homes.Count && a.Homes.All(h => b.Homes[h.Key].Equals(h.Value)) && a.Proxies.SetEquals(b.Proxies) &&
        a.Regions.Count == b.Regions.Count && a.Regions.All(r => b.Regions[r.Key].SequenceEqual(r.Value));

    private object Again(object message)
    {
        var serializer = (Akka.Serialization.SerializerWithStringManifest)system.Serialization.FindSerializerFor(message);
        return system.Serialization.Deserialize(system.Serialization.Serialize(message), serializer.Identifier, serializer.Manifest(message));
    }

    private static ICoordinatorEvent Event(int kind, IActorRef actor, string shard) => kind switch
    {
        0 => new RegionRegistered(actor),
        1 => new ProxyRegistered(actor),
        2 => new RegionTerminated(actor),
        3 => new ProxyTerminated(actor),
        4 => new ShardHomeAllocated(shard, actor),
        _ => new ShardHomeDeallocated(shard),
    };

    private sealed class Nothing : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }
}
