using System.Globalization;
using Eos.Fst;
using Eos.Instance;
using Eos.Kernel;
using Eos.Views;
using static Eos.Gateway.AdminVerdict;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`fs add|config|boot|rm|mv`: which filesystems there are, and where they belong.</summary>
internal static class FsVerbs
{
    public static readonly AdminVerb[] All =
    [
        new("fs", "add", AdminRight.Root, Add),
        new("fs", "config", AdminRight.Root, Configure),
        new("fs", "boot", AdminRight.Root, Boot),
        new("fs", "rm", AdminRight.Root, Remove),
        new("fs", "mv", AdminRight.Root, Move),
        new("fs", "status", AdminRight.Administrator, FsStatus.Describe),
        new("fs", "dumpmd", AdminRight.Root, f => Files(f, (files, _, _) => FsFiles.Dump(f, files))),
        new("fs", "risk", AdminRight.Administrator, f => Files(f, (files, facts, waiting) => FsFiles.Risk(f, files, facts, waiting))),
        new("fs", "clone", AdminRight.Root, FsDeeds.Clone),
        new("fs", "dropfiles", AdminRight.Root, FsDeeds.DropFiles),
        new("fs", "dropghosts", AdminRight.Root, FsDeeds.DropGhosts),
        new("fs", "dropdeletion", AdminRight.Root, DropDeletions),
    ];

    private const uint MostFilesystems = 65534;

    /// <summary>`fs add [-m id] uuid host[:port] mount [space|group] [status]`. A number belongs to its uuid for ever.</summary>
    private static AdminVerdict Add(AdminFacts f)
    {
        var (uuid, host, mount) = (f.Word(0), f.Word(1), f.Word(2));
        var (target, status) = (f.Word(3) is { Length: > 0 } space ? space : Scheduling.LayoutPolicy.DefaultSpace, f.Word(4) is { Length: > 0 } word ? word : "off");
        if (!ConfiguredThings.IsName(uuid) || !ConfiguredThings.IsName(host) || !mount.StartsWith('/')) return Refuse(Errno.Invalid, "fs add takes a uuid, a host and an absolute path");
        if (FsConfiguration.Parse(status) is null) return Refuse(Errno.Invalid, $"'{status}' is no status of a filesystem");
        if (f.View.Filesystems.Values.FirstOrDefault(h => h.Report.Identity.Uuid == uuid) is { } there)
            return Refuse(Errno.Exists, $"'{uuid}' is registered as filesystem {there.Report.Identity.Id}");
        var (id, refusal) = NumberFor(f, uuid);
        if (refusal is not null) return Refuse(refusal.Why, refusal.Text);
        var reported = f.View.Reported.GetValueOrDefault(id)?.Report.Identity is { } known && known.Uuid == uuid ? known : null;
        var node = reported is null ? host : ViewRules.NodeOf(reported);
        var (group, full) = FsPlaces.Choose(f.View, target, node, id, force: false);
        if (full is not null) return Refuse(full.Why, full.Text);
        var identity = reported ?? new FstProtocol.FsIdentity(id, uuid, host, 0, mount, "", "", "");
        return Change(
            now => now[FsConfiguration.Section, FsConfiguration.KeyOf(id, FsConfiguration.UuidKey)] is { } other && other != uuid
                ? Revision.Refuse(Errno.Exists, $"filesystem {id} is '{other}'")
                : OfSpace(f, id, group).Named(identity with { Group = group })
                    .And(FsConfiguration.Section, FsConfiguration.KeyOf(id, FsConfiguration.HostKey), node)
                    .And(FsConfiguration.Section, FsConfiguration.KeyOf(id, FsConfiguration.StatusKey), status)
                    .And(FsConfiguration.Section, FsConfiguration.KeyOf(id, FsConfiguration.UnregisteredKey), null),
            $"success: mapped '{uuid}' <=> fsid={id}");
    }

