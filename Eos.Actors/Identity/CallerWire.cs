using System.Collections.Immutable;
using Eos.Wire;

namespace Eos.Identity;

/// <summary>The bytes of a caller. One with nothing but its two numbers costs two fields.</summary>
public static class CallerWire
{
    public static readonly Shape<string> NameShape = new("name", (v, w) => w.Text(1, v), r => r.Text(1));

    private static readonly Shape<TokenGrant> GrantShape = new(
        "token-grant",
        (v, w) => { w.Text(1, v.Permission); w.Parts(2, NameShape, v.Paths); w.Flag(3, v.Tree); },
        r => new TokenGrant(r.Text(1), r.Parts(2, NameShape), r.Flag(3)));

    private static readonly Shape<SpaceRule> RuleShape = new(
        "space-rule", (v, w) => { w.Text(1, v.Space); w.Text(2, v.Key); w.Text(3, v.Value); }, r => new SpaceRule(r.Text(1), r.Text(2), r.Text(3)));

    private static readonly Shape<LinkedAttribute> LinkedShape = new(
        "linked-attribute", (v, w) => { w.Text(1, v.Link); w.Text(2, v.Key); w.Text(3, v.Value); }, r => new LinkedAttribute(r.Text(1), r.Text(2), r.Text(3)));

    public static readonly Shape<Caller> Shape = new(
        "caller",
        (v, w) =>
        {
            w.UInt(1, v.Uid);
            w.UInt(2, v.Gid);
            if (!v.Gids.IsEmpty) w.UInts(4, [.. v.Gids.Select(g => (ulong)g)]);
            w.Flag(5, v.IsSudoer);
            w.Parts(6, NameShape, v.Groups);
            w.Text(7, v.Key);
            w.Text(8, v.App);
            w.Part(9, GrantShape, v.Token);
            w.Text(10, v.Auth);
            w.Parts(13, RuleShape, v.SpaceRules);
            w.Parts(14, LinkedShape, v.Links);
        },
        r => new Caller(r.UInt32(1), r.UInt32(2))
        {
            Gids = Numbers(r.UInts(4)),
            IsSudoer = r.Flag(5),
            Groups = r.Parts(6, NameShape),
            Key = r.Text(7),
            App = r.Text(8),
            Token = r.OptionalPart(9, GrantShape),
            Auth = r.Text(10),
            SpaceRules = r.Parts(13, RuleShape),
            Links = r.Parts(14, LinkedShape),
        });

    private static ImmutableArray<uint> Numbers(ImmutableArray<ulong> values) => values.IsEmpty ? [] : [.. values.Select(v => checked((uint)v))];
}
