namespace Eos.Kv;

/// <summary>What may still be deleted, in rows and in their bytes, so that neither many small rows nor a few large ones take long. At least one row.</summary>
internal sealed class Allowance(ulong rows, ulong bytes)
{
    private long _rows = (long)Math.Clamp(rows, 1, long.MaxValue);
    private long _bytes = (long)Math.Clamp(bytes, 1, long.MaxValue);

    public static Allowance Everything => new(ulong.MaxValue, ulong.MaxValue);

    public long Rows => Math.Max(_rows, 1);

    public long Bytes => Math.Max(_bytes, 1);

    public bool IsSpent => _rows <= 0 || _bytes <= 0;

    public static long SizeOf(KvRow row) => row.Key.Length + row.Value.Length;

    /// <summary>A row was deleted.</summary>
    public void Take(KvRow row)
    {
        _rows--;
        _bytes -= SizeOf(row);
    }
}
