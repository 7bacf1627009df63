namespace Eos.Kv;

/// <summary>Settings of the whole group, set by hand while it runs. Values are not judged here.</summary>
internal static class Configuration
{
    public static readonly Command[] Commands =
    [
        new("config-get", Arity.Exactly(2), Access.Read, (space, r) => Reply.BulkOrNil(space.Rows.Get(Keys.Config(r[1])))),
        new("config-set", Arity.Exactly(3), Access.Write, Set),
        new("config-getall", Arity.Exactly(1), Access.Read, (space, _) =>
            space.Array(space.Rows.Under(Keys.Configuration).SelectMany(row => new[] { Reply.Bulk(row.Key), Reply.Bulk(row.Value) }))),
    ];

    private static Reply Set(UserSpace space, Request r)
    {
        space.Rows.Put(Keys.Config(r[1]), r[2]);
        return Reply.Ok;
    }
}
