using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Eos.Kv;

/// <summary>A command of the Redis protocol: its name and its arguments, as bytes.</summary>
public readonly record struct Request(ImmutableArray<ReadOnlyMemory<byte>> Words)
{
    public static Request Of(params IEnumerable<string> words) => new([.. words.Select(w => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(w))]);

    public int Count => Words.Length;

    public ReadOnlySpan<byte> this[int word] => Words[word].Span;

    public string Text(int word) => Encoding.UTF8.GetString(this[word]);

    /// <summary>Whether a word is a whole decimal number of 64 bits.</summary>
    public bool TryInteger(int word, out long value) => TryInteger(this[word], out value);

    public static bool TryInteger(ReadOnlySpan<byte> bytes, out long value) =>
        Utf8Parser.TryParse(bytes, out value, out var used) && used == bytes.Length && used > 0;

    public static bool TryReal(ReadOnlySpan<byte> bytes, out double value) =>
        double.TryParse(bytes, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    /// <summary>Whether a word is this option, in any case.</summary>
    public bool Is(int word, string option) => Ascii.EqualsIgnoreCase(this[word], option);

    public static byte[] Decimal(long value) => Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture));
}
