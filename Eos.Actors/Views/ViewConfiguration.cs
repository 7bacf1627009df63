using System.Collections.Immutable;
using Eos.Fst;
using Eos.Identity;
using Eos.Instance;
using Eos.Kernel;

namespace Eos.Views;

/// <summary>
/// What administrators have configured for spaces, groups, nodes and filesystems. In section `global` under `/config/eos&lt;instance&gt;/space/default#quota`, as EOS has it,
/// with `group` and `node` in the place of `space`; filesystems as <see cref="FsConfiguration"/> has them.
/// </summary>
/// <param name="Version">Of the whole configuration.</param>
public sealed record ViewConfiguration(
    ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> Spaces,
    ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> Groups,
    ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> Nodes,
    ImmutableSortedDictionary<FsId, FsConfiguration> Filesystems,
    ulong Version)
{
    /// <summary>Where all but filesystems are configured.</summary>
    public const string Section = "global";

    /// <summary>The kinds of things.</summary>
    public const string Space = "space", Group = "group", Node = "node";

    /// <summary>`on`, `off`, and of groups `drain`.</summary>
    public const string StatusKey = "status";

    /// <summary>Of a space: filesystems in one group at most (0: any number), and its number of groups.</summary>
    public const string GroupSizeKey = "groupsize", GroupModKey = "groupmod";

    /// <summary>Keys of a space that begin so are policies, and attributes of directories.</summary>
    public const string PolicyPrefix = "policy.", AttributePrefix = "attr.";

    private static readonly ImmutableSortedDictionary<string, string> NoKeys = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    private static readonly ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> NoThings =
        ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, string>>(StringComparer.Ordinal);

    public static readonly ViewConfiguration None = new(NoThings, NoThings, NoThings, ImmutableSortedDictionary<FsId, FsConfiguration>.Empty, 0);

    private static readonly string[] RuleKeys = ["sys.acl", "user.acl", "sys.eval.useracl"];

    private readonly bool _hasRules = Spaces.Values.Any(keys => RuleKeys.Any(rule => keys.ContainsKey(AttributePrefix + rule)));

    public static ViewConfiguration Of(InstanceState instance)
    {
        var things = instance.Section(Section)
            .Select(v => (Path: v.Key.Split('#', 2), v.Value))
            .Where(v => v.Path.Length == 2)
            .Select(v => (Parts: v.Path[0].Split('/', 5), Key: v.Path[1], v.Value))
            .Where(v => v.Parts is ["", "config", _, _, _])
            .GroupBy(v => v.Parts[3])
            .ToDictionary(kind => kind.Key, kind => kind.GroupBy(v => v.Parts[4], StringComparer.Ordinal).ToImmutableSortedDictionary(
                thing => thing.Key, thing => thing.ToImmutableSortedDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal), StringComparer.Ordinal));
        return new(things.GetValueOrDefault(Space, NoThings), things.GetValueOrDefault(Group, NoThings), things.GetValueOrDefault(Node, NoThings), FsConfiguration.All(instance), instance.Version);
    }

    /// <summary>Where a value lies in <see cref="Section"/>.</summary>
    public static string KeyOf(string instance, string kind, string name, string key) => $"/config/eos{instance}/{kind}/{name}#{key}";

    /// <summary>The keys of a space; none if nothing is configured.</summary>
    public ImmutableSortedDictionary<string, string> SpaceKeys(string name) => Spaces.GetValueOrDefault(name, NoKeys);

    public ImmutableSortedDictionary<string, string> GroupKeys(string name) => Groups.GetValueOrDefault(name, NoKeys);

    public ImmutableSortedDictionary<string, string> NodeKeys(string name) => Nodes.GetValueOrDefault(name, NoKeys);

    /// <summary>`on` unless something else is configured for the group, else for its space.</summary>
    public string GroupStatus(string group) =>
        GroupKeys(group).GetValueOrDefault(StatusKey) ?? SpaceKeys(SpaceOf(group)).GetValueOrDefault(StatusKey) ?? "on";

    public bool IsNodeOn(string node) => NodeKeys(node).GetValueOrDefault(StatusKey, "on") == "on";

    /// <summary>Whether a service or rule of a space is on, as `quota`.</summary>
    public bool IsOn(string space, string key) => SpaceKeys(space).GetValueOrDefault(key) == "on";

    /// <summary>The policies of a space, by the key behind `policy.`.</summary>
    public ImmutableDictionary<string, string> Policies(string space) => SpaceKeys(space)
        .Where(k => k.Key.StartsWith(PolicyPrefix, StringComparison.Ordinal))
        .ToImmutableDictionary(k => k.Key[PolicyPrefix.Length..], k => k.Value);

    /// <summary>The attributes that a space gives to directories whose files it takes, by their own keys.</summary>
    public IEnumerable<KeyValuePair<string, string>> Attributes(string space) => SpaceKeys(space)
        .Where(k => k.Key.StartsWith(AttributePrefix, StringComparison.Ordinal))
        .Select(k => KeyValuePair.Create(k.Key[AttributePrefix.Length..], k.Value));

    /// <summary>What spaces say of the rules in directories; those of the default space also for directories that name none.</summary>
    public ImmutableArray<SpaceRule> SpaceRules(string defaultSpace) => !_hasRules ? [] :
    [
        .. Spaces.Keys.SelectMany(space => Attributes(space).Where(a => RuleKeys.Contains(a.Key)).SelectMany(a => space == defaultSpace
            ? [new SpaceRule("", a.Key, a.Value), new SpaceRule(space, a.Key, a.Value)]
            : new[] { new SpaceRule(space, a.Key, a.Value) })),
    ];

    /// <summary>The space of `space.index`; of a group without an index it is the group's name.</summary>
    public static string SpaceOf(string group) => group.LastIndexOf('.') is var dot and > 0 ? group[..dot] : group;
}
