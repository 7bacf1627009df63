namespace Eos.Kv;

/// <summary>Keys that hold a row of values, open at both ends. Element i lies at the descriptor's First + i; the first push is in the middle of the numbers.</summary>
internal static class Deques
{
    private const ulong Middle = 1UL << 63;

    public static readonly Command[] Commands =
    [
        new("deque-push-front", Arity.AtLeast(3), Access.Write, (space, r) => Push(space, r, head => (head with { First = head.First - 1, Size = head.Size + 1 }, head.First - 1))),
        new("deque-push-back", Arity.AtLeast(3), Access.Write, (space, r) => Push(space, r, head => (head with { Size = head.Size + 1 }, head.First + head.Size))),
        new("deque-pop-front", Arity.Exactly(2), Access.Write, (space, r) => Pop(space, r, head => (head with { First = head.First + 1, Size = head.Size - 1 }, head.First))),
        new("deque-pop-back", Arity.Exactly(2), Access.Write, (space, r) => Pop(space, r, head => (head with { Size = head.Size - 1 }, head.First + head.Size - 1))),
        new("deque-trim-front", Arity.Exactly(3), Access.Write, Trim),
        new("deque-clear", Arity.Exactly(2), Access.Write, Clear),
        new("deque-len", Arity.Exactly(2), Access.Read, (space, r) => space.Open(r[1], KeyType.Deque, out var head) ? Reply.Integer(head.Size) : Reply.WrongType),
        new("deque-scan-back", Arity.AtLeast(3), Access.Read, ScanBack),
    ];

    private static Reply Push(UserSpace space, Request r, Func<KeyHead, (KeyHead Head, ulong At)> grow)
    {
        if (!space.Open(r[1], KeyType.Deque, out var head)) return Reply.WrongType;
        if (head.Size == 0) head = head with { First = Middle };
        for (var i = 2; i < r.Count; i++)
        {
            (head, var at) = grow(head);
            space.Rows.Put(Keys.Field(r[1], Keys.Number(at)), r[i]);
        }
        space.Save(r[1], head);
        return Reply.Integer(head.Size);
    }

    private static Reply Pop(UserSpace space, Request r, Func<KeyHead, (KeyHead Head, ulong At)> shrink)
    {
        if (!space.Open(r[1], KeyType.Deque, out var head)) return Reply.WrongType;
        if (head.Size == 0) return Reply.Nil;
        (head, var at) = shrink(head);
        var place = Keys.Field(r[1], Keys.Number(at));
        var value = Reply.BulkOrNil(space.Rows.Get(place));
        if (value.Size > space.Room) return UserSpace.TooLarge;
        space.Rows.Delete(place);
        space.Save(r[1], head);
        return value;
    }

    private static Reply Trim(UserSpace space, Request r)
    {
        if (!r.TryInteger(2, out var keep) || keep < 0) return Reply.NotAnInteger;
        if (!space.Open(r[1], KeyType.Deque, out var head)) return Reply.WrongType;
        if (head.Size <= (ulong)keep) return Reply.Zero;
        var removed = head.Size - (ulong)keep;
        for (var i = 0UL; i < removed; i++) space.Rows.Delete(Keys.Field(r[1], Keys.Number(head.First + i)));
        space.Save(r[1], head with { First = head.First + removed, Size = head.Size - removed });
        return Reply.Integer(removed);
    }

    private static Reply Clear(UserSpace space, Request r)
    {
        if (!space.Open(r[1], KeyType.Deque, out var head)) return Reply.WrongType;
        space.Remove(r[1]);
        return Reply.Integer(head.Size);
    }

    /// <summary>Pages from the last element towards the first; the elements of a page in their order.</summary>
    private static Reply ScanBack(UserSpace space, Request r)
    {
        if (Paging.Read(r, 2, null, out var paging) is { } wrong) return wrong;
        if (!space.Open(r[1], KeyType.Deque, out var head)) return Reply.WrongType;
        if (paging.From.Length is not (0 or 8)) return Reply.Err("invalid cursor");
        if (head.Size == 0) return Reply.Array(Reply.Bulk("0"), Reply.Array());
        var end = head.First + head.Size;
        if (paging.From.Length > 0) end = Math.Max(head.First, Math.Min(Keys.Number(paging.From.Span), end - 1) + 1);
        var most = Math.Min((ulong)paging.Count, end - head.First);
        var (items, size) = (new List<Reply>(), 0L);
        for (; (ulong)items.Count < most && size < KvLimits.MaxPage && size <= space.Room; size += items[^1].Size)
            items.Add(Reply.BulkOrNil(space.Rows.Get(Keys.Field(r[1], Keys.Number(--end)))));
        items.Reverse();
        return Reply.Array(end > head.First ? Paging.Next(Keys.Number(end - 1)) : Reply.Bulk("0"), Reply.Array(items));
    }
}