    /// <summary>The number that the uuid has had, else the wanted one, else the first free one.</summary>
    private static (FsId Id, Refusal? Refusal) NumberFor(AdminFacts f, string uuid)
    {
        var (configured, reported) = (f.View.Configuration.Filesystems, f.View.Reported);
        var had = configured.Where(c => c.Value[FsConfiguration.UuidKey] == uuid).Select(c => (FsId?)c.Key).FirstOrDefault()
            ?? reported.Where(r => r.Value.Report.Identity.Uuid == uuid).Select(r => (FsId?)r.Key).FirstOrDefault();
        if (f.Has("m"))
        {
            if (!uint.TryParse(f.Option("m"), NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) || wanted is 0 or > MostFilesystems)
                return (default, new Refusal(Errno.Invalid, $"'{f.Option("m")}' is no number of a filesystem: 1 to {MostFilesystems}"));
            var id = new FsId(wanted);
            if (had is { } other && other != id) return (default, new Refusal(Errno.Exists, $"'{uuid}' is filesystem {other} for ever"));
            return had is null && (configured.ContainsKey(id) || reported.ContainsKey(id)) ? (default, new Refusal(Errno.Exists, $"there is a filesystem {id} already")) : (id, null);
        }
        if (had is { } own) return (own, null);
        for (var n = 1u; n <= MostFilesystems; n++)
            if (!configured.ContainsKey(new FsId(n)) && !reported.ContainsKey(new FsId(n))) return (new FsId(n), null);
        return (default, new Refusal(Errno.NoSpace, "all numbers of filesystems are taken"));
    }

    private static AdminVerdict Files(AdminFacts f, Func<IReadOnlyList<FsFile>, RoutineFacts, ulong, (IEnumerable<AdminRecord>, IEnumerable<string>)> report) =>
        Find(f) is { } fs ? Run(facts => new FsFilesRoutine(f.Request, fs.Report.Identity.Id, report, f.Who, facts)) : Unknown(f);

