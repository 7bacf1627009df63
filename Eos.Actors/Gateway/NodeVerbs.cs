using Eos.Instance;
using Eos.Kernel;
using Eos.Views;
using static Eos.Gateway.AdminVerdict;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`node set|rm|config|status`.</summary>
internal static class NodeVerbs
{
    public static readonly AdminVerb[] All =
    [
        new("node", "set", AdminRight.Root, Set),
        new("node", "rm", AdminRight.Root, Remove),
        new("node", "config", AdminRight.Root, Configure),
        new("node", "status", AdminRight.Administrator, Status),
    ];

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
        if (members.Count == 0 && !f.View.Configuration.Nodes.ContainsKey(name)) return Unknown(name);
        if (!FsKeys.IsKey(key))
            return ConfiguredThings.IsName(key) ? Change(_ => Put(f, name, key, value), $"success: defining node {name} as {key}='{value}'") : Refuse(Errno.Invalid, $"'{key}' is no key");
        foreach (var member in members)
            if (FsKeys.Check(key, value, member) is { } bad) return Refuse(bad.Why, bad.Text);
        return Change(
            _ => members.Aggregate(Revision.None, (r, member) => r.Join(FsKeys.Set(member, key, value))), $"success: defining filesystems of node {name} as {key}='{value}'");
    }

    private static AdminVerdict Status(AdminFacts f)
    {
        var name = NameOf(f);
        if (ViewRules.Nodes(f.View, f.Now, f.Settings.OfflineAfter).FirstOrDefault(n => n.Name == name) is not { } node) return Unknown(name);
        var values = node.Keys
            .SetItem("cfg.status", node.Status).SetItem("hostport", node.Name).SetItem("nofs", $"{node.Sums.Filesystems}").SetItem("stat.active", $"{node.Active}".ToLowerInvariant())
            .SetItem("stat.geotag", node.Geotag).SetItem("heartbeatdelta", $"{(long)node.HeartbeatAge.TotalSeconds}");
        return Rows(
            [values.Aggregate(AdminRecord.Empty, (record, v) => record.Add(v.Key, v.Value))],
            ConfiguredThings.Banner("Node Variables").Concat(values.Select(v => $"{v.Key,-32} := {v.Value}")));
    }

    /// <summary>`/eos/host:port/fst` is EOS's name of the queue of `host:port`.</summary>
    private static string NameOf(AdminFacts f)
    {
        var name = f.Word(0);
        if (name.StartsWith("/eos/", StringComparison.Ordinal)) name = name["/eos/".Length..];
        return name.EndsWith("/fst", StringComparison.Ordinal) ? name[..^"/fst".Length] : name;
    }

    private static List<ViewState.Heard> Members(AdminFacts f, string node) => [.. f.View.Filesystems.Values.Where(h => ViewRules.NodeOf(h.Report.Identity) == node)];

    private static Revision Put(AdminFacts f, string node, string key, string value) =>
        Revision.Set(ViewConfiguration.Section, ConfiguredThings.Key(f, ViewConfiguration.Node, node, key), value);

    private static AdminVerdict Unknown(string name) => Refuse(Errno.NoEntry, $"there is no node '{name}'");
}
