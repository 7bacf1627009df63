using System.Globalization;

namespace Eos.Services;

/// <summary>Where the compaction of an instance stands, as one node knows it. Times by the node's own clock.</summary>
/// <param name="Due">When it is to begin next; null: not at all.</param>
/// <param name="Interval">Zero: once.</param>
/// <param name="Ratio">Bytes before by bytes after, of the last run.</param>
/// <param name="Trouble">Why the last run failed; empty: it did not.</param>
public sealed record CompactionState(bool IsMaster, bool IsRunning, bool HasRun, TimeSpan? Due, TimeSpan Interval, double Ratio, string Trouble)
{
    public static readonly CompactionState Start = new(false, false, false, null, TimeSpan.Zero, 1, "");

    /// <summary>EOS's words.</summary>
    public string Phase => IsRunning ? "compacting" : Due is null ? "off" : !IsMaster ? "blocked" : HasRun ? "wait" : "starting";

    /// <summary>`status=wait waitstart=12 interval=60 ratio=3.4:1`.</summary>
    public string Text(TimeSpan now)
    {
        var wait = Due is { } due && due > now ? (long)Math.Ceiling((due - now).TotalSeconds) : 0;
        var text = string.Create(CultureInfo.InvariantCulture, $"status={Phase} waitstart={wait} interval={(long)Interval.TotalSeconds} ratio={Ratio:0.0}:1");
        return Trouble.Length > 0 ? $"{text} failed=\"{Trouble}\"" : text;
    }
}
