using System.Globalization;

namespace Eos.Kernel;

/// <summary>Sizes as administrators write them: `1000`, `64M`, `1.5T`; units are powers of 1000, as in EOS.</summary>
public static class ByteCount
{
    private const string Units = "kMGTPE";

    /// <summary>Null: it is no size.</summary>
    public static ulong? Parse(string text)
    {
        if (text.Length == 0) return null;
        var power = Units.IndexOf(text[^1] == 'K' ? 'k' : text[^1], StringComparison.Ordinal) + 1;
        var digits = power > 0 ? text[..^1] : text;
        return decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value * Factor(power) <= ulong.MaxValue
            ? (ulong)(value * Factor(power))
            : null;
    }

    private static decimal Factor(int power) => Enumerable.Repeat(1000m, power).Aggregate(1m, (product, factor) => product * factor);
}
