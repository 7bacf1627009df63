namespace Eos.Kv;

/// <summary>What the reply to a command of an entry may take in memory, told before it runs.</summary>
internal static class Yields
{
    private const long Value = KvLimits.MaxValue + 256;

    /// <summary>Reads whose reply is one value at most.</summary>
    private static readonly HashSet<string> Single = new(StringComparer.Ordinal)
    {
        "get", "strlen", "exists", "type", "hget", "hexists", "hlen", "sismember", "scard", "deque-len", "lhget", "lhget-with-fallback", "lhlen", "vhlen", "config-get", "clock-get",
    };

    /// <summary>Writes whose reply is more than a word or a number.</summary>
    private static readonly HashSet<string> Giving = new(StringComparer.Ordinal) { "deque-pop-front", "deque-pop-back", "lease-get", "lease-acquire" };

    /// <summary>At most so much; 0: next to nothing.</summary>
    public static long Of(string name, Access access) =>
        access == Access.Write ? Giving.Contains(name) ? Value : 0 : Single.Contains(name) ? Value : KvLimits.MaxReplies;
}
