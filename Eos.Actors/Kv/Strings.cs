namespace Eos.Kv;

/// <summary>Keys that hold one value.</summary>
internal static class Strings
{
    public static readonly Command[] Commands =
    [
        new("get", Arity.Exactly(2), Access.Read, (space, r) => space.Is(r[1], KeyType.String) ? Reply.BulkOrNil(space.Whole(r[1])) : Reply.WrongType),
        new("set", Arity.Exactly(3), Access.Write, (space, r) => Set(space, r, 1) ? Reply.Ok : Reply.WrongType),
        new("strlen", Arity.Exactly(2), Access.Read, (space, r) => space.Is(r[1], KeyType.String) ? Reply.Integer(space.Whole(r[1])?.Length ?? 0) : Reply.WrongType),
        new("mget", Arity.AtLeast(2), Access.Read, MultiGet),
        new("mset", Arity.AtLeast(3, step: 2), Access.Write, MultiSet),
        new("incr", Arity.Exactly(2), Access.Write, (space, r) => Add(space, r, 1)),
        new("decr", Arity.Exactly(2), Access.Write, (space, r) => Add(space, r, -1)),
        new("incrby", Arity.Exactly(3), Access.Write, (space, r) => r.TryInteger(2, out var by) ? Add(space, r, by) : Reply.Err("value is not an integer or out of range")),
        new("decrby", Arity.Exactly(3), Access.Write, SubtractGiven),
    ];

    private static bool Set(UserSpace space, Request r, int word)
    {
        if (!space.Is(r[word], KeyType.String)) return false;
        space.PutWhole(r[word], KeyType.String, r[word + 1]);
        return true;
    }

    /// <summary>Nil for a key that holds something else, as Redis has it.</summary>
    private static Reply MultiGet(UserSpace space, Request r) =>
        space.Array(Enumerable.Range(1, r.Count - 1).Select(i => space.TypeOf(r[i]) == KeyType.String ? Reply.BulkOrNil(space.Whole(r[i])) : Reply.Nil));

    /// <summary>All or nothing: one key of another type refuses them all.</summary>
    private static Reply MultiSet(UserSpace space, Request r)
    {
        for (var i = 1; i < r.Count; i += 2)
            if (!space.Is(r[i], KeyType.String)) return Reply.WrongType;
        for (var i = 1; i < r.Count; i += 2) Set(space, r, i);
        return Reply.Ok;
    }

    private static Reply SubtractGiven(UserSpace space, Request r)
    {
        if (!r.TryInteger(2, out var by)) return Reply.Err("value is not an integer or out of range");
        return by == long.MinValue ? Reply.Err("decrement would overflow") : Add(space, r, -by);
    }

    private static Reply Add(UserSpace space, Request r, long by)
    {
        if (!space.Is(r[1], KeyType.String)) return Reply.WrongType;
        var value = 0L;
        if (space.Whole(r[1]) is { } stored && !Request.TryInteger(stored.Span, out value)) return Reply.Err("value is not an integer or out of range");
        var sum = unchecked(value + by);
        if (((value ^ sum) & (by ^ sum)) < 0) return Reply.Err("increment or decrement would overflow");
        space.PutWhole(r[1], KeyType.String, Request.Decimal(sum));
        return Reply.Integer(sum);
    }
}
