namespace Eos.Kv;

/// <summary>Locality hashes that are being filled from an ordinary hash: each command looks at both or moves a field across.</summary>
internal static class LocalityFallbacks
{
    public static readonly Command[] Commands =
    [
        new("lhget-with-fallback", Arity.Between(4, 5), Access.Read, Get),
        new("lhdel-with-fallback", Arity.Exactly(4), Access.Write, Delete),
        new("lhset-and-del-fallback", Arity.Exactly(6), Access.Write, Set),
        new("convert-hash-field-to-lhash", Arity.Exactly(6), Access.Write, Convert),
    ];

    private static Reply Get(UserSpace space, Request r)
    {
        var found = LocalityHashes.Get(space, r, r.Count == 5 ? r[3] : default);
        return found is Reply.NilValue ? Hashes.Get(space, r[r.Count - 1], r[2]) : found;
    }

    /// <summary>From the locality hash, or, if it is not there, from the fallback: as QuarkDB does it, one of the two.</summary>
    private static Reply Delete(UserSpace space, Request r)
    {
        if (space.Open(r[1], KeyType.LocalityHash, out var head) && LocalityHashes.Drop(space, r[1], ref head, r[2]))
        {
            space.Save(r[1], head);
            return Reply.One;
        }
        if (!space.Open(r[3], KeyType.Hash, out var fallback)) return Reply.WrongType;
        if (!Hashes.Drop(space, r[3], ref fallback, r[2])) return Reply.Zero;
        space.Save(r[3], fallback);
        return Reply.One;
    }

    /// <summary>A fallback that is no hash is left alone, and so is a field of it whose new place was refused.</summary>
    private static Reply Set(UserSpace space, Request r)
    {
        if (!space.Open(r[1], KeyType.LocalityHash, out var head)) return Reply.WrongType;
        var created = LocalityHashes.Put(space, r[1], ref head, r[2], r[3], r[4]);
        if (created) space.Save(r[1], head);
        if (space.Open(r[5], KeyType.Hash, out var fallback) && Hashes.Drop(space, r[5], ref fallback, r[2])) space.Save(r[5], fallback);
        return Reply.Integer(created ? 1 : 0);
    }

    private static Reply Convert(UserSpace space, Request r)
    {
        var free = space.Open(r[3], KeyType.LocalityHash, out var target);
        if (free && space.Rows.Has(Keys.Hint(r[3], r[4]))) return Reply.Err("Destination field already exists!");
        if (!space.Open(r[1], KeyType.Hash, out var source)) return Reply.WrongType;
        if (space.Rows.Get(Keys.Field(r[1], r[2])) is not { } value) return Reply.Err("NotFound: ");
        if (!free) return Reply.WrongType;
        LocalityHashes.Put(space, r[3], ref target, r[4], r[5], value.Span);
        space.Save(r[3], target);
        Hashes.Drop(space, r[1], ref source, r[2]);
        space.Save(r[1], source);
        return Reply.Ok;
    }
}
