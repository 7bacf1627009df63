using Eos.Kernel;

namespace Eos.Views;

/// <summary>Knobs of the view: `eos.views` in eos.reference.conf.</summary>
public sealed record ViewSettings
{
    public ViewSettings(TimeSpan offlineAfter, TimeSpan publishInterval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(offlineAfter, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(publishInterval, TimeSpan.FromMilliseconds(10));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(publishInterval, offlineAfter);
        (OfflineAfter, PublishInterval) = (offlineAfter, publishInterval);
    }

    public static ViewSettings From(Settings s) => new(s.Duration("offline-after"), s.Duration("publish-interval"));

    /// <summary>A filesystem that was silent for longer counts as offline.</summary>
    public TimeSpan OfflineAfter { get; }

    /// <summary>How often the view is handed to its readers when reports came in.</summary>
    public TimeSpan PublishInterval { get; }
}
