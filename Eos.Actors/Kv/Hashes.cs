namespace Eos.Kv;

/// <summary>Keys that hold fields with values.</summary>
internal static class Hashes
{
    public static readonly Command[] Commands =
    [
        new("hset", Arity.AtLeast(4, step: 2), Access.Write, (space, r) => SetAll(space, r, created => Reply.Integer(created))),
        new("hmset", Arity.AtLeast(4, step: 2), Access.Write, (space, r) => SetAll(space, r, _ => Reply.Ok)),
        new("hsetnx", Arity.Exactly(4), Access.Write, SetNew),
        new("hget", Arity.Exactly(3), Access.Read, (space, r) => Get(space, r[1], r[2])),
        new("hmget", Arity.AtLeast(3), Access.Read, MultiGet),
        new("hexists", Arity.Exactly(3), Access.Read, (space, r) =>
            space.Open(r[1], KeyType.Hash, out _) ? Reply.Integer(space.Rows.Has(Keys.Field(r[1], r[2])) ? 1 : 0) : Reply.WrongType),
        new("hdel", Arity.AtLeast(3), Access.Write, Delete),
        new("hlen", Arity.Exactly(2), Access.Read, (space, r) => space.Open(r[1], KeyType.Hash, out var head) ? Reply.Integer(head.Size) : Reply.WrongType),
        new("hkeys", Arity.Exactly(2), Access.Read, (space, r) => Each(space, r, row => [Reply.Bulk(row.Key)])),
        new("hvals", Arity.Exactly(2), Access.Read, (space, r) => Each(space, r, row => [Reply.Bulk(row.Value)])),
        new("hgetall", Arity.Exactly(2), Access.Read, (space, r) => Each(space, r, Pair)),
        new("hscan", Arity.AtLeast(3), Access.Read, Scan),
        new("hclone", Arity.Exactly(3), Access.Write, Clone),
    ];

    /// <summary>Field and value.</summary>
    public static IEnumerable<Reply> Pair(KvRow row) => [Reply.Bulk(row.Key), Reply.Bulk(row.Value)];

    public static Reply Get(UserSpace space, ReadOnlySpan<byte> key, ReadOnlySpan<byte> field) =>
        space.Open(key, KeyType.Hash, out _) ? Reply.BulkOrNil(space.Rows.Get(Keys.Field(key, field))) : Reply.WrongType;

    /// <summary>Sets a field of an open hash; whether it is new. The caller saves the descriptor.</summary>
    public static bool Put(UserSpace space, ReadOnlySpan<byte> key, ref KeyHead head, ReadOnlySpan<byte> field, ReadOnlySpan<byte> value)
    {
        var place = Keys.Field(key, field);
        var created = !space.Rows.Has(place);
        space.Rows.Put(place, value);
        if (created) head = head with { Size = head.Size + 1 };
        return created;
    }

    /// <summary>Removes a field of an open hash; whether it was there. The caller saves the descriptor.</summary>
    public static bool Drop(UserSpace space, ReadOnlySpan<byte> key, ref KeyHead head, ReadOnlySpan<byte> field)
    {
        if (!space.Rows.Delete(Keys.Field(key, field))) return false;
        head = head with { Size = head.Size - 1 };
        return true;
    }

    private static Reply SetAll(UserSpace space, Request r, Func<int, Reply> reply)
    {
        if (!space.Open(r[1], KeyType.Hash, out var head)) return Reply.WrongType;
        var created = 0;
        for (var i = 2; i < r.Count; i += 2)
            if (Put(space, r[1], ref head, r[i], r[i + 1])) created++;
        if (created > 0) space.Save(r[1], head);
        return reply(created);
    }

    private static Reply SetNew(UserSpace space, Request r)
    {
        if (!space.Open(r[1], KeyType.Hash, out var head)) return Reply.WrongType;
        if (space.Rows.Has(Keys.Field(r[1], r[2]))) return Reply.Zero;
        Put(space, r[1], ref head, r[2], r[3]);
        space.Save(r[1], head);
        return Reply.One;
    }

    private static Reply MultiGet(UserSpace space, Request r)
    {
        if (!space.Open(r[1], KeyType.Hash, out _)) return Reply.WrongType;
        return space.Array(Enumerable.Range(2, r.Count - 2).Select(i => Reply.BulkOrNil(space.Rows.Get(Keys.Field(r[1], r[i])))));
    }

    private static Reply Delete(UserSpace space, Request r)
    {
        if (!space.Open(r[1], KeyType.Hash, out var head)) return Reply.WrongType;
        var removed = 0;
        for (var i = 2; i < r.Count; i++)
            if (Drop(space, r[1], ref head, r[i])) removed++;
        if (removed > 0) space.Save(r[1], head);
        return Reply.Integer(removed);
    }

    private static Reply Each(UserSpace space, Request r, Func<KvRow, IEnumerable<Reply>> give) =>
        space.Open(r[1], KeyType.Hash, out _) ? space.Array(space.Rows.Under(Keys.Fields(r[1])).SelectMany(give)) : Reply.WrongType;

    private static Reply Scan(UserSpace space, Request r)
    {
        if (Paging.Read(r, 2, null, out var paging) is { } wrong) return wrong;
        return space.Open(r[1], KeyType.Hash, out _) ? paging.Page(space, space.Rows.Under(Keys.Fields(r[1]), paging.From), Pair) : Reply.WrongType;
    }

    private static Reply Clone(UserSpace space, Request r)
    {
        if (!space.Open(r[2], KeyType.Hash, out var target)) return Reply.WrongType;
        if (target.Size > 0) return Reply.Invalid("ERR target key already exists, will not overwrite");
        if (!space.Open(r[1], KeyType.Hash, out var source)) return Reply.WrongType;
        foreach (var row in space.Rows.Under(Keys.Fields(r[1])).ToList()) space.Rows.Put(Keys.Field(r[2], row.Key.Span), row.Value.Span);
        space.Save(r[2], source);
        return Reply.Ok;
    }
}
