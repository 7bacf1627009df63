using Eos.Kernel;

namespace Eos.Logs;

/// <summary>Knobs of the log of a node: `eos.log` in eos.reference.conf.</summary>
public sealed record LogSettings
{
    public LogSettings(int lines)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lines, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lines, 1_000_000);
        Lines = lines;
    }

    public static LogSettings From(Settings s) => new(s.Int("lines"));

    /// <summary>The last lines that are kept in memory.</summary>
    public int Lines { get; }
}
