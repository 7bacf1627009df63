using System.Collections.Immutable;
using System.Text.Json;

namespace Eos.Instance;

/// <summary>A whole configuration as one text: what is kept of a saved one, and the lines that people read and write. Pure.</summary>
public static class ConfigText
{
    private const string Arrow = " => ";

    public static string Of(InstanceState state) => Of(state.All.ToImmutableSortedDictionary(StringComparer.Ordinal));

    public static string Of(ImmutableSortedDictionary<string, string> values) => JsonSerializer.Serialize(new SortedDictionary<string, string>(values, StringComparer.Ordinal));

    /// <summary>Reads what <see cref="Of(InstanceState)"/> writes.</summary>
    public static ImmutableSortedDictionary<string, string> Read(string text) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(text)!.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>`section:key => value`.</summary>
    public static string Line(string key, string value) => key + Arrow + value;

    /// <summary>Reads such lines; empty ones and those that begin with # say nothing. Also which line is wrong; null: none.</summary>
    public static (ImmutableSortedDictionary<string, string> Values, string? Wrong) ReadLines(IEnumerable<string> lines)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var line in lines.Where(l => l.Trim().Length > 0 && l[0] != '#'))
        {
            var (arrow, colon) = (line.IndexOf(Arrow, StringComparison.Ordinal), line.IndexOf(':', StringComparison.Ordinal));
            if (arrow < 0 || colon < 1 || colon + 1 >= arrow) return (values.ToImmutable(), line);
            values[line[..arrow]] = line[(arrow + Arrow.Length)..];
        }
        return (values.ToImmutable(), null);
    }
}
