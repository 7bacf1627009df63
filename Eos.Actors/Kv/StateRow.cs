namespace Eos.Kv;

/// <summary>A row in memory: as it is now, whether the file has it or not. Its arrays are never changed, only replaced.</summary>
internal sealed class StateRow(byte[] key, byte[]? value)
{
    /// <summary>What a row costs besides its bytes.</summary>
    private const int Overhead = 160;

    public byte[] Key => key;

    /// <summary>Null: there is no such row.</summary>
    public byte[]? Value { get; set; } = value;

    /// <summary>The generation of writes in which it was changed last; 0 for one that was only read.</summary>
    public long Changed { get; set; }

    /// <summary>The generation in which it was noted last as one that the file may lack.</summary>
    public long Fresh { get; set; }

    /// <summary>Looked at since the cache last thought of dropping it.</summary>
    public bool Used { get; set; }

    public int Size => key.Length + (Value?.Length ?? 0) + Overhead;
}

/// <summary>Keys of rows by their bytes, also found by a span.</summary>
internal sealed class KeyBytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>, IComparer<byte[]>
{
    public static readonly KeyBytes Instance = new();

    public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] key) => GetHashCode(key.AsSpan());

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

    public int GetHashCode(ReadOnlySpan<byte> key)
    {
        var hash = new HashCode();
        hash.AddBytes(key);
        return hash.ToHashCode();
    }
}
