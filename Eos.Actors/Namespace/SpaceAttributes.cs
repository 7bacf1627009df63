using System.Collections.Immutable;

namespace Eos.Namespace;

/// <summary>
/// How the attributes that a space gives are joined with those that a directory has: a plain value takes the place of the directory's, `|value` counts only where there is none,
/// and of rules (`sys.acl`, `user.acl`) `&lt;value` goes before and `&gt;value` behind what is there, without what is there already.
/// </summary>
public static class SpaceAttributes
{
    /// <summary>The space that a directory names; empty: none.</summary>
    public static string SpaceOf(ImmutableSortedDictionary<string, string> attributes) =>
        attributes.GetValueOrDefault("user.forced.space") ?? attributes.GetValueOrDefault("sys.forced.space") ?? "";

    /// <summary>The same dictionary if nothing changes.</summary>
    public static ImmutableSortedDictionary<string, string> Over(ImmutableSortedDictionary<string, string> own, IEnumerable<KeyValuePair<string, string>> ofSpace) =>
        ofSpace.Aggregate(own, (all, given) => Joined(all, given.Key, given.Value));

    private static ImmutableSortedDictionary<string, string> Joined(ImmutableSortedDictionary<string, string> all, string key, string value)
    {
        var has = all.TryGetValue(key, out var there) && there.Length > 0;
        if (value.StartsWith('|')) return has ? all : all.SetItem(key, value[1..]);
        if (key is not (EntryAcl.SysKey or EntryAcl.UserKey) || !(value.StartsWith('<') || value.StartsWith('>'))) return all.SetItem(key, value);
        if (!has) return all.SetItem(key, value[1..]);
        var rules = there!.Split(',');
        var added = value[1..].Split(',').Where(rule => !rules.Contains(rule)).ToList();
        if (added.Count == 0) return all;
        return all.SetItem(key, string.Join(',', value[0] == '<' ? added.Concat(rules) : rules.Concat(added)));
    }
}
