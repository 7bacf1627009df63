using Eos.Kernel;

namespace Eos.Services;

/// <summary>How endpoints of routes are looked after: `eos.routes` in eos.reference.conf.</summary>
public sealed record RouteSettings
{
    public RouteSettings(TimeSpan pollInterval, TimeSpan probeTimeout, int mostProbes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pollInterval, TimeSpan.FromMilliseconds(10));
        ArgumentOutOfRangeException.ThrowIfLessThan(probeTimeout, TimeSpan.FromMilliseconds(10));
        ArgumentOutOfRangeException.ThrowIfLessThan(mostProbes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mostProbes, 1000);
        (PollInterval, ProbeTimeout, MostProbes) = (pollInterval, probeTimeout, mostProbes);
    }

    public static RouteSettings From(Settings s) => new(s.Duration("poll-interval"), s.Duration("probe-timeout"), s.Int("most-probes"));

    /// <summary>Between two questions to one endpoint.</summary>
    public TimeSpan PollInterval { get; }

    /// <summary>An endpoint that has not answered in this time is offline.</summary>
    public TimeSpan ProbeTimeout { get; }

    /// <summary>So many are asked at the same time.</summary>
    public int MostProbes { get; }
}
