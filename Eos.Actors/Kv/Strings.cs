namespace Eos.Kv;

/// <summary>Keys that hold one value.</summary>
internal static class Strings
{
    public static readonly Command[] Commands =
    [
        new("get", Arity.Exactly(2), Access.Read, (space, r) => space.Is(r[1], KeyType.String) ? Resp.BulkOrNil(space.Whole(r[1])) : Resp.WrongType),
        new("set", Arity.Exactly(3), Access.Write, (space, r) => Set(space, r, 1) ? Resp.Ok : Resp.WrongType),
        new("strlen", Arity.Exactly(2), Access.Read, (space, r) => space.Is(r[1], KeyType.String) ? Resp.Integer(space.Whole(r[1])?.Length ?? 0) : Resp.WrongType),
        new("mget", Arity.AtLeast(2), Access.Read, MultiGet),
        new("mset", Arity.AtLeast(3, step: 2), Access.Write, MultiSet),
        new("incr", Arity.Exactly(2), Access.Write, (space, r) => Add(space, r, 1)),
        new("incrby", Arity.Exactly(3), Access.Write, (space, r) => r.TryInteger(2, out var by) ? Add(space, r, by) : Resp.Err("value is not an integer or out of range")),
    ];

    private static bool Set(UserSpace space, Request r, int word)
    {
        if (!space.Is(r[word], KeyType.String)) return false;
        space.PutWhole(r[word], KeyType.String, r[word + 1]);
        return true;
    }

    /// <summary>Nil for a key that holds something else, as Redis has it.</summary>
    private static Resp MultiGet(UserSpace space, Request r)
    {
        var values = new List<Resp>();
        for (var i = 1; i < r.Count; i++) values.Add(space.TypeOf(r[i]) == KeyType.String ? Resp.BulkOrNil(space.Whole(r[i])) : Resp.Nil);
        return Resp.Array(values);
    }

    /// <summary>All or nothing: one key of another type refuses them all.</summary>
    private static Resp MultiSet(UserSpace space, Request r)
    {
        for (var i = 1; i < r.Count; i += 2)
            if (!space.Is(r[i], KeyType.String)) return Resp.WrongType;
        for (var i = 1; i < r.Count; i += 2) Set(space, r, i);
        return Resp.Ok;
    }

    private static Resp Add(UserSpace space, Request r, long by)
    {
        if (!space.Is(r[1], KeyType.String)) return Resp.WrongType;
        var value = 0L;
        if (space.Whole(r[1]) is { } stored && !Request.TryInteger(stored.Span, out value)) return Resp.Err("value is not an integer or out of range");
        var sum = unchecked(value + by);
        if (((value ^ sum) & (by ^ sum)) < 0) return Resp.Err("increment or decrement would overflow");
        space.PutWhole(r[1], KeyType.String, Request.Decimal(sum));
        return Resp.Integer(sum);
    }
}
