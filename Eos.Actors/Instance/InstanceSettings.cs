using Eos.Kernel;

namespace Eos.Instance;

/// <summary>Knobs of how a node follows the configuration of the instance: `eos.configuration` in eos.reference.conf.</summary>
public sealed record InstanceSettings
{
    public InstanceSettings(TimeSpan pollInterval, TimeSpan changeTimeout, int logSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pollInterval, TimeSpan.FromMilliseconds(10));
        ArgumentOutOfRangeException.ThrowIfLessThan(changeTimeout, TimeSpan.FromMilliseconds(100));
        ArgumentOutOfRangeException.ThrowIfLessThan(logSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(logSize, 10_000);
        (PollInterval, ChangeTimeout, LogSize) = (pollInterval, changeTimeout, logSize);
    }

    public static InstanceSettings From(Settings s) => new(s.Duration("poll-interval"), s.Duration("change-timeout"), s.Int("log-size"));

    /// <summary>Between two looks at the version.</summary>
    public TimeSpan PollInterval { get; }

    /// <summary>For so long a change is tried.</summary>
    public TimeSpan ChangeTimeout { get; }

    /// <summary>Changes that stay in the change log.</summary>
    public int LogSize { get; }
}
