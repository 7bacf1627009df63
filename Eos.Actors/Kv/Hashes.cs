namespace Eos.Kv;

/// <summary>Keys that hold fields with values.</summary>
internal static class Hashes
{
    public static readonly Command[] Commands =
    [
        new("hset", Arity.AtLeast(4, step: 2), Access.Write, (space, r) => SetAll(space, r, created => Resp.Integer(created))),
        new("hmset", Arity.AtLeast(4, step: 2), Access.Write, (space, r) => SetAll(space, r, _ => Resp.Ok)),
        new("hsetnx", Arity.Exactly(4), Access.Write, SetNew),
        new("hget", Arity.Exactly(3), Access.Read, (space, r) => Get(space, r[1], r[2])),
        new("hmget", Arity.AtLeast(3), Access.Read, MultiGet),
        new("hexists", Arity.Exactly(3), Access.Read, (space, r) =>
            space.Open(r[1], KeyType.Hash, out _) ? Resp.Integer(space.Rows.Has(Keys.Field(r[1], r[2])) ? 1 : 0) : Resp.WrongType),
        new("hdel", Arity.AtLeast(3), Access.Write, Delete),
        new("hlen", Arity.Exactly(2), Access.Read, (space, r) => space.Open(r[1], KeyType.Hash, out var head) ? Resp.Integer(head.Size) : Resp.WrongType),
        new("hkeys", Arity.Exactly(2), Access.Read, (space, r) => Each(space, r, row => [Resp.Bulk(row.Key)])),
        new("hvals", Arity.Exactly(2), Access.Read, (space, r) => Each(space, r, row => [Resp.Bulk(row.Value)])),
        new("hgetall", Arity.Exactly(2), Access.Read, (space, r) => Each(space, r, Pair)),
        new("hscan", Arity.AtLeast(3), Access.Read, Scan),
        new("hclone", Arity.Exactly(3), Access.Write, Clone),
    ];

    /// <summary>Field and value.</summary>
    public static IEnumerable<Resp> Pair(KvRow row) => [Resp.Bulk(row.Key), Resp.Bulk(row.Value)];

    public static Resp Get(UserSpace space, ReadOnlySpan<byte> key, ReadOnlySpan<byte> field) =>
        space.Open(key, KeyType.Hash, out _) ? Resp.BulkOrNil(space.Rows.Get(Keys.Field(key, field))) : Resp.WrongType;

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

    private static Resp SetAll(UserSpace space, Request r, Func<int, Resp> reply)
    {
        if (!space.Open(r[1], KeyType.Hash, out var head)) return Resp.WrongType;
        var created = 0;
        for (var i = 2; i < r.Count; i += 2)
            if (Put(space, r[1], ref head, r[i], r[i + 1])) created++;
        if (created > 0) space.Save(r[1], head);
        return reply(created);
    }

    private static Resp SetNew(UserSpace space, Request r)
    {
        if (!space.Open(r[1], KeyType.Hash, out var head)) return Resp.WrongType;
        if (space.Rows.Has(Keys.Field(r[1], r[2]))) return Resp.Zero;
        Put(space, r[1], ref head, r[2], r[3]);
        space.Save(r[1], head);
        return Resp.One;
    }

    private static Resp MultiGet(UserSpace space, Request r)
    {
        if (!space.Open(r[1], KeyType.Hash, out _)) return Resp.WrongType;
        var values = new List<Resp>();
        for (var i = 2; i < r.Count; i++) values.Add(Resp.BulkOrNil(space.Rows.Get(Keys.Field(r[1], r[i]))));
        return Resp.Array(values);
    }

    private static Resp Delete(UserSpace space, Request r)
    {
        if (!space.Open(r[1], KeyType.Hash, out var head)) return Resp.WrongType;
        var removed = 0;
        for (var i = 2; i < r.Count; i++)
            if (Drop(space, r[1], ref head, r[i])) removed++;
        if (removed > 0) space.Save(r[1], head);
        return Resp.Integer(removed);
    }

    private static Resp Each(UserSpace space, Request r, Func<KvRow, IEnumerable<Resp>> give) =>
        space.Open(r[1], KeyType.Hash, out _) ? Resp.Array(space.Rows.Under(Keys.Fields(r[1])).SelectMany(give)) : Resp.WrongType;

    private static Resp Scan(UserSpace space, Request r)
    {
        if (Paging.Read(r, 2, null, out var paging) is { } wrong) return wrong;
        return space.Open(r[1], KeyType.Hash, out _) ? paging.Page(space.Rows.Under(Keys.Fields(r[1]), paging.From), Pair) : Resp.WrongType;
    }

    private static Resp Clone(UserSpace space, Request r)
    {
        if (!space.Open(r[1], KeyType.Hash, out var source) || !space.Open(r[2], KeyType.Hash, out var target)) return Resp.WrongType;
        if (target.Size > 0) return Resp.Invalid("ERR target key already exists, will not overwrite");
        foreach (var row in space.Rows.Under(Keys.Fields(r[1])).ToList()) space.Rows.Put(Keys.Field(r[2], row.Key.Span), row.Value.Span);
        space.Save(r[2], source);
        return Resp.Ok;
    }
}
