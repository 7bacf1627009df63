using System.Collections.Immutable;
using Eos.Identity;
using Eos.Instance;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Views;
using static Eos.Gateway.AdminVerdict;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`space …`: spaces, what is configured for them, and through them for their filesystems and nodes.</summary>
internal static class SpaceVerbs
{
    public static readonly AdminVerb[] All =
    [
        new("space", "define", AdminRight.Root, Define),
        new("space", "set", AdminRight.Root, Set),
        new("space", "rm", AdminRight.Root, Remove),
        new("space", "config", AdminRight.Root, Configure),
        new("space", "quota", AdminRight.Root, f => ConfigureSpace(f, f.Word(0), "quota", f.Word(1))),
        new("space", "status", AdminRight.Administrator, Status),
        new("space", "node-set", AdminRight.Root, SetNodes),
        new("space", "node-get", AdminRight.Administrator, GetNodes),
        new("space", "reset", AdminRight.Root, SpaceReset.Decide),
        Later("inspector", "the inspector"),
        Later("tracker", "the tracker of replicas"),
        Later("groupbalancer", "the balancer of groups"),
        Later("groupdrainer", "draining of groups"),
    ];

    private const int MostGroups = 65534;

    private static AdminVerb Later(string verb, string service) =>
        new("space", verb, AdminRight.Administrator, _ => Refuse(Errno.NotSupported, $"space {verb}: {service} is a background service that is not there yet"));

    private static AdminVerdict Define(AdminFacts f)
    {
        var (name, size, mod) = (f.Word(0), f.Word(1), f.Word(2));
        if (!ConfiguredThings.IsName(name) || name.Contains('.', StringComparison.Ordinal)) return Refuse(Errno.Invalid, $"'{name}' is no name of a space: letters, digits, - and _");
        if (!IsCount(size) || !IsCount(mod)) return Refuse(Errno.Invalid, $"groupsize and groupmod are numbers from 0 to {MostGroups}");
        if (name == FsPlaces.Spare && mod is not ("" or "0")) return Refuse(Errno.Invalid, "the groupmod of space spare is 0: it has no groups");
        return Change(
            now => ConfiguredThings.Set(f, now, ViewConfiguration.Space, name, ViewConfiguration.GroupSizeKey, size.Length > 0 ? size : "0")
                .And(ViewConfiguration.Section, Key(f, name, ViewConfiguration.GroupModKey), mod.Length > 0 ? mod : "0"),
            $"success: defined space '{name}'");
    }

    /// <summary>With all groups that it has, and when it is turned on with their nodes.</summary>
    private static AdminVerdict Set(AdminFacts f)
    {
        var (name, status) = (f.Word(0), f.Word(1));
        if (status is not ("on" or "off")) return Refuse(Errno.Invalid, $"space set takes on or off, not '{status}'");
        if (!Exists(f, name)) return Unknown(name);
        var members = Members(f, name);
        var groups = members.Select(h => h.Report.Identity.Group).Concat(f.View.Configuration.Groups.Keys.Where(g => ViewConfiguration.SpaceOf(g) == name)).Distinct();
        var nodes = status == "on" ? members.Select(h => ViewRules.NodeOf(h.Report.Identity)).Distinct() : [];
        return Change(
            _ =>
            {
                var revision = Revision.Set(ViewConfiguration.Section, Key(f, name, ViewConfiguration.StatusKey), status);
                revision = groups.Aggregate(revision, (r, g) => r.And(ViewConfiguration.Section, ConfiguredThings.Key(f, ViewConfiguration.Group, g, ViewConfiguration.StatusKey), status));
                return nodes.Aggregate(revision, (r, n) => r.And(ViewConfiguration.Section, ConfiguredThings.Key(f, ViewConfiguration.Node, n, ViewConfiguration.StatusKey), status));
            },
            $"success: space '{name}' is {status}");
    }

    private static AdminVerdict Remove(AdminFacts f)
    {
        var name = f.Word(0);
        if (!Exists(f, name)) return Unknown(name);
        if (Members(f, name).Count > 0) return Refuse(Errno.Busy, $"space '{name}' has filesystems");
        var groups = f.View.Configuration.Groups.Keys.Where(g => ViewConfiguration.SpaceOf(g) == name).ToList();
        return Change(
            now => groups.Aggregate(
                ConfiguredThings.Clear(f, now, ViewConfiguration.Space, name), (r, g) => r.Join(ConfiguredThings.Clear(f, now, ViewConfiguration.Group, g))),
            $"success: removed space '{name}'");
    }

    /// <summary>`space config SPACE KEY=VALUE` and `space config rm SPACE KEY`.</summary>
    private static AdminVerdict Configure(AdminFacts f)
    {
        if (f.Word(0) == "rm") return RemoveKey(f, f.Word(1), f.Word(2));
        var (name, equals) = (f.Word(0), f.Word(1).IndexOf('=', StringComparison.Ordinal));
        if (f.Request.Arguments.Length != 2 || equals < 1) return Refuse(Errno.Invalid, "space config takes a space and KEY=VALUE, or rm, a space and a KEY");
        var (key, value) = (f.Word(1)[..equals], f.Word(1)[(equals + 1)..]);
        if (key.StartsWith("fs.", StringComparison.Ordinal)) return ConfigureMembers(f, name, key[3..], value);
        if (!key.StartsWith("space.", StringComparison.Ordinal)) return Refuse(Errno.Invalid, $"'{key}' is no key: space.… and fs.… are");
        return value == "remove" ? RemoveKey(f, name, key) : ConfigureSpace(f, name, key["space.".Length..], value);
    }

