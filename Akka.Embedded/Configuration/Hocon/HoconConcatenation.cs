namespace Akka.Configuration.Hocon;

/// <summary>Values written one after the other on a line: texts join, arrays join, objects merge.</summary>
internal static class HoconConcatenation
{
    /// <summary>One value of many known parts, or null if there is none.</summary>
    public static HoconValue? Join(List<HoconValue> parts)
    {
        var structured = parts.Find(p => p.Kind is HoconKind.Array or HoconKind.Object);
        if (structured is null) return Text(parts);
        parts.RemoveAll(p => p.Kind == HoconKind.Literal && !p.Quoted && string.IsNullOrWhiteSpace(p.Text));
        if (parts.Count == 1) return parts[0];
        var odd = parts.Find(p => p.Kind != structured.Kind);
        if (odd is not null)
            throw new FormatException($"Cannot join an {structured.Kind.ToString().ToLowerInvariant()} and '{odd}' into one value");
        return structured.Kind == HoconKind.Array
            ? HoconValue.Array([.. parts.SelectMany(p => p.Parts)])
            : parts.Aggregate((below, above) => HoconValue.Of(above.Object!.WithFallback(below.Object!)));
    }

    private static HoconValue? Text(List<HoconValue> parts) => parts.Count switch
    {
        0 => null,
        1 => parts[0],
        _ => HoconValue.Literal(string.Concat(parts.Select(p => p.Kind == HoconKind.Null ? "null" : p.Text)), parts.Exists(p => p.Quoted)),
    };
}
