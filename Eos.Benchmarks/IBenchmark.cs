namespace Eos.Benchmarks;

/// <summary>One load driver: found by its name on the command line.</summary>
public interface IBenchmark
{
    string Name { get; }

    /// <summary>What it measures, in a line.</summary>
    string Purpose { get; }

    Task Run(string[] args);
}

/// <summary>Medians of several runs, printed as plain lines that docs/figures.md quotes.</summary>
public static class Report
{
    public const int Rounds = 5;

    /// <summary>Runs once to warm up and then <see cref="Rounds"/> times; prints the median, the least and the most.</summary>
    public static async Task<double> Median(string line, string unit, Func<Task<double>> run)
    {
        await run().ConfigureAwait(false);
        var figures = new double[Rounds];
        for (var i = 0; i < Rounds; i++)
        {
            GC.Collect();
            figures[i] = await run().ConfigureAwait(false);
        }
        Array.Sort(figures);
        var median = figures[Rounds / 2];
        Console.WriteLine($"{line,-64} {median,14:N0} {unit}  [{figures[0]:N0} .. {figures[^1]:N0}]");
        return median;
    }
}
