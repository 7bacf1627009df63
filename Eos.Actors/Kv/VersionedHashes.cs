namespace Eos.Kv;

/// <summary>Hashes with a version: each transaction that changes one moves its version by one, however many commands it has.
/// The descriptor's First is the version; it stays when the hash is empty.</summary>
internal static class VersionedHashes
{
    public static readonly Command[] Commands =
    [
        new("vhset", Arity.Exactly(4), Access.Write, Set),
        new("vhdel", Arity.AtLeast(3), Access.Write, Delete),
        new("vhgetall", Arity.Exactly(2), Access.Read, All),
        new("vhlen", Arity.Exactly(2), Access.Read, (space, r) => space.Open(r[1], KeyType.VersionedHash, out var head) ? Reply.Integer(head.Size) : Reply.WrongType),
    ];

    private static Reply All(UserSpace space, Request r)
    {
        if (!space.Open(r[1], KeyType.VersionedHash, out var head)) return Reply.WrongType;
        var fields = space.Array(space.Rows.Under(Keys.Fields(r[1])).SelectMany(Hashes.Pair));
        return fields is Reply.ErrorReply ? fields : Reply.Array(Reply.Integer(head.First), fields);
    }

    private static Reply Set(UserSpace space, Request r)
    {
        if (!space.Open(r[1], KeyType.VersionedHash, out var head)) return Reply.WrongType;
        Hashes.Put(space, r[1], ref head, r[2], r[3]);
        return Changed(space, r, head, r[2], r[3]);
    }

    private static Reply Delete(UserSpace space, Request r)
    {
        if (!space.Open(r[1], KeyType.VersionedHash, out var head)) return Reply.WrongType;
        var reply = Reply.Integer(head.First);
        for (var i = 2; i < r.Count; i++)
        {
            if (!Hashes.Drop(space, r[1], ref head, r[i])) continue;
            reply = Changed(space, r, head, r[i], default);
            space.Open(r[1], KeyType.VersionedHash, out head);
        }
        return reply;
    }

    private static Reply Changed(UserSpace space, Request r, KeyHead head, ReadOnlySpan<byte> field, ReadOnlySpan<byte> value)
    {
        if (space.Changed(r[1], field, value) || head.First == 0) head = head with { First = head.First + 1 };
        space.Save(r[1], head);
        return Reply.Integer(head.First);
    }
}
