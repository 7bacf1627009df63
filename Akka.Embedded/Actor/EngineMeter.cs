using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Akka.Actor;

/// <summary>The meter "Akka.Embedded": what the actors of this process's systems have to do. Counted by a walk when somebody reads it.</summary>
internal static class EngineMeter
{
    private static readonly Meter Meter = new("Akka.Embedded");
    private static readonly ConcurrentDictionary<ActorSystemImpl, bool> Systems = new();

    static EngineMeter()
    {
        Meter.CreateObservableGauge("akka.actors", () => Measure(c => c.Actors), "{actor}", "Actors that are alive.");
        Meter.CreateObservableGauge("akka.mailbox.messages", () => Measure(c => c.Messages), "{message}", "Messages that wait in all mailboxes.");
        Meter.CreateObservableGauge("akka.mailbox.longest", () => Measure(c => c.Longest), "{message}", "Messages that wait in the fullest mailbox.");
    }

    public static void Add(ActorSystemImpl system) => Systems[system] = true;

    public static void Remove(ActorSystemImpl system) => Systems.TryRemove(system, out _);

    private static IEnumerable<Measurement<long>> Measure(Func<(long Actors, long Messages, long Longest), long> pick) =>
        Systems.Keys.Select(s => new Measurement<long>(pick(Count(s)), new KeyValuePair<string, object?>("system", s.Name))).ToList();

    private static (long Actors, long Messages, long Longest) Count(ActorSystemImpl system)
    {
        long actors = 0, messages = 0, longest = 0;
        var open = new Stack<LocalActorRef>([system.Provider.RootGuardian]);
        while (open.TryPop(out var actor))
        {
            actors++;
            var waiting = actor.Cell.Mailbox.Count;
            messages += waiting;
            longest = Math.Max(longest, waiting);
            foreach (var child in actor.Cell.GetChildren()) open.Push((LocalActorRef)child);
        }
        return (actors, messages, longest);
    }
}
