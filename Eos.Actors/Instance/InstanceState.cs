using System.Collections.Immutable;

namespace Eos.Instance;

/// <summary>
/// The configuration of the instance as one node knows it: texts by section and key, as EOS writes them (`map:/store/`). Immutable; a change made through any node
/// makes a new one on every node.
/// </summary>
/// <param name="Version">Of the group's whole configuration; 0 before anything was set.</param>
/// <param name="Sections">Keys of each section that has any, sorted ordinally.</param>
/// <param name="Changes">How many changes there were: the number of the last row of the change log.</param>
/// <param name="Recent">The operations of the last changes, the newest last: one that is asked for again has happened.</param>
public sealed record InstanceState(
    ulong Version, ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> Sections, ulong Changes, ImmutableArray<string> Recent)
{
    private static readonly ImmutableSortedDictionary<string, string> NoKeys = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public static readonly InstanceState Empty =
        new(0, ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, string>>(StringComparer.Ordinal), 0, []);

    /// <summary>What the configuration is called: as it was saved or loaded last.</summary>
    public string Name { get; init; } = "default";

    /// <summary>One value; null if it is not set.</summary>
    public string? this[string section, string key] => Section(section).GetValueOrDefault(key);

    /// <summary>All keys of a section and their values; empty if there are none.</summary>
    public ImmutableSortedDictionary<string, string> Section(string section) => Sections.GetValueOrDefault(section, NoKeys);

    /// <summary>Everything as `section:key`, sorted.</summary>
    public IEnumerable<KeyValuePair<string, string>> All =>
        Sections.SelectMany(s => s.Value.Select(v => KeyValuePair.Create($"{s.Key}:{v.Key}", v.Value)));

    /// <summary>One value set, or taken away (null). Cost: logarithmic.</summary>
    public InstanceState With(string section, string key, string? value)
    {
        var keys = value is null ? Section(section).Remove(key) : Section(section).SetItem(key, value);
        return this with { Sections = keys.IsEmpty ? Sections.Remove(section) : Sections.SetItem(section, keys) };
    }
}
