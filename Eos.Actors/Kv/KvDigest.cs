using System.Buffers.Binary;
using System.Globalization;

namespace Eos.Kv;

/// <summary>
/// The sum of a 128-bit hash of every row, and how many there are: the same on every member and in any order of rows, kept up to date in constant time.
/// It finds members that differ by mistake; it is no defence against malice.
/// </summary>
public readonly record struct KvDigest(ulong High, ulong Low, long Rows)
{
    public KvDigest With(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var (high, low) = Hash(key, value);
        return new KvDigest(unchecked(High + high), unchecked(Low + low), Rows + 1);
    }

    public KvDigest Without(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var (high, low) = Hash(key, value);
        return new KvDigest(unchecked(High - high), unchecked(Low - low), Rows - 1);
    }

    public override string ToString() => High.ToString("x16", CultureInfo.InvariantCulture) + Low.ToString("x16", CultureInfo.InvariantCulture);

    private static (ulong High, ulong Low) Hash(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var (high, low) = (0x9e3779b97f4a7c15UL ^ (ulong)key.Length, 0xc2b2ae3d27d4eb4fUL ^ (ulong)value.Length);
        Absorb(ref high, ref low, key);
        Absorb(ref high, ref low, value);
        return (Mix(high ^ (low >> 32)), Mix(low + high));
    }

    private static void Absorb(ref ulong high, ref ulong low, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= 8; bytes = bytes[8..]) Absorb(ref high, ref low, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        var last = 0x80UL;
        foreach (var b in bytes) last = (last << 8) | b;
        Absorb(ref high, ref low, last);
    }

    private static void Absorb(ref ulong high, ref ulong low, ulong word)
    {
        high = Mix(high ^ word);
        low = unchecked(ulong.RotateLeft(low, 29) * 0xd6e8feb86659fd93UL + high);
    }

    /// <summary>The finalizer of splitmix64: a bijection in which every bit reaches every bit.</summary>
    private static ulong Mix(ulong x)
    {
        unchecked
        {
            x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9UL;
            x = (x ^ (x >> 27)) * 0x94d049bb133111ebUL;
            return x ^ (x >> 31);
        }
    }
}
