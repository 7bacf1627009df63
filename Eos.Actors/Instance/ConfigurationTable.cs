using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Kv.SystemProtocol;

namespace Eos.Instance;

/// <summary>Keys and texts under one version, as the group keeps them, for instances without a group. Immutable, pure.</summary>
public sealed record ConfigurationTable(ulong Version, ImmutableSortedDictionary<string, string> Rows)
{
    public static readonly ConfigurationTable Empty = new(0, ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    public ConfigurationRead Answer(ReadConfiguration question) => question.UnlessVersion == Version
        ? new ConfigurationRead(Version, null)
        : new ConfigurationRead(Version, Rows.Where(r => r.Key.StartsWith(question.Prefix, StringComparison.Ordinal)).ToImmutableSortedDictionary(StringComparer.Ordinal));

    /// <summary>What is against a change; null: nothing.</summary>
    public Refused? Refusal(SetConfiguration entry) =>
        entry.IfVersion is { } expected && expected != Version ? new Refused(Errno.Stale, $"the configuration has version {Version}, not {expected}") : null;

    public ConfigurationTable Apply(SetConfiguration entry) => new(
        Version + 1,
        Rows.RemoveRange(entry.Changes.Where(c => c.Value is null).Select(c => c.Key)).SetItems(entry.Changes.Where(c => c.Value is not null).Select(c => KeyValuePair.Create(c.Key, c.Value!))));
}
