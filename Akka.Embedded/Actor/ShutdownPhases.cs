using Akka.Configuration;

namespace Akka.Actor;

/// <summary>One phase of coordinated shutdown.</summary>
internal sealed record ShutdownPhase(string Name, IReadOnlyList<string> DependsOn, TimeSpan Timeout, bool Recover, bool Enabled);

/// <summary>The phases of coordinated shutdown in the order in which they run.</summary>
internal static class ShutdownPhases
{
    /// <summary>Reads <c>akka.coordinated-shutdown</c>.</summary>
    public static IReadOnlyList<ShutdownPhase> Read(Config config)
    {
        var timeout = config.GetTimeSpan("default-phase-timeout");
        var phases = new Dictionary<string, ShutdownPhase>();
        foreach (var (name, value) in config.GetConfig("phases").AsEnumerable())
        {
            var phase = value.ToConfig();
            phases[name] = new ShutdownPhase(
                name,
                [.. phase.GetStringList("depends-on")],
                phase.GetTimeSpan("timeout", timeout),
                phase.GetBoolean("recover", true),
                phase.GetBoolean("enabled", true));
        }
        return Sort(phases);
    }

    /// <summary>Every phase after all that it depends on.</summary>
    /// <exception cref="ArgumentException">Phases depend on each other in a circle.</exception>
    public static IReadOnlyList<ShutdownPhase> Sort(IReadOnlyDictionary<string, ShutdownPhase> phases)
    {
        var sorted = new List<ShutdownPhase>();
        var done = new HashSet<string>();
        var open = new List<string>();
        foreach (var name in phases.Keys.Order(StringComparer.Ordinal)) Visit(name);
        return sorted;

        void Visit(string name)
        {
            if (done.Contains(name)) return;
            if (open.Contains(name)) throw new ArgumentException($"Cycle detected in graph of phases: {string.Join(" -> ", open)} -> {name}");
            open.Add(name);
            var phase = phases.TryGetValue(name, out var known) ? known : new ShutdownPhase(name, [], TimeSpan.Zero, true, false);
            foreach (var before in phase.DependsOn) Visit(before);
            open.RemoveAt(open.Count - 1);
            done.Add(name);
            sorted.Add(phase);
        }
    }
}
