namespace Eos.Kv;

/// <summary>Patterns of keys as Redis has them: * ? [abc] [^a] [a-z], and a backslash takes the next byte as it is.</summary>
public static class Pattern
{
    /// <summary>The bytes with which everything that fits must begin.</summary>
    public static ReadOnlySpan<byte> Literal(ReadOnlySpan<byte> pattern) =>
        pattern.IndexOfAny("*?[\\"u8) is var special && special < 0 ? pattern : pattern[..special];

    /// <summary>Whether the whole of the key fits. One star is remembered at a time, so the cost is at most the product of the lengths.</summary>
    public static bool Fits(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> key)
    {
        var (at, p) = (0, 0);
        var (starAt, starP) = (-1, -1);
        while (at < key.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (starAt, starP) = (at, ++p);
                continue;
            }
            if (p < pattern.Length && One(pattern[p..], key[at], out var used))
            {
                p += used;
                at++;
                continue;
            }
            if (starP < 0) return false;
            (at, p) = (++starAt, starP);
        }
        while (p < pattern.Length && pattern[p] == '*') p++;
        return p == pattern.Length;
    }

    private static bool One(ReadOnlySpan<byte> pattern, byte b, out int used)
    {
        used = 1;
        switch (pattern[0])
        {
            case (byte)'?': return true;
            case (byte)'\\' when pattern.Length > 1:
                used = 2;
                return pattern[1] == b;
            case (byte)'[': return Class(pattern, b, out used);
            default: return pattern[0] == b;
        }
    }

    private static bool Class(ReadOnlySpan<byte> pattern, byte b, out int used)
    {
        var at = 1;
        var negated = at < pattern.Length && pattern[at] == '^';
        if (negated) at++;
        var holds = false;
        for (; at < pattern.Length && pattern[at] != ']'; at++)
        {
            if (pattern[at] == '\\' && at + 1 < pattern.Length) holds |= pattern[++at] == b;
            else if (at + 2 < pattern.Length && pattern[at + 1] == '-')
            {
                holds |= Math.Min(pattern[at], pattern[at + 2]) <= b && b <= Math.Max(pattern[at], pattern[at + 2]);
                at += 2;
            }
            else holds |= pattern[at] == b;
        }
        used = Math.Min(at + 1, pattern.Length);
        return holds != negated;
    }
}
