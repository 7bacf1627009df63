using System.Globalization;
using System.Text;

namespace Eos.Kv;

/// <summary>Numbers in the fields of hashes.</summary>
internal static class HashSums
{
    public static readonly Command[] Commands =
    [
        new("hincrby", Arity.Exactly(4), Access.Write, (space, r) => Add(space, r, 2, out _)),
        new("hincrbymulti", Arity.AtLeast(4, step: 3), Access.Write, AddMany),
        new("hincrbyfloat", Arity.Exactly(4), Access.Write, AddReal),
    ];

    /// <summary>Adds to the field at a word; the key stands at word 1 or before the field.</summary>
    private static Reply Add(UserSpace space, Request r, int field, out long sum)
    {
        sum = 0;
        var key = r.Words[field - 1].Span;
        if (!r.TryInteger(field + 1, out var by)) return Reply.NotAnInteger;
        if (!space.Open(key, KeyType.Hash, out var head)) return Reply.WrongType;
        var value = 0L;
        if (space.Rows.Get(Keys.Field(key, r[field])) is { } stored && !Request.TryInteger(stored.Span, out value)) return Reply.Invalid("hash value is not an integer");
        sum = unchecked(value + by);
        if (((value ^ sum) & (by ^ sum)) < 0) return Reply.NotAnInteger;
        if (Hashes.Put(space, key, ref head, r[field], Request.Decimal(sum))) space.Save(key, head);
        return Reply.Integer(sum);
    }

    /// <summary>The sum of the new values; a triple that is refused counts as nothing.</summary>
    private static Reply AddMany(UserSpace space, Request r)
    {
        var total = 0L;
        for (var i = 1; i < r.Count; i += 3)
            if (Add(space, r, i + 1, out var sum) is Reply.IntegerValue) total = unchecked(total + sum);
        return Reply.Integer(total);
    }

    private static Reply AddReal(UserSpace space, Request r)
    {
        if (!Request.TryReal(r[3], out var by)) return Reply.Invalid("value is not a float or out of range");
        if (!space.Open(r[1], KeyType.Hash, out var head)) return Reply.WrongType;
        var value = 0.0;
        if (space.Rows.Get(Keys.Field(r[1], r[2])) is { } stored && !Request.TryReal(stored.Span, out value)) return Reply.Invalid("hash value is not a float");
        var sum = value + by;
        if (!double.IsFinite(sum)) return Reply.Invalid("value is not a float or out of range");
        var text = Encoding.ASCII.GetBytes(sum.ToString("F6", CultureInfo.InvariantCulture));
        if (Hashes.Put(space, r[1], ref head, r[2], text)) space.Save(r[1], head);
        return Reply.Bulk(text);
    }
}
