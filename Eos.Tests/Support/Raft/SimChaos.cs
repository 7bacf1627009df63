using System.Diagnostics;
using System.Globalization;

namespace Eos.Tests.Support.Raft;

/// <summary>`./eos chaos --sim`: films for as long as wanted, on all processors.</summary>
internal static class SimChaos
{
    private const string Usage = "usage: ./eos chaos --sim [--minutes N | --seeds A..B | --failover KILLS]";

    public static int Run(IReadOnlyList<string> words)
    {
        if (words is ["--failover", var count] && int.TryParse(count, out var kills) && kills > 0)
        {
            foreach (var preset in (string[])["tight", "default", "relaxed"])
                Console.WriteLine(LeaderLoss.Describe(preset, LeaderLoss.Times(LeaderLoss.SettingsOf(preset), kills)));
            return 0;
        }
        var (seeds, minutes) = words switch
        {
            [] => (Films.Seeds(1), 1),
            ["--minutes", var n] when double.TryParse(n, CultureInfo.InvariantCulture, out var m) && m > 0 => (Films.Seeds(1), m),
            ["--seeds", var range] when Range(range) is var (a, b) => (Films.Seeds(a, b), double.PositiveInfinity),
            _ => (null, 0),
        };
        if (seeds is null)
        {
            Console.Error.WriteLine(Usage);
            return 22;
        }
        var clock = Stopwatch.StartNew();
        using var end = double.IsFinite(minutes) ? new CancellationTokenSource(TimeSpan.FromMinutes(minutes)) : new CancellationTokenSource();
        var last = 0L;
        var failure = Films.Show(seeds, done =>
        {
            if (done > Interlocked.Read(ref last)) Interlocked.Exchange(ref last, done);
            if (done % 1000 == 0) Console.WriteLine($"{done} seeds done after {clock.Elapsed.TotalSeconds:0} s");
        }, end.Token);
        Console.WriteLine(failure is null ? $"{last} seeds done in {clock.Elapsed.TotalSeconds:0} s, no violation" : failure.ToString());
        return failure is null ? 0 : 1;
    }

    private static (ulong, ulong)? Range(string text) =>
        text.Split("..") is [var a, var b] && ulong.TryParse(a, out var first) && ulong.TryParse(b, out var last) && first is > 0 && first <= last ? (first, last) : null;
}