    private static AdminVerdict ConfigureSpace(AdminFacts f, string name, string key, string value)
    {
        if (!Exists(f, name)) return Unknown(name);
        if (SpaceKeys.Check(key, value) is { } bad) return Refuse(bad.Why, bad.Text);
        if (key.StartsWith(ViewConfiguration.AttributePrefix, StringComparison.Ordinal))
        {
            (value, var wrong) = Attribute(f, key[ViewConfiguration.AttributePrefix.Length..], value);
            if (wrong is not null) return Refuse(wrong.Why, wrong.Text);
        }
        return Change(
            _ => Revision.Set(ViewConfiguration.Section, Key(f, name, key), SpaceKeys.Stored(key, value)),
            SpaceKeys.IsSwitch(key) ? $"success: {key} is {(value == "on" ? "enabled" : "disabled")}!" : $"success: defining space {name} as {key}='{value}'");
    }

    /// <summary>An attribute as it is stored: rules with numbers, like those of directories. EINVAL: a directory could not have it.</summary>
    private static (string Stored, Refusal? Refusal) Attribute(AdminFacts f, string key, string value)
    {
        var isRule = key is EntryAcl.SysKey or EntryAcl.UserKey;
        var sign = value[0] == '|' || (isRule && value[0] is '<' or '>') ? value[..1] : "";
        var text = value[sign.Length..];
        if (isRule) text = AclText.Numbered(text, f.Users.Uid, f.Users.Gid);
        return (sign + text, AttributeRules.Check(key, text));
    }

    private static AdminVerdict RemoveKey(AdminFacts f, string name, string key)
    {
        if (!Exists(f, name)) return Unknown(name);
        var plain = key.StartsWith("space.", StringComparison.Ordinal) ? key["space.".Length..] : key;
        return Change(
            now => now[ViewConfiguration.Section, Key(f, name, plain)] is null
                ? Revision.Refuse(Errno.NoEntry, $"space '{name}' has no '{plain}'")
                : Revision.Remove(ViewConfiguration.Section, Key(f, name, plain)),
            $"success: removed '{plain}' from space {name}");
    }

    private static AdminVerdict ConfigureMembers(AdminFacts f, string name, string key, string value)
    {
        if (!Exists(f, name)) return Unknown(name);
        var members = Members(f, name);
        foreach (var member in members)
            if (FsKeys.Check(key, value, member) is { } bad) return Refuse(bad.Why, bad.Text);
        if (FsKeys.Check(key, value, null) is { } wrong) return Refuse(wrong.Why, wrong.Text);
        return Change(
            _ => members.Aggregate(Revision.None, (r, member) => r.Join(FsKeys.Set(member, key, value))),
            $"success: defining filesystems of space {name} as {key}='{value}'");
    }

    private static AdminVerdict Status(AdminFacts f)
    {
        var name = f.Word(0);
        if (!Exists(f, name)) return Unknown(name);
        var values = SpaceDefaults.Under(f.View.Configuration.SpaceKeys(name)).SetItem("name", name);
        return Rows(
            [values.Aggregate(AdminRecord.Empty, (record, v) => record.Add(v.Key, v.Value))],
            ConfiguredThings.Banner("Space Variables").Concat(values.Select(v => $"{v.Key,-32} := {v.Value}")));
    }

    private static AdminVerdict SetNodes(AdminFacts f)
    {
        var (name, key, value) = (f.Word(0), f.Word(1), f.Word(2));
        if (!Exists(f, name)) return Unknown(name);
        if (!ConfiguredThings.IsName(key)) return Refuse(Errno.Invalid, $"'{key}' is no key");
        var nodes = Nodes(f, name);
        return Change(
            _ => nodes.Aggregate(Revision.None, (r, n) => r.And(ViewConfiguration.Section, ConfiguredThings.Key(f, ViewConfiguration.Node, n, key), value)),
            $"success: set '{key}' for {nodes.Count} nodes");
    }

    private static AdminVerdict GetNodes(AdminFacts f)
    {
        var (name, key) = (f.Word(0), f.Word(1));
        if (!Exists(f, name)) return Unknown(name);
        var values = Nodes(f, name).Select(n => (Node: n, Value: f.View.Configuration.NodeKeys(n).GetValueOrDefault(key, ""))).ToList();
        var isOne = values.Select(v => v.Value).Distinct().Count() == 1;
        return Say(isOne ? [$"*:={values[0].Value}"] : values.Select(v => $"{v.Node}:={v.Value}"));
    }

    private static List<ViewState.Heard> Members(AdminFacts f, string space) => [.. f.View.Filesystems.Values.Where(h => h.Report.Identity.Space == space)];

    private static List<string> Nodes(AdminFacts f, string space) =>
        [.. Members(f, space).Select(h => ViewRules.NodeOf(h.Report.Identity)).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>It is configured or has filesystems; the default one is always there.</summary>
    internal static bool Exists(AdminFacts f, string name) =>
        name == Scheduling.LayoutPolicy.DefaultSpace || f.View.Configuration.Spaces.ContainsKey(name) || f.View.Filesystems.Values.Any(h => h.Report.Identity.Space == name);

    internal static AdminVerdict Unknown(string name) => Refuse(Errno.NoEntry, $"there is no space '{name}'");

    private static string Key(AdminFacts f, string space, string key) => ConfiguredThings.Key(f, ViewConfiguration.Space, space, key);

    private static bool IsCount(string text) => text.Length == 0 || int.TryParse(text, System.Globalization.NumberStyles.None, null, out var n) && n <= MostGroups;
}
