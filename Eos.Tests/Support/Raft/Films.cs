using System.Collections.Concurrent;

namespace Eos.Tests.Support.Raft;

/// <summary>A film that went wrong, and how.</summary>
internal sealed record Failure(Film Film, Exception Why)
{
    public override string ToString() =>
        $"{(Why is Violation ? "violation" : "broken")}: seed {Film.Seed} ({Film.Plot}, {Film.Voters} voters) at {Why.Data["at"]}: {(Why is Violation ? Why.Message : Why)}";
}

/// <summary>Many films at a time, one on each processor.</summary>
internal static class Films
{
    /// <summary>Shows the films of these seeds, tells how many are done as it goes, and stops at the first that fails.</summary>
    public static Failure? Show(IEnumerable<ulong> seeds, Action<long>? done = null, CancellationToken end = default, Func<Rules>? rules = null, Func<ulong, Film>? of = null)
    {
        var shown = 0L;
        Failure? first = null;
        Parallel.ForEach(Partitioner.Create(seeds, EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (seed, all) =>
        {
            if (end.IsCancellationRequested) all.Stop();
            if (all.IsStopped) return;
            var film = (of ?? Film.Of)(seed);
            try
            {
                film.Show(rules?.Invoke());
                done?.Invoke(Interlocked.Increment(ref shown));
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref first, new Failure(film, e), null);
                all.Stop();
            }
        });
        return first;
    }

    public static IEnumerable<ulong> Seeds(ulong first, ulong last = ulong.MaxValue)
    {
        for (var seed = first; seed <= last && seed != 0; seed++) yield return seed;
    }
}
