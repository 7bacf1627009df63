namespace Eos.Kv;

/// <summary>What can be done to a key whatever it holds, and to all of them.</summary>
internal static class AnyKey
{
    public static readonly Command[] Commands =
    [
        new("del", Arity.AtLeast(2), Access.Write, (space, r) => Count(r, key => space.Remove(key.Span))),
        new("exists", Arity.AtLeast(2), Access.Read, (space, r) => Count(r, key => space.TypeOf(key.Span) != KeyType.None)),
        new("type", Arity.Exactly(2), Access.Read, (space, r) => Reply.Simple(KeyHead.Name(space.TypeOf(r[1])))),
        new("keys", Arity.Exactly(2), Access.Read, AllKeys),
        new("scan", Arity.AtLeast(2), Access.Read, Scan),
        new("flushall", Arity.Exactly(1), Access.Write, FlushAll),
        new("raw-scan", Arity.Between(1, 4), Access.Read, RawScan),
        new("raw-scan-tombstones", Arity.Between(1, 4), Access.Read, RawScan),
        new("raw-get-all-versions", Arity.Exactly(2), Access.Read, RawVersions),
    ];

    private const int RawDefault = 50;
    private const int RawMax = 1_000_000;

    private static Reply Count(Request r, Func<ReadOnlyMemory<byte>, bool> holds)
    {
        var count = 0;
        foreach (var key in r.Words.AsSpan()[1..])
            if (holds(key)) count++;
        return Reply.Integer(count);
    }

    private static Reply AllKeys(UserSpace space, Request r)
    {
        var pattern = r.Words[1];
        return space.Array(Matching(space, pattern, default).Where(row => Pattern.Fits(pattern.Span, row.Key.Span)).Select(row => Reply.Bulk(row.Key)));
    }

    private static Reply Scan(UserSpace space, Request r)
    {
        if (Paging.Read(r, 1, "MATCH", out var paging) is { } wrong) return wrong;
        return paging.Page(space, Matching(space, paging.Match ?? "*"u8.ToArray(), paging.From), row => paging.Fits(row.Key.Span) ? [Reply.Bulk(row.Key)] : []);
    }

    /// <summary>Keys from a place on that begin as the pattern demands; the descriptors as values.</summary>
    private static IEnumerable<KvRow> Matching(UserSpace space, ReadOnlyMemory<byte> pattern, ReadOnlyMemory<byte> from)
    {
        var literal = Pattern.Literal(pattern.Span).ToArray();
        if (from.Span.StartsWith(literal)) from = from[literal.Length..];
        else if (from.Span.SequenceCompareTo(literal) > 0) yield break;
        else from = default;
        foreach (var row in space.Rows.Under([.. Keys.Descriptors, .. literal], from)) yield return new KvRow((byte[])[.. literal, .. row.Key.Span], row.Value);
    }

    /// <summary>Everything but the configuration goes, at once: within a transaction. Outside of one the door asks for it in parts (<see cref="KvProtocol.ClearKeys"/>).</summary>
    private static Reply FlushAll(UserSpace space, Request r)
    {
        foreach (var kind in "kfdie"u8) space.Rows.Clear([kind], Allowance.Everything);
        return Reply.Ok;
    }

    /// <summary>For debugging: what is stored under a key of <see cref="RawScan"/>. A row has one version, and none when it is deleted.</summary>
    private static Reply RawVersions(UserSpace space, Request r) => space.Rows.Get(r[1]) is { } value
        ? Reply.Array(Reply.Bulk((byte[])[.. "KEY: "u8, .. r[1]]), Reply.Bulk((byte[])[.. "VALUE: "u8, .. value.Span]), Reply.Bulk("SEQUENCE: 0"), Reply.Bulk("TYPE: 1"))
        : Reply.Array();

    /// <summary>For debugging: the rows as they are stored, of the user space alone. Nothing that was deleted is still there.</summary>
    private static Reply RawScan(UserSpace space, Request r)
    {
        var count = (long)RawDefault;
        if (r.Count == 3 || (r.Count == 4 && !r.Is(2, "COUNT"))) return Reply.Err("syntax error");
        if (r.Count == 4 && (!r.TryInteger(3, out count) || count < 1)) return Reply.Err("syntax error");
        var rows = Paging.Within(space.Rows.Under([], r.Count > 1 ? r.Words[1] : default), row => row.Key.Length + row.Value.Length + 2L * 88);
        return space.Array(rows.Take((int)Math.Min(count, RawMax)).SelectMany(Hashes.Pair));
    }
}
