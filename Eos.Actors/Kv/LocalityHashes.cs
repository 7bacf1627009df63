namespace Eos.Kv;

/// <summary>Hashes whose values lie in the order of a hint, so that what is read together lies together. A second row per field remembers its hint.</summary>
internal static class LocalityHashes
{
    public static readonly Command[] Commands =
    [
        new("lhset", Arity.Exactly(5), Access.Write, Set),
        new("lhmset", Arity.AtLeast(5, step: 3), Access.Write, SetMany),
        new("lhget", Arity.Between(3, 4), Access.Read, (space, r) => Get(space, r, r.Count == 4 ? r[3] : default)),
        new("lhdel", Arity.AtLeast(3), Access.Write, Delete),
        new("lhlocdel", Arity.Exactly(4), Access.Write, DeleteAt),
        new("lhlen", Arity.Exactly(2), Access.Read, (space, r) => space.Open(r[1], KeyType.LocalityHash, out var head) ? Reply.Integer(head.Size) : Reply.WrongType),
        new("lhscan", Arity.AtLeast(3), Access.Read, Scan),
    ];

    /// <summary>The value of field r[2] of key r[1]. A right hint saves one look.</summary>
    public static Reply Get(UserSpace space, Request r, ReadOnlySpan<byte> hint)
    {
        if (!space.Open(r[1], KeyType.LocalityHash, out _)) return Reply.WrongType;
        if (!hint.IsEmpty && space.Rows.Get(Keys.Locality(r[1], hint, r[2])) is { } value) return Reply.Bulk(value);
        return space.Rows.Get(Keys.Hint(r[1], r[2])) is { } known ? Reply.BulkOrNil(space.Rows.Get(Keys.Locality(r[1], known.Span, r[2]))) : Reply.Nil;
    }

    /// <summary>Sets a field of an open hash, moving it when its hint is another; whether it is new. The caller saves the descriptor.</summary>
    public static bool Put(UserSpace space, ReadOnlySpan<byte> key, ref KeyHead head, ReadOnlySpan<byte> field, ReadOnlySpan<byte> hint, ReadOnlySpan<byte> value)
    {
        var index = Keys.Hint(key, field);
        var old = space.Rows.Get(index);
        if (old is { } known && !known.Span.SequenceEqual(hint)) space.Rows.Delete(Keys.Locality(key, known.Span, field));
        space.Rows.Put(index, hint);
        space.Rows.Put(Keys.Locality(key, hint, field), value);
        if (old is null) head = head with { Size = head.Size + 1 };
        return old is null;
    }

    /// <summary>Removes a field of an open hash; whether it was there. The caller saves the descriptor.</summary>
    public static bool Drop(UserSpace space, ReadOnlySpan<byte> key, ref KeyHead head, ReadOnlySpan<byte> field)
    {
        var index = Keys.Hint(key, field);
        if (space.Rows.Get(index) is not { } hint) return false;
        space.Rows.Delete(Keys.Locality(key, hint.Span, field));
        space.Rows.Delete(index);
        head = head with { Size = head.Size - 1 };
        return true;
    }

    private static Reply Set(UserSpace space, Request r)
    {
        if (!space.Open(r[1], KeyType.LocalityHash, out var head)) return Reply.WrongType;
        var created = Put(space, r[1], ref head, r[2], r[3], r[4]);
        if (created) space.Save(r[1], head);
        return Reply.Integer(created ? 1 : 0);
    }

    private static Reply SetMany(UserSpace space, Request r)
    {
        if (!space.Open(r[1], KeyType.LocalityHash, out var head)) return Reply.WrongType;
        for (var i = 2; i < r.Count; i += 3) Put(space, r[1], ref head, r[i], r[i + 1], r[i + 2]);
        space.Save(r[1], head);
        return Reply.Ok;
    }

    private static Reply Delete(UserSpace space, Request r)
    {
        if (!space.Open(r[1], KeyType.LocalityHash, out var head)) return Reply.WrongType;
        var removed = 0;
        for (var i = 2; i < r.Count; i++)
            if (Drop(space, r[1], ref head, r[i])) removed++;
        if (removed > 0) space.Save(r[1], head);
        return Reply.Integer(removed);
    }

    private static Reply DeleteAt(UserSpace space, Request r)
    {
        if (!space.Open(r[1], KeyType.LocalityHash, out var head)) return Reply.WrongType;
        if (space.Rows.Get(Keys.Hint(r[1], r[2])) is not { } hint || !hint.Span.SequenceEqual(r[3])) return Reply.Zero;
        Drop(space, r[1], ref head, r[2]);
        space.Save(r[1], head);
        return Reply.One;
    }

    private static Reply Scan(UserSpace space, Request r)
    {
        if (Paging.Read(r, 2, "MATCHLOC", out var paging) is { } wrong) return wrong;
        if (!space.Open(r[1], KeyType.LocalityHash, out _)) return Reply.WrongType;
        return paging.Page(
            space,
            space.Rows.Under(Keys.Localities(r[1]), FromCursor(paging.From.Span)),
            row =>
            {
                var (hint, field) = Keys.Unhinted(row.Key.Span);
                return paging.Fits(hint) ? [Reply.Bulk(hint), Reply.Bulk(field), Reply.Bulk(row.Value)] : [];
            },
            row => ToCursor(row.Key.Span));
    }

    /// <summary>hint##field as QuarkDB writes it, where a bar takes the next byte as it is.</summary>
    private static byte[] ToCursor(ReadOnlySpan<byte> place)
    {
        var (hint, field) = Keys.Unhinted(place);
        var bytes = new List<byte>(place.Length + 2);
        foreach (var b in hint)
        {
            if (b is (byte)'#' or (byte)'|') bytes.Add((byte)'|');
            bytes.Add(b);
        }
        bytes.AddRange("##"u8);
        bytes.AddRange(field);
        return [.. bytes];
    }

    /// <summary>The place of a cursor; one without a field is before all of its hint.</summary>
    private static byte[] FromCursor(ReadOnlySpan<byte> cursor)
    {
        var hint = new List<byte>(cursor.Length);
        var at = 0;
        for (; at < cursor.Length && !cursor[at..].StartsWith("##"u8); at++)
        {
            if (cursor[at] == '|' && at + 1 < cursor.Length) at++;
            hint.Add(cursor[at]);
        }
        return cursor.IsEmpty ? [] : Keys.Hinted([.. hint], at < cursor.Length ? cursor[(at + 2)..] : default);
    }
}
