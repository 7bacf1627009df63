using System.Globalization;

namespace Eos.Host.Http;

/// <summary>A run of bytes of a file. Never empty.</summary>
internal readonly record struct ByteSpan(long First, long Length)
{
    public long Last => First + Length - 1;
}

/// <summary>Reads the <c>Range</c> header (RFC 9110 section 14). Pure.</summary>
internal static class ByteRanges
{
    /// <summary>More parts than this are treated as no range at all, as the RFC advises against such requests.</summary>
    public const int MostParts = 100;

    /// <summary>Null: the header is absent, malformed or of another unit, so the whole file is meant. Empty: nothing of it lies in the file (416).</summary>
    /// <remarks>Bounded by the file's length and kept in the order asked for.</remarks>
    public static IReadOnlyList<ByteSpan>? Parse(string? header, long length)
    {
        const string unit = "bytes=";
        if (header is null || !header.StartsWith(unit, StringComparison.OrdinalIgnoreCase)) return null;
        var parts = header[unit.Length..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is 0 or > MostParts) return null;
        var spans = new List<ByteSpan>();
        foreach (var part in parts)
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            if (dash < 0) return null;
            var (first, last) = (part[..dash], part[(dash + 1)..]);
            if (!TryNumber(first, out var from) || !TryNumber(last, out var to) || (from is null && to is null) || from > to) return null;
            if (from is null) (from, to) = (Math.Max(0, length - to!.Value), to == 0 ? -1 : length - 1);
            var end = Math.Min(to ?? long.MaxValue, length - 1);
            if (from <= end) spans.Add(new ByteSpan(from.Value, end - from.Value + 1));
        }

        return spans;
    }

    /// <summary>Empty text is no number; false for anything that is neither empty nor decimal digits.</summary>
    private static bool TryNumber(string text, out long? number)
    {
        number = null;
        if (text.Length == 0) return true;
        if (!text.All(char.IsAsciiDigit)) return false;
        number = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : long.MaxValue;
        return true;
    }
}