    /// <summary>Also of a filesystem that is not there any more, by its number.</summary>
    private static AdminVerdict DropDeletions(AdminFacts f)
    {
        var known = Find(f)?.Report.Identity.Id;
        var id = known ?? (uint.TryParse(f.Word(0), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new FsId(number) : null);
        return id is { } fs ? Run(facts => new DropDeletionsRoutine(f.Request, fs, known is not null, f.Who, facts)) : Unknown(f);
    }

    private static AdminVerdict Configure(AdminFacts f)
    {
        if (f.Word(1).Split('=', 2) is not [{ Length: > 0 } key, var value]) return Refuse(Errno.Invalid, "fs config takes a filesystem and KEY=VALUE");
        if (Find(f) is not { } fs) return Unknown(f);
        return FsKeys.Check(key, value, fs) is { } bad ? Refuse(bad.Why, bad.Text) : Change(_ => FsKeys.Set(fs, key, value));
    }

    private static AdminVerdict Boot(AdminFacts f)
    {
        var all = f.Word(0) == "*" ? f.View.Filesystems.Values.ToList() : Find(f) is { } one ? [one] : [];
        if (all.Count == 0) return Unknown(f);
        if (f.Has("syncmgm") && f.Has("syncdisk")) return Refuse(Errno.Invalid, "fs boot takes --syncmgm or --syncdisk");
        if (f.Has("syncmgm"))
            return all is [{ Report.Identity: var fs }] ? Run(facts => new FsResyncRoutine(f.Request, fs, f.Who, facts)) : Refuse(Errno.Invalid, "fs boot --syncmgm takes one filesystem");
        return Run(facts => new FsBootRoutine(f.Request, [.. all.Select(h => h.Report.Identity)], f.Who, facts));
    }

    /// <summary>The number stays the uuid's, so that `fs add` gives it back.</summary>
    private static AdminVerdict Remove(AdminFacts f)
    {
        if (Find(f) is not { } fs) return Unknown(f);
        var identity = fs.Report.Identity;
        if (fs.Report.Status != FstProtocol.ConfigStatus.Empty)
            return Refuse(Errno.Invalid, $"filesystem {identity.Id} is not set to empty: 'fs config {identity.Id} configstatus=empty' comes first");
        if (fs.Report.Usage.Replicas > 0) return Refuse(Errno.Invalid, $"filesystem {identity.Id} has {fs.Report.Usage.Replicas} files");
        return Change(
            now => now.Section(FsConfiguration.Section).Keys.Where(k => k.StartsWith(FsConfiguration.KeyOf(identity.Id, ""), StringComparison.Ordinal))
                .Aggregate(Revision.None, (r, k) => r.And(FsConfiguration.Section, k, null))
                .And(FsConfiguration.Section, FsConfiguration.KeyOf(identity.Id, FsConfiguration.UuidKey), identity.Uuid)
                .And(FsConfiguration.Section, FsConfiguration.KeyOf(identity.Id, FsConfiguration.UnregisteredKey), "1"),
            $"success: unregistered {QueuePath(identity)} from the FsView");
    }

    /// <summary>A filesystem, all of a group, or all of a space; to a group or a space. One after the other, so that each sees where the others went.</summary>
    private static AdminVerdict Move(AdminFacts f)
    {
        var (source, target, force) = (f.Word(0), f.Word(1), f.Has("force"));
        var some = Find(f) is { } one ? [one] : f.View.Filesystems.Values.Where(h => h.Report.Identity.Group == source || h.Report.Identity.Space == source).ToList();
        if (some.Count == 0) return Unknown(f);
        var (view, revision, lines) = (f.View, Revision.None, new List<string>());
        foreach (var fs in some)
        {
            var identity = fs.Report.Identity;
            if (!force && fs.Report.Status > FstProtocol.ConfigStatus.Empty && fs.Report.Usage.Replicas > 0)
                return Refuse(Errno.Invalid, $"filesystem {identity.Id} is in use and has {fs.Report.Usage.Replicas} files: --force moves it with them");
            var (group, refusal) = FsPlaces.Choose(view, target, ViewRules.NodeOf(identity), identity.Id, force);
            if (refusal is not null) return Refuse(refusal.Why, refusal.Text);
            revision = revision.Join((ViewConfiguration.SpaceOf(group) == identity.Space ? Revision.None : OfSpace(f, identity.Id, group)).Named(identity with { Group = group }));
            view = view with { Filesystems = view.Filesystems.SetItem(identity.Id, fs with { Report = fs.Report with { Identity = identity with { Group = group, Space = ViewConfiguration.SpaceOf(group) } } }) };
            lines.Add($"success: filesystem {identity.Id} moved to space/group {group}");
        }
        return Change(_ => revision, lines);
    }

    /// <summary>What the space gives to a filesystem that comes into it; what is changed for the space later goes to none of them.</summary>
    private static Revision OfSpace(AdminFacts f, FsId id, string group) => SpaceDefaults.ForFilesystem(f.View.Configuration.SpaceKeys(ViewConfiguration.SpaceOf(group)))
        .Aggregate(Revision.None, (r, v) => r.And(FsConfiguration.Section, FsConfiguration.KeyOf(id, v.Key), v.Value));

    /// <summary>By number, uuid, `host:port/path`, or EOS's queue path.</summary>
    internal static ViewState.Heard? Find(AdminFacts f, int index = 0)
    {
        var word = f.Word(index);
        if (uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return f.View.Filesystems.GetValueOrDefault(new FsId(number));
        return f.View.Filesystems.Values.FirstOrDefault(h => h.Report.Identity is var i && (i.Uuid == word || $"{ViewRules.NodeOf(i)}{i.Path}" == word || QueuePath(i) == word));
    }

    internal static AdminVerdict Unknown(AdminFacts f, int index = 0) => Refuse(Errno.NoEntry, $"there is no filesystem '{f.Word(index)}'");

    internal static string QueuePath(FstProtocol.FsIdentity identity) => $"/eos/{ViewRules.NodeOf(identity)}/fst{identity.Path}";
}
