namespace Eos.Gateway;

/// <summary>
/// Sums of the rows of an index, whatever their order: two sets of rows that are the same have the same sums. By buckets of keys, so that where two sets differ is known without
/// keeping either. Mutable; for one process.
/// </summary>
public sealed class RowSums
{
    public const int Buckets = 4096;
    private readonly (ulong Count, ulong Sum)[] _buckets = new (ulong, ulong)[Buckets];

    public ulong Count { get; private set; }

    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        ref var bucket = ref _buckets[BucketOf(key)];
        bucket = (bucket.Count + 1, unchecked(bucket.Sum + Hash(key, value)));
        Count++;
    }

    /// <summary>The buckets in which the two sets are not the same.</summary>
    public IReadOnlySet<int> Differences(RowSums other) => Enumerable.Range(0, Buckets).Where(b => _buckets[b] != other._buckets[b]).ToHashSet();

    public static int BucketOf(ReadOnlySpan<byte> key)
    {
        var hash = new HashCode();
        hash.AddBytes(key);
        return (int)((uint)hash.ToHashCode() % Buckets);
    }

    private static ulong Hash(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var (low, high) = (new HashCode(), new HashCode());
        low.AddBytes(key);
        low.AddBytes(value);
        high.Add(1);
        high.AddBytes(value);
        high.AddBytes(key);
        return ((ulong)(uint)high.ToHashCode() << 32) | (uint)low.ToHashCode();
    }
}
