using System.Collections.Immutable;
using System.Globalization;
using Eos.Fst;
using Eos.Kernel;
using Eos.Scheduling;

namespace Eos.Views;

/// <summary>Values for listings and for placement, computed from the state.</summary>
public static class ViewRules
{
    /// <summary>Of a node that has not reported.</summary>
    private static readonly TimeSpan NeverHeard = TimeSpan.FromDays(365 * 50);

    /// <summary>The name of a node: where its data port is reached.</summary>
    public static string NodeOf(FstProtocol.FsIdentity identity) => $"{identity.Host}:{identity.Port.ToString(CultureInfo.InvariantCulture)}";

    public static ImmutableArray<FsView> Filesystems(ViewState s, Instant now, TimeSpan offlineAfter) =>
        [.. s.Filesystems.Values.Select(h => new FsView(h.Report, Active(h, now, offlineAfter)) { Configured = h.Configured })];

    /// <summary>Nodes by host and port, and those that are configured only. A node is as old as the youngest report of its filesystems.</summary>
    public static ImmutableArray<NodeView> Nodes(ViewState s, Instant now, TimeSpan offlineAfter)
    {
        var heard = s.Filesystems.Values.ToLookup(h => NodeOf(h.Report.Identity), StringComparer.Ordinal);
        return
        [
            .. s.Configuration.Nodes.Keys.Union(heard.Select(n => n.Key), StringComparer.Ordinal)
                .Select(name => Node(s, name, [.. heard[name]], now, offlineAfter))
                .OrderBy(n => n.Host, StringComparer.Ordinal).ThenBy(n => n.Port).ThenBy(n => n.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>Groups that have filesystems, and those that are configured only.</summary>
    public static ImmutableArray<GroupView> Groups(ViewState s, Instant now, TimeSpan offlineAfter)
    {
        var members = s.Filesystems.Values.ToLookup(h => h.Report.Identity.Group, StringComparer.Ordinal);
        return
        [
            .. s.Configuration.Groups.Keys.Union(members.Select(g => g.Key), StringComparer.Ordinal).Order(GroupOrder.Instance)
                .Select(name => new GroupView(name, s.Configuration.GroupStatus(name), ViewSums.Of([.. members[name]], h => IsWritable(h, now, offlineAfter)))),
        ];
    }

    /// <summary>Spaces that have filesystems, and those that are configured only.</summary>
    public static ImmutableArray<SpaceView> Spaces(ViewState s, Instant now, TimeSpan offlineAfter)
    {
        var members = s.Filesystems.Values.ToLookup(h => h.Report.Identity.Space, StringComparer.Ordinal);
        return
        [
            .. s.Configuration.Spaces.Keys.Union(members.Select(g => g.Key), StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Select(name => new SpaceView(
                    name,
                    members[name].Select(h => h.Report.Identity.Group).Distinct().Count(),
                    ViewSums.Of([.. members[name]], h => IsWritable(h, now, offlineAfter)),
                    s.Configuration.SpaceKeys(name))),
        ];
    }

    /// <summary>Filesystems that have started and not yet been ordered to look for what earlier runs left.</summary>
    public static ImmutableArray<FsId> Unswept(ViewState s) =>
        [.. s.Filesystems.Values.Select(h => h.Report).Where(r => r.Health is { Boot: FstProtocol.BootStatus.Booted, Swept: false }).Select(r => r.Identity.Id)];

    /// <summary>What policies need to know of the spaces.</summary>
    public static ImmutableDictionary<string, SpaceFacts> SpaceFacts(ViewState s, Instant now, TimeSpan offlineAfter)
    {
        var members = s.Filesystems.Values.ToLookup(h => h.Report.Identity.Space, StringComparer.Ordinal);
        return s.Configuration.Spaces.Keys.Union(members.Select(g => g.Key), StringComparer.Ordinal).ToImmutableDictionary(
            name => name,
            name => new SpaceFacts(
                s.Configuration.Policies(name), IsFull(s.Configuration.SpaceKeys(name), members[name]), members[name].Any(h => IsWritable(h, now, offlineAfter))));
    }

    /// <summary>What placement chooses from.</summary>
    public static ImmutableArray<Candidate> Candidates(ViewState s, Instant now, TimeSpan offlineAfter) =>
    [
        .. s.Filesystems.Values.Select(h => new Candidate(
            h.Report.Identity.Id,
            NodeOf(h.Report.Identity),
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

    /// <summary>Whether bytes can be read from it now. `draindead` counts as lost, `empty` has nothing.</summary>
    public static bool IsReadable(FsView fs) => fs.Active == Activity.Online && fs.Report.Status >= FstProtocol.ConfigStatus.GroupDrain;

    private static NodeView Node(ViewState s, string name, IReadOnlyList<ViewState.Heard> members, Instant now, TimeSpan offlineAfter)
    {
        var colon = name.LastIndexOf(':');
        var isPlace = colon > 0 && int.TryParse(name.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        var last = members.Max(h => h.At);
        var age = last is { } at ? now - at : NeverHeard;
        return new NodeView(
            name,
            isPlace ? name[..colon] : name,
            isPlace ? int.Parse(name.AsSpan(colon + 1), CultureInfo.InvariantCulture) : 0,
            members.Count > 0 ? members[0].Report.Identity.Geotag : "",
            age <= offlineAfter ? Activity.Online : Activity.Offline,
            age,
            ViewSums.Of(members, h => IsWritable(h, now, offlineAfter)),
            s.Configuration.NodeKeys(name))
        {
            System = members.MaxBy(h => h.At)?.Report.System ?? FstProtocol.FsSystem.None,
        };
    }

    private static bool IsFull(ImmutableSortedDictionary<string, string> keys, IEnumerable<ViewState.Heard> members) =>
        ByteCount.Parse(keys.GetValueOrDefault("nominalsize", "")) is { } nominal and > 0 && members.Aggregate(0UL, (sum, h) => sum + h.Report.Usage.Used) > nominal;

    private static bool IsWritable(ViewState.Heard h, Instant now, TimeSpan offlineAfter) =>
        Active(h, now, offlineAfter) == Activity.Online && !h.IsGroupDraining && h.Report.Status >= FstProtocol.ConfigStatus.WriteOnce;

    private static Activity Active(ViewState.Heard h, Instant now, TimeSpan offlineAfter) =>
        h.At is not { } at || now - at > offlineAfter || h.Report.Health.Boot != FstProtocol.BootStatus.Booted || !h.IsOn ? Activity.Offline : Activity.Online;
}
