namespace Eos.Kv;

/// <summary>The rows of a machine with their digest; the only way in which anything changes a store.</summary>
internal sealed class Rows(IKvStore store)
{
    public IKvStore Store => store;

    public KvDigest Digest { get; private set; } = store.Mark.Digest;

    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (store.Get(key) is { } old) Digest = Digest.Without(key, old.Span);
        Digest = Digest.With(key, value);
        store.Put(key, value);
    }

    /// <summary>A row that is known not to be there, so that nobody has to look.</summary>
    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Digest = Digest.With(key, value);
        store.Put(key, value);
    }

    public bool Delete(ReadOnlySpan<byte> key)
    {
        if (store.Get(key) is not { } old) return false;
        Delete(key, old.Span);
        return true;
    }

    /// <summary>A row that is known to be there with that value, so that nobody has to look.</summary>
    public void Delete(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Digest = Digest.Without(key, value);
        store.Delete(key);
    }
}

/// <summary>Half of the world: every key it is given is put behind its own first byte, so nothing done through it can reach the other half.</summary>
internal sealed class KeySpace(Rows rows, byte space)
{
    public const byte User = (byte)'u';
    public const byte System = (byte)'s';

    private const int PieceRows = 4096;
    private const long PieceBytes = 1 << 20;

    private byte[] _key = new byte[256];

    public ReadOnlyMemory<byte>? Get(ReadOnlySpan<byte> key) => rows.Store.Get(Inside(key));

    public bool Has(ReadOnlySpan<byte> key) => Get(key) is not null;

    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => rows.Put(Inside(key), value);

    /// <summary>Puts a row whose key is known to be new: no look at the store.</summary>
    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => rows.Add(Inside(key), value);

    /// <summary>Whether there was a row.</summary>
    public bool Delete(ReadOnlySpan<byte> key) => rows.Delete(Inside(key));

    /// <summary>Deletes a row that is known to be there with that value.</summary>
    public void Delete(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => rows.Delete(Inside(key), value);

    /// <summary>Rows whose key begins with <paramref name="prefix"/>, from the one at prefix + <paramref name="from"/> on; keys without the prefix.
    /// Lazy: whoever changes rows meanwhile takes a list first.</summary>
    public IEnumerable<KvRow> Under(byte[] prefix, ReadOnlyMemory<byte> from = default)
    {
        var first = new byte[1 + prefix.Length + from.Length];
        first[0] = space;
        prefix.CopyTo(first, 1);
        from.CopyTo(first.AsMemory(1 + prefix.Length));
        var after = After(first.AsSpan(0, 1 + prefix.Length));
        foreach (var row in rows.Store.Range(first, after)) yield return new KvRow(row.Key[(1 + prefix.Length)..], row.Value);
    }

    /// <summary>The first rows from a place on, in a list that is short in rows and in bytes; empty when there are no more. They may be changed at once.</summary>
    public List<KvRow> Piece(byte[] prefix, ReadOnlyMemory<byte> from, Allowance allowance)
    {
        var (piece, bytes) = (new List<KvRow>(), 0L);
        foreach (var row in Under(prefix, from))
        {
            piece.Add(row);
            bytes += Allowance.SizeOf(row);
            if (piece.Count >= Math.Min(PieceRows, allowance.Rows) || bytes >= Math.Min(PieceBytes, allowance.Bytes)) break;
        }
        return piece;
    }

    /// <summary>Deletes rows under the prefix, in their order, as far as the allowance goes: one pass, which brings the values that the digest needs.
    /// Returns how many.</summary>
    /// <param name="gone">Told each of them.</param>
    public ulong Clear(byte[] prefix, Allowance allowance, Action<KvRow>? gone = null)
    {
        var count = 0ul;
        for (ReadOnlyMemory<byte> from = default; !allowance.IsSpent && Piece(prefix, from, allowance) is { Count: > 0 } piece; from = Behind(piece[^1].Key))
            foreach (var row in piece)
            {
                if (allowance.IsSpent) return count;
                Delete([.. prefix, .. row.Key.Span], row.Value.Span);
                allowance.Take(row);
                gone?.Invoke(row);
                count++;
            }
        return count;
    }

    /// <summary>The first key behind that one.</summary>
    public static byte[] Behind(ReadOnlyMemory<byte> key) => [.. key.Span, 0];

    /// <summary>The key in the store; good until the next one is made.</summary>
    private ReadOnlySpan<byte> Inside(ReadOnlySpan<byte> key)
    {
        if (_key.Length <= key.Length) _key = new byte[2 * key.Length];
        _key[0] = space;
        key.CopyTo(_key.AsSpan(1));
        return _key.AsSpan(0, 1 + key.Length);
    }

    /// <summary>The first key behind all that begin with the prefix. A space's own byte is never 255, so there is one.</summary>
    private static byte[] After(ReadOnlySpan<byte> prefix)
    {
        var length = prefix.Length;
        while (prefix[length - 1] == 255) length--;
        var after = prefix[..length].ToArray();
        after[length - 1]++;
        return after;
    }
}
