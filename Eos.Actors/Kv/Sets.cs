namespace Eos.Kv;

/// <summary>Keys that hold members: fields without values.</summary>
internal static class Sets
{
    public static readonly Command[] Commands =
    [
        new("sadd", Arity.AtLeast(3), Access.Write, Add),
        new("srem", Arity.AtLeast(3), Access.Write, Remove),
        new("smove", Arity.Exactly(4), Access.Write, Move),
        new("sismember", Arity.Exactly(3), Access.Read, (space, r) =>
            space.Open(r[1], KeyType.Set, out _) ? Reply.Integer(space.Rows.Has(Keys.Field(r[1], r[2])) ? 1 : 0) : Reply.WrongType),
        new("smembers", Arity.Exactly(2), Access.Read, (space, r) =>
            space.Open(r[1], KeyType.Set, out _) ? space.Array(space.Rows.Under(Keys.Fields(r[1])).Select(row => Reply.Bulk(row.Key))) : Reply.WrongType),
        new("scard", Arity.Exactly(2), Access.Read, (space, r) => space.Open(r[1], KeyType.Set, out var head) ? Reply.Integer(head.Size) : Reply.WrongType),
        new("sscan", Arity.AtLeast(3), Access.Read, Scan),
    ];

    private static Reply Add(UserSpace space, Request r)
    {
        if (!space.Open(r[1], KeyType.Set, out var head)) return Reply.WrongType;
        var added = 0;
        for (var i = 2; i < r.Count; i++)
            if (Hashes.Put(space, r[1], ref head, r[i], default)) added++;
        if (added > 0) space.Save(r[1], head);
        return Reply.Integer(added);
    }

    private static Reply Remove(UserSpace space, Request r)
    {
        if (!space.Open(r[1], KeyType.Set, out var head)) return Reply.WrongType;
        var removed = 0;
        for (var i = 2; i < r.Count; i++)
            if (Hashes.Drop(space, r[1], ref head, r[i])) removed++;
        if (removed > 0) space.Save(r[1], head);
        return Reply.Integer(removed);
    }

    private static Reply Move(UserSpace space, Request r)
    {
        if (!space.Open(r[1], KeyType.Set, out var source) || !space.Open(r[2], KeyType.Set, out _)) return Reply.WrongType;
        if (!Hashes.Drop(space, r[1], ref source, r[3])) return Reply.Zero;
        space.Save(r[1], source);
        space.Open(r[2], KeyType.Set, out var target);
        if (Hashes.Put(space, r[2], ref target, r[3], default)) space.Save(r[2], target);
        return Reply.One;
    }

    private static Reply Scan(UserSpace space, Request r)
    {
        if (Paging.Read(r, 2, null, out var paging) is { } wrong) return wrong;
        return space.Open(r[1], KeyType.Set, out _) ? paging.Page(space, space.Rows.Under(Keys.Fields(r[1]), paging.From), row => [Reply.Bulk(row.Key)]) : Reply.WrongType;
    }
}
