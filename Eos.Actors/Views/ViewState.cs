using System.Collections.Immutable;
using System.Globalization;
using Eos.Fst;
using Eos.Kernel;

namespace Eos.Views;

/// <summary>What a node knows of all filesystems: the newest report of each, when this node got it, and what is configured.</summary>
/// <param name="Reported">The reports as they came.</param>
/// <param name="Filesystems">The filesystems that are registered, as the configuration wants them: the configured ones, and those that have reported themselves.</param>
/// <param name="Version">Grows with each report that was taken and each new configuration.</param>
public sealed record ViewState(
    ImmutableSortedDictionary<FsId, ViewState.Heard> Reported, ImmutableSortedDictionary<FsId, ViewState.Heard> Filesystems, ViewConfiguration Configuration, ulong Version)
{
    public static readonly ViewState Empty = new(ImmutableSortedDictionary<FsId, Heard>.Empty, ImmutableSortedDictionary<FsId, Heard>.Empty, ViewConfiguration.None, 0);

    /// <summary>By the clock of this node, so that clocks of other nodes do not matter.</summary>
    /// <param name="At">Null: it has not reported.</param>
    public sealed record Heard(FstProtocol.FsReport Report, Instant? At)
    {
        /// <summary>Its node is on, and its group not off.</summary>
        public bool IsOn { get; init; } = true;

        /// <summary>Its group gives its files away.</summary>
        public bool IsGroupDraining { get; init; }

        public FsConfiguration Configured { get; init; } = FsConfiguration.None;
    }

    /// <summary>Takes a report unless a newer one of that filesystem is known.</summary>
    public ViewState Apply(FstProtocol.FsReport report, Instant now)
    {
        var id = report.Identity.Id;
        var known = Reported.GetValueOrDefault(id)?.Report;
        if (known is not null && (known.Incarnation, known.Sequence).CompareTo((report.Incarnation, report.Sequence)) >= 0) return this;
        var heard = new Heard(report, now);
        return this with { Reported = Reported.SetItem(id, heard), Filesystems = With(Filesystems, id, As(Configuration, id, heard)), Version = Version + 1 };
    }

    /// <summary>Takes the newest configuration.</summary>
    public ViewState Apply(ViewConfiguration configuration)
    {
        var all = Reported.Keys.Union(configuration.Filesystems.Keys).Aggregate(
            ImmutableSortedDictionary<FsId, Heard>.Empty, (some, id) => With(some, id, As(configuration, id, Reported.GetValueOrDefault(id))));
        return this with { Configuration = configuration, Filesystems = all, Version = Version + 1 };
    }

    /// <summary>With this configuration, unless it has a newer one.</summary>
    public ViewState AtLeast(ViewConfiguration configuration) => Configuration.Version >= configuration.Version ? this : Apply(configuration);

    private static ImmutableSortedDictionary<FsId, Heard> With(ImmutableSortedDictionary<FsId, Heard> all, FsId id, Heard? heard) =>
        heard is null ? all.Remove(id) : all.SetItem(id, heard);

    /// <summary>A filesystem as it is configured; null: it is not registered. One whose label is another's than the one with its number is not believed.</summary>
    private static Heard? As(ViewConfiguration configuration, FsId id, Heard? heard)
    {
        var keys = configuration.Filesystems.GetValueOrDefault(id, FsConfiguration.None);
        if (keys.IsUnregistered) return null;
        var uuid = keys[FsConfiguration.UuidKey];
        if (heard is null || uuid.Length > 0 && heard.Report.Identity.Uuid != uuid)
        {
            if (uuid.Length == 0) return null;
            heard = new Heard(Unheard(id, keys), null);
        }
        var (identity, group) = (heard.Report.Identity, keys[FsConfiguration.GroupKey]);
        if (group.Length > 0) identity = identity with { Group = group, Space = ViewConfiguration.SpaceOf(group) };
        if (keys[FsConfiguration.GeotagKey] is { Length: > 0 } geotag) identity = identity with { Geotag = geotag };
        var report = heard.Report with { Identity = identity, Status = keys.Status ?? heard.Report.Status };
        if (keys.Headroom is { } headroom) report = report with { Usage = report.Usage with { Headroom = headroom } };
        var status = configuration.GroupStatus(identity.Group);
        return heard with
        {
            Report = report,
            IsOn = status != "off" && configuration.IsNodeOn(ViewRules.NodeOf(identity)),
            IsGroupDraining = status == "drain",
            Configured = keys,
        };
    }

    /// <summary>What can be said of a filesystem that is configured and has not reported.</summary>
    private static FstProtocol.FsReport Unheard(FsId id, FsConfiguration keys)
    {
        var place = keys[FsConfiguration.HostKey];
        var colon = place.LastIndexOf(':');
        var port = colon > 0 && int.TryParse(place.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return new FstProtocol.FsReport(
            new FstProtocol.FsIdentity(id, keys[FsConfiguration.UuidKey], port > 0 ? place[..colon] : place, port, keys[FsConfiguration.PathKey], "", "", ""),
            FstProtocol.ConfigStatus.Off,
            new FstProtocol.FsHealth(FstProtocol.BootStatus.Down, Errno.None, ""),
            new FstProtocol.FsUsage(0, 0, 0, 0, 0, 0),
            FstProtocol.FsLoad.Idle,
            0,
            0,
            Instant.Epoch);
    }
}
