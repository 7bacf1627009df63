using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Instance;

/// <summary>What a change makes of the configuration it finds: values by `section:key` (null: taken away), or a refusal. Pure data.</summary>
/// <param name="Rows">Rows beside the configuration, by <see cref="InstanceRows"/>: copies that were put by.</param>
public sealed record Revision(ImmutableSortedDictionary<string, string?> Values, ImmutableSortedDictionary<string, string?> Rows, Refusal? Refusal)
{
    private static readonly ImmutableSortedDictionary<string, string?> Nothing = ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);

    /// <summary>All is as it should be.</summary>
    public static readonly Revision None = new(Nothing, Nothing, null);

    /// <summary>What the change log says; empty: one line for each value.</summary>
    public string Note { get; init; } = "";

    /// <summary>What the configuration is called from now on; null: as before.</summary>
    public string? Name { get; init; }

    public static Revision Refuse(Errno why, string text) => None with { Refusal = new Refusal(why, text) };

    public static Revision Set(string section, string key, string value) => None.And(section, key, value);

    public static Revision Remove(string section, string key) => None.And(section, key, null);

    /// <summary>This and one value more.</summary>
    public Revision And(string section, string key, string? value) => this with { Values = Values.SetItem($"{section}:{key}", value) };

    /// <summary>This and one row more.</summary>
    public Revision AndRow(string row, string? value) => this with { Rows = Rows.SetItem(row, value) };
}
