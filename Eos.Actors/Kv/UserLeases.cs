using System.Text;

namespace Eos.Kv;

/// <summary>Leases of the Redis protocol: a holder until a deadline in log time. The row of the key is the deadline (8 bytes) and the holder.</summary>
internal static class UserLeases
{
    public static readonly Command[] Commands =
    [
        new("lease-acquire", Arity.Exactly(4), Access.Write, Acquire),
        new("lease-get", Arity.Exactly(2), Access.Write, Get),
        new("lease-release", Arity.Exactly(2), Access.Write, Release),
        new("lease-get-pending-expiration-events", Arity.Exactly(1), Access.Read, Pending),
        new("clock-get", Arity.Exactly(1), Access.Read, (space, _) => Reply.Array(Reply.Simple($"STATIC-CLOCK: {space.Clock}"), Reply.Simple($"DYNAMIC-CLOCK: {space.DynamicClock}"))),
    ];

    private static Reply Acquire(UserSpace space, Request r)
    {
        if (!r.TryInteger(3, out var duration) || duration < 1) return Reply.Err("value is not an integer or out of range");
        if (!space.Is(r[1], KeyType.Lease)) return Reply.Err("Invalid Argument: WRONGTYPE Operation against a key holding the wrong kind of value"); // its own spelling, as QuarkDB has it
        var held = space.Whole(r[1]);
        if (held is { } lease)
        {
            var deadline = Keys.Number(lease.Span);
            var holder = lease.Span[8..];
            if (!holder.SequenceEqual(r[2])) return Reply.Err($"lease held by '{Encoding.UTF8.GetString(holder)}', time remaining {deadline - space.Clock} ms");
            space.Rows.Delete(Keys.Expiration(deadline, r[1]));
        }
        var until = space.Clock + (ulong)duration;
        space.PutWhole(r[1], KeyType.Lease, [.. Keys.Number(until), .. r[2]]);
        space.Rows.Put(Keys.Expiration(until, r[1]), default);
        space.Expect(until);
        return Reply.Simple(held is null ? "ACQUIRED" : "RENEWED");
    }

    private static Reply Get(UserSpace space, Request r)
    {
        if (!space.Is(r[1], KeyType.Lease)) return Reply.WrongType;
        return space.Whole(r[1]) is { } lease
            ? Reply.Array(Reply.Simple("HOLDER: " + Encoding.UTF8.GetString(lease.Span[8..])), Reply.Simple($"REMAINING: {Keys.Number(lease.Span) - space.Clock} ms"))
            : Reply.Nil;
    }

    private static Reply Release(UserSpace space, Request r)
    {
        if (!space.Is(r[1], KeyType.Lease)) return Reply.WrongType;
        return space.Remove(r[1]) ? Reply.Ok : Reply.Nil;
    }

    private static Reply Pending(UserSpace space, Request r) => space.Array(
        [
            Reply.Bulk($"STATIC-CLOCK: {space.Clock}"), Reply.Bulk($"DYNAMIC-CLOCK: {space.DynamicClock}"),
            .. space.Rows.Under(Keys.Expirations).Select(row => Reply.Bulk((byte[])[.. Request.Decimal((long)Keys.Number(row.Key.Span)), .. ": "u8, .. row.Key.Span[8..]])),
        ]);
}
