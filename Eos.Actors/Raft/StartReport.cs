using System.Globalization;
using Eos.Kernel;

namespace Eos.Raft;

/// <summary>
/// Tells operators how a member's start went: what its files were opened with, and when its state had applied everything that its log had then. What lies between the two is
/// work that the state had not in its file when the member ended.
/// </summary>
internal sealed class StartReport(RaftState start, Instant begun, Instant opened)
{
    private bool _done = start.AppliedUpTo == start.Log.Last.Index;

    public string Opened => Line(
        $"opened its files in {Milliseconds(opened - begun)} ms: the log has entries {start.Log.Base.Index.Next} to {start.Log.Last.Index}, the state has applied {start.AppliedUpTo}, so {start.Log.Last.Index - start.AppliedUpTo} are to be applied again");

    /// <summary>Once: the line that tells of the end of the start.</summary>
    public string? Applied(LogIndex upTo, Instant now)
    {
        if (_done || upTo < start.Log.Last.Index) return null;
        _done = true;
        return Line($"has applied entry {start.Log.Last.Index}, with which its log ended, {Milliseconds(now - opened)} ms after it had opened its files");
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds);

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
