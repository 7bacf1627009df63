using System.Collections.Immutable;
using Eos.Fst;
using Eos.Kernel;
using Eos.Scheduling;

namespace Eos.Views;

/// <summary>What a node knows of all filesystems: the newest report of each, and when this node got it.</summary>
/// <param name="Version">Grows with each report that was taken.</param>
public sealed record ViewState(ImmutableSortedDictionary<FsId, ViewState.Heard> Filesystems, ulong Version)
{
    public static readonly ViewState Empty = new(ImmutableSortedDictionary<FsId, Heard>.Empty, 0);

    /// <summary>By the clock of this node, so that clocks of other nodes do not matter.</summary>
    public sealed record Heard(FstProtocol.FsReport Report, Instant At);

    /// <summary>Takes a report unless a newer one of that filesystem is known.</summary>
    public ViewState Apply(FstProtocol.FsReport report, Instant now)
    {
        var known = Filesystems.GetValueOrDefault(report.Identity.Id)?.Report;
        return known is not null && (known.Incarnation, known.Sequence).CompareTo((report.Incarnation, report.Sequence)) >= 0
            ? this
            : new ViewState(Filesystems.SetItem(report.Identity.Id, new Heard(report, now)), Version + 1);
    }
}

/// <summary>Values for listings and for placement, computed from the state.</summary>
public static class ViewRules
{
    public static ImmutableArray<FsView> Filesystems(ViewState s, Instant now, TimeSpan offlineAfter) =>
        [.. s.Filesystems.Values.Select(h => new FsView(h.Report, Active(h, now, offlineAfter)))];

    /// <summary>Nodes by host and port. A node is as old as the youngest report of its filesystems.</summary>
    public static ImmutableArray<NodeView> Nodes(ViewState s, Instant now, TimeSpan offlineAfter) =>
    [
        .. s.Filesystems.Values
            .GroupBy(h => (h.Report.Identity.Host, h.Report.Identity.Port))
            .OrderBy(n => n.Key.Host, StringComparer.Ordinal).ThenBy(n => n.Key.Port)
            .Select(n => new NodeView(
                n.Key.Host,
                n.Key.Port,
                n.First().Report.Identity.Geotag,
                now - n.Max(h => h.At) <= offlineAfter ? Activity.Online : Activity.Offline,
                now - n.Max(h => h.At),
                n.Count(),
                Sum(n.Select(h => h.Report.Usage.Used)),
                Sum(n.Select(h => h.Report.Usage.Capacity)))),
    ];

    public static ImmutableArray<GroupView> Groups(ViewState s) =>
    [
        .. s.Filesystems.Values
            .GroupBy(h => h.Report.Identity.Group)
            .OrderBy(g => g.Key, GroupOrder.Instance)
            .Select(g => Group(g.Key, [.. g.Select(h => h.Report.Usage)])),
    ];

    public static ImmutableArray<SpaceView> Spaces(ViewState s, Instant now, TimeSpan offlineAfter) =>
    [
        .. s.Filesystems.Values
            .GroupBy(h => h.Report.Identity.Space)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g =>
            {
                var writable = g.Where(h => IsWritable(h, now, offlineAfter)).Select(h => h.Report.Usage).ToList();
                return new SpaceView(
                    g.Key,
                    g.Select(h => h.Report.Identity.Group).Distinct().Count(),
                    g.Count(),
                    writable.Count,
                    Sum(g.Select(h => h.Report.Usage.Used)),
                    Sum(g.Select(h => h.Report.Usage.Capacity)),
                    Sum(writable.Select(u => u.Capacity)),
                    Sum(writable.Select(u => u.Free)));
            }),
    ];

    /// <summary>Filesystems that have started and not yet been ordered to look for what earlier runs left.</summary>
    public static ImmutableArray<FsId> Unswept(ViewState s) =>
        [.. s.Filesystems.Values.Select(h => h.Report).Where(r => r.Health is { Boot: FstProtocol.BootStatus.Booted, Swept: false }).Select(r => r.Identity.Id)];

    /// <summary>What policies need to know of the spaces.</summary>
    public static ImmutableDictionary<string, SpaceFacts> SpaceFacts(ViewState s, Instant now, TimeSpan offlineAfter) => s.Filesystems.Values
        .GroupBy(h => h.Report.Identity.Space)
        .ToImmutableDictionary(g => g.Key, g => new SpaceFacts(ImmutableDictionary<string, string>.Empty, IsFull: false, g.Any(h => IsWritable(h, now, offlineAfter))));

    /// <summary>What placement chooses from.</summary>
    public static ImmutableArray<Candidate> Candidates(ViewState s, Instant now, TimeSpan offlineAfter) =>
    [
        .. s.Filesystems.Values.Select(h => new Candidate(
            h.Report.Identity.Id,
            $"{h.Report.Identity.Host}:{h.Report.Identity.Port}",
            h.Report.Identity.Geotag,
            h.Report.Identity.Space,
            h.Report.Identity.Group,
            IsWritable(h, now, offlineAfter),
            h.Report.Usage.Free,
            h.Report.Usage.Headroom)),
    ];

    /// <summary>Those of the filesystems that serve their replicas now.</summary>
    public static ImmutableArray<Holder> Holders(ViewState s, ImmutableArray<FsId> locations, Instant now, TimeSpan offlineAfter) =>
    [
        .. Filesystems(s, now, offlineAfter)
            .Where(f => locations.Contains(f.Id) && IsReadable(f))
            .Select(f => new Holder(f.Id, f.Report.Identity.Geotag, f.Report.Load.Disk, f.Report.Load.OpenForRead + f.Report.Load.OpenForWrite)),
    ];

    /// <summary>Where the filesystems are reached, in their order; those that are not known are left out.</summary>
    public static ImmutableArray<ReplicaPlace> Places(ViewState s, ImmutableArray<FsId> filesystems) =>
        [.. filesystems.Where(s.Filesystems.ContainsKey).Select(fs => s.Filesystems[fs].Report.Identity).Select(i => new ReplicaPlace(i.Id, i.Host, i.Port))];

    /// <summary>Whether bytes can be read from it now.</summary>
    public static bool IsReadable(FsView fs) => fs.Active == Activity.Online && fs.Report.Status >= FstProtocol.ConfigStatus.Drain;

    private static bool IsWritable(ViewState.Heard h, Instant now, TimeSpan offlineAfter) =>
        Active(h, now, offlineAfter) == Activity.Online && h.Report.Status >= FstProtocol.ConfigStatus.WriteOnce;

    private static Activity Active(ViewState.Heard h, Instant now, TimeSpan offlineAfter) =>
        now - h.At > offlineAfter || h.Report.Health.Boot != FstProtocol.BootStatus.Booted ? Activity.Offline : Activity.Online;

    private static GroupView Group(string name, IReadOnlyList<FstProtocol.FsUsage> members)
    {
        var filled = members.Select(u => u.Capacity == 0 ? 0 : 100.0 * u.Used / u.Capacity).ToList();
        var average = filled.Average();
        return new GroupView(
            name,
            On: true,
            members.Count,
            average,
            filled.Max(f => Math.Abs(f - average)),
            Math.Sqrt(filled.Average(f => (f - average) * (f - average))),
            Sum(members.Select(u => u.Used)),
            Sum(members.Select(u => u.Capacity)));
    }

    private static ulong Sum(IEnumerable<ulong> values) => values.Aggregate(0UL, (a, b) => a + b);
}
