using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Scheduling;

/// <summary>A filesystem that has a replica and serves. Load 0 to 1; streams that are open on it.</summary>
public sealed record Holder(FsId Fs, string Geotag, double Load, uint Streams);

/// <summary>Chooses from where bytes are read.</summary>
public static class Access
{
    /// <summary>Streams on one filesystem that count as much as a disk that is always busy.</summary>
    private const double StreamsOfFullLoad = 100;

    /// <summary>Tenths of load that count as equal, so that readers do not all go to the disk that happened to be idle at the last report.</summary>
    private const double LoadSteps = 5;

    /// <summary>The holders, best first: nearest to the geotag, then the least busy, then in turns.</summary>
    public static ImmutableArray<FsId> Order(IEnumerable<Holder> holders, string geotag, ulong turn) =>
    [
        .. holders
            .OrderByDescending(h => Geotags.Common(geotag, h.Geotag))
            .ThenBy(h => (int)(LoadSteps * (h.Load + h.Streams / StreamsOfFullLoad)))
            .ThenBy(h => Lots.Mix(turn * 31 + h.Fs.Value))
            .Select(h => h.Fs),
    ];
}
