namespace Eos.Kv;

/// <summary>
/// Takes keys away with all that they hold, as far as an allowance goes. What is left is whole: a collection that has lost a part says so in its descriptor.
/// The allowance may be exceeded by the last key's descriptor and by what goes together with the last row.
/// </summary>
internal static class Removal
{
    /// <summary>Removes keys in their order, from one on. Returns the key to go on with; null when none is left.</summary>
    public static ReadOnlyMemory<byte>? Of(KeySpace rows, ReadOnlyMemory<byte> from, Allowance allowance)
    {
        while (rows.Piece(Keys.Descriptors, from, allowance) is { Count: > 0 } piece)
        {
            foreach (var (key, descriptor) in piece)
                if (allowance.IsSpent || !Of(rows, key.Span, descriptor, allowance)) return key;
            from = KeySpace.Behind(piece[^1].Key);
        }
        return null;
    }

    /// <summary>Removes one key; false when a part of it is left.</summary>
    public static bool Of(KeySpace rows, ReadOnlySpan<byte> key, ReadOnlyMemory<byte> descriptor, Allowance allowance)
    {
        var type = (KeyType)descriptor.Span[0];
        if (type == KeyType.Lease) Expiration(rows, Keys.Expiration(Keys.Number(descriptor.Span[1..]), key), allowance);
        else if (type != KeyType.String && !Content(rows, key, KeyHead.Of(descriptor.Span), allowance)) return false;
        var row = new KvRow(Keys.Descriptor(key), descriptor);
        rows.Delete(row.Key.Span, row.Value.Span);
        allowance.Take(row);
        return true;
    }

    private static void Expiration(KeySpace rows, byte[] place, Allowance allowance)
    {
        if (rows.Delete(place)) allowance.Take(new KvRow(place, default));
    }

    private static bool Content(KeySpace rows, ReadOnlySpan<byte> key, KeyHead head, Allowance allowance)
    {
        var gone = head.Type == KeyType.LocalityHash ? Localities(rows, key.ToArray(), allowance) : rows.Clear(Keys.Fields(key), allowance);
        if (!allowance.IsSpent || gone >= head.Size) return true;
        var first = head.Type == KeyType.Deque ? head.First + gone : head.First;   // they went from the front
        rows.Put(Keys.Descriptor(key), (head with { Size = head.Size - gone, First = first }).ToBytes());
        return false;
    }

    /// <summary>A field has two rows, and each knows the other.</summary>
    private static ulong Localities(KeySpace rows, byte[] key, Allowance allowance) => rows.Clear(Keys.Localities(key), allowance, row =>
    {
        var (hint, field) = Keys.Unhinted(row.Key.Span);
        var index = new KvRow(Keys.Hint(key, field), hint);
        rows.Delete(index.Key.Span, index.Value.Span);
        allowance.Take(index);
    });
}
