using System.Globalization;

namespace Eos.Benchmarks;

/// <summary>
/// Processor time of a process by what its threads do, which their names tell. Linux counts it in nanoseconds (schedstat); elsewhere all of it is the pool's.
/// The pool's is what no thread of a name of its own has used: protocol, actors and links, the collector, which runs on whatever thread has filled the
/// young generation, and the compiler. Its threads come and go, so that they can't be added up.
/// </summary>
internal static class ThreadTimes
{
    private const string Pool = "pool";

    private static readonly (string Thread, string Part)[] Known =
        [(".NET Sockets", "sockets"), ("raft-log", "log"), ("kv-engine", "applying"), ("state-writer", "state")];

    /// <summary>The parts, in the order in which they are shown.</summary>
    public static IReadOnlyList<string> Parts { get; } = [Pool, .. Known.Select(k => k.Part)];

    /// <summary>Microseconds so far, by part.</summary>
    /// <param name="spent">Processor time of the whole process.</param>
    public static IReadOnlyDictionary<string, double> Of(int process, TimeSpan spent)
    {
        var times = Parts.ToDictionary(p => p, _ => 0.0);
        var tasks = $"/proc/{process}/task";
        foreach (var task in Directory.Exists(tasks) ? Directory.GetDirectories(tasks) : [])
        {
            try
            {
                var name = File.ReadAllText(Path.Combine(task, "comm")).Trim();
                if (Known.FirstOrDefault(k => k.Thread == name).Part is not { } part) continue;
                times[part] += double.Parse(File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture) / 1000;
            }
            catch (IOException)
            {
                // the thread has ended
            }
        }
        times[Pool] = spent.TotalMicroseconds - times.Values.Sum();
        return times;
    }
}
