using System.Diagnostics.Metrics;

namespace Akka.Persistence.Sql;

/// <summary>The meter "Akka.Embedded.Persistence": what the writers do, tagged with the file. How many writes share a commit is their quotient.</summary>
internal sealed class SqliteMeter(string file)
{
    private static readonly Meter Meter = new("Akka.Embedded.Persistence");
    private static readonly Counter<long> Writes = Meter.CreateCounter<long>("akka.persistence.writes", "{write}", "Writes that are on disk.");
    private static readonly Counter<long> Commits = Meter.CreateCounter<long>("akka.persistence.commits", "{commit}", "Transactions that are on disk.");
    private static readonly Counter<long> Failures = Meter.CreateCounter<long>("akka.persistence.failures", "{write}", "Writes that failed.");
    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>("akka.persistence.commit.duration", "s", "From the begin of a transaction to its fsync.");

    private readonly KeyValuePair<string, object?> _tag = new("file", file);

    public void Stored(int writes, TimeSpan took)
    {
        Writes.Add(writes, _tag);
        Commits.Add(1, _tag);
        Durations.Record(took.TotalSeconds, _tag);
    }

    public void Failed(int writes) => Failures.Add(writes, _tag);
}
