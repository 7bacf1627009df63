using System.Collections.Immutable;
using Eos.Instance;
using Eos.Kernel;
using Eos.Views;
using static Eos.Gateway.AdminVerdict;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`node set|rm|config|status|txgw|proxygroup…`.</summary>
internal static class NodeVerbs
{
    public static readonly AdminVerb[] All =
    [
        new("node", "set", AdminRight.Root, Set),
        new("node", "rm", AdminRight.Root, Remove),
        new("node", "config", AdminRight.Root, Configure),
        new("node", "status", AdminRight.Administrator, Status),
        new("node", "txgw", AdminRight.Root, Gateway),
        new("node", "proxygroupadd", AdminRight.Root, f => Proxies(f, (groups, name) => groups.Add(name))),
        new("node", "proxygrouprm", AdminRight.Root, f => Proxies(f, (groups, name) => groups.Remove(name))),
        new("node", "proxygroupclear", AdminRight.Root, f => Proxies(f, (groups, _) => groups.Clear())),
    ];

    private const string ProxiesKey = "proxygroups";

    private static AdminVerdict Set(AdminFacts f)
    {
        var (name, status) = (NameOf(f), f.Word(1));
        if (!ConfiguredThings.IsName(name)) return Refuse(Errno.Invalid, $"'{name}' is no name of a node");
        return status is "on" or "off" ? Change(_ => Put(f, name, ViewConfiguration.StatusKey, status), $"success: node '{name}' is {status}")
            : Refuse(Errno.Invalid, $"node set takes on or off, not '{status}'");
    }

    private static AdminVerdict Remove(AdminFacts f)
    {
        var name = NameOf(f);
        if (Members(f, name).Count > 0) return Refuse(Errno.Busy, $"node '{name}' has filesystems");
        return f.View.Configuration.Nodes.ContainsKey(name)
            ? Change(now => ConfiguredThings.Clear(f, now, ViewConfiguration.Node, name), $"success: removed node '{name}'")
            : Unknown(name);
    }

    /// <summary>A filesystem's key goes to all filesystems of the node, any other to the node.</summary>
    private static AdminVerdict Configure(AdminFacts f)
    {
        var (name, words) = (NameOf(f), f.Word(1).Split('=', 2));
        if (words is not [{ Length: > 0 } key, var value]) return Refuse(Errno.Invalid, "node config takes a node and KEY=VALUE");
        var members = Members(f, name);
        if (!IsKnown(f, name)) return Unknown(name);
        if (!FsKeys.IsKey(key))
            return ConfiguredThings.IsName(key) ? Change(_ => Put(f, name, key, value), $"success: defining node {name} as {key}='{value}'") : Refuse(Errno.Invalid, $"'{key}' is no key");
        foreach (var member in members)
            if (FsKeys.Check(key, value, member) is { } bad) return Refuse(bad.Why, bad.Text);
        return Change(
            _ => members.Aggregate(Revision.None, (r, member) => r.Join(FsKeys.Set(member, key, value))), $"success: defining filesystems of node {name} as {key}='{value}'");
    }

    /// <summary>Whether the node may be a gateway of transfers; it is stored as EOS has it, and nothing transfers that way here.</summary>
    private static AdminVerdict Gateway(AdminFacts f)
    {
        var (name, status) = (NameOf(f), f.Word(1));
        if (!IsKnown(f, name)) return Unknown(name);
        return status is "on" or "off" ? Change(_ => Put(f, name, "txgw", status), $"success: set transfer gateway of node '{name}' to {status}")
            : Refuse(Errno.Invalid, $"node txgw takes on or off, not '{status}'");
    }

    /// <summary>The node's list of proxy groups, as EOS keeps it: names with commas between, sorted.</summary>
    private static AdminVerdict Proxies(AdminFacts f, Func<ImmutableSortedSet<string>, string, ImmutableSortedSet<string>> change)
    {
        var isClear = f.Request.Verb == "proxygroupclear";
        var (group, name) = isClear ? ("", NameOf(f)) : (f.Word(0), NameOf(f.Word(1)));
        if (!isClear && !ConfiguredThings.IsName(group)) return Refuse(Errno.Invalid, $"'{group}' is no name of a proxy group");
        if (!IsKnown(f, name)) return Unknown(name);
        return Change(
            now =>
            {
                var groups = ImmutableSortedSet.CreateRange(
                    StringComparer.Ordinal, (now[ViewConfiguration.Section, KeyOf(f, name, ProxiesKey)] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries));
                var changed = change(groups, group);
                return f.Request.Verb == "proxygrouprm" && changed.Count == groups.Count
                    ? Revision.Refuse(Errno.NoEntry, $"node '{name}' is in no proxy group '{group}'")
                    : Revision.None.And(ViewConfiguration.Section, KeyOf(f, name, ProxiesKey), changed.IsEmpty ? null : string.Join(',', changed));
            },
            isClear ? $"success: node '{name}' is in no proxy group" : $"success: {(f.Request.Verb == "proxygroupadd" ? "added" : "removed")} proxy group '{group}' {(f.Request.Verb == "proxygroupadd" ? "to" : "from")} node '{name}'");
    }

    private static AdminVerdict Status(AdminFacts f)
    {
        var name = NameOf(f);
        if (ViewRules.Nodes(f.View, f.Now, f.Settings.OfflineAfter).FirstOrDefault(n => n.Name == name) is not { } node) return Unknown(name);
        var values = node.Keys
            .SetItem("cfg.status", node.Status).SetItem("hostport", node.Name).SetItem("nofs", $"{node.Sums.Filesystems}").SetItem("stat.active", $"{node.Active}".ToLowerInvariant())
            .SetItem("stat.geotag", node.Geotag).SetItems(node.System.Fields()).SetItem("heartbeatdelta", $"{(long)node.HeartbeatAge.TotalSeconds}");
        return Rows(
            [values.Aggregate(AdminRecord.Empty, (record, v) => record.Add(v.Key, v.Value))],
            ConfiguredThings.Banner("Node Variables").Concat(values.Select(v => $"{v.Key,-32} := {v.Value}")));
    }

    /// <summary>`/eos/host:port/fst` is EOS's name of the queue of `host:port`.</summary>
    private static string NameOf(AdminFacts f) => NameOf(f.Word(0));

    private static string NameOf(string name)
    {
        if (name.StartsWith("/eos/", StringComparison.Ordinal)) name = name["/eos/".Length..];
        return name.EndsWith("/fst", StringComparison.Ordinal) ? name[..^"/fst".Length] : name;
    }

    private static List<ViewState.Heard> Members(AdminFacts f, string node) => [.. f.View.Filesystems.Values.Where(h => ViewRules.NodeOf(h.Report.Identity) == node)];

    private static bool IsKnown(AdminFacts f, string node) => f.View.Configuration.Nodes.ContainsKey(node) || Members(f, node).Count > 0;

    private static string KeyOf(AdminFacts f, string node, string key) => ConfiguredThings.Key(f, ViewConfiguration.Node, node, key);

    private static Revision Put(AdminFacts f, string node, string key, string value) => Revision.Set(ViewConfiguration.Section, KeyOf(f, node, key), value);

    private static AdminVerdict Unknown(string name) => Refuse(Errno.NoEntry, $"there is no node '{name}'");
}
