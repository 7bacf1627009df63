using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Identity;

/// <summary>Who a caller is, or why it is nobody here at all.</summary>
public readonly record struct Mapped(VirtualIdentity Who, Refusal? Refusal);

/// <summary>
/// Turns what a caller says, and what it has proved, into who it is. In EOS's order: nobody; the id that its proof has by name, if that way of proof is allowed; a gateway's word for its
/// users; root is a sudoer; a key; a token; what the rules say of the name; the role that it wants.
/// </summary>
public static class Mapping
{
    /// <param name="open">Opens the text of a token.</param>
    public static Mapped Map(Credentials c, VidBook book, UserBook users, Func<string, TokenCheck> open)
    {
        var who = Base(c, book, users) with { Geotag = book.GeotagOf(c.Host) };
        if (c.Key.Length > 0) who = ByKey(c, who, book, users);
        who = ByRule(c, who, book, users);
        if (c.Token.Length > 0)
        {
            var (bearer, refusal) = ByToken(c, who, book, users, open(c.Token));
            if (refusal is not null) return new Mapped(who, refusal);
            who = bearer;
        }
        return Named(InRole(c, Allowed(who, book), book, users));
    }

    /// <summary>As `sys.owner.auth` names it: `sss:ann`.</summary>
    private static Mapped Named(Mapped mapped) => mapped.Who.Proof == Proof.None
        ? mapped
        : mapped with { Who = mapped.Who with { Caller = mapped.Who.Caller with { Auth = $"{mapped.Who.Protocol}:{mapped.Who.Name}" } } };

    /// <summary>
    /// Holders of the instance's key are believed their number, and processes on a node's machine have theirs from the kernel. The subject of a certificate is nobody
    /// here unless a rule names it: whoever signs certificates does not say who is who in this instance.
    /// </summary>
    private static VirtualIdentity Base(Credentials c, VidBook book, UserBook users)
    {
        var nobody = VirtualIdentity.Nobody(c.Host, c.App) with { Proof = c.Proof };
        if (c.Proof == Proof.None) return IsGateway(c, book) ? Of(users.Find(c.Name) is { } user ? user : (c.Uid, c.Gid), nobody, users) : nobody;
        return c.Proof != Proof.Certificate && book.IsEnabled(c.Protocol) ? Of((c.Uid, c.Gid), nobody with { Name = c.Name }, users) : nobody;
    }

    /// <summary>A machine whose users are believed: `tident:"*@host":uid`.</summary>
    private static bool IsGateway(Credentials c, VidBook book) =>
        book.Maps.ContainsKey(new MapRule("tident", $"*@{c.Host}")) || book.Maps.ContainsKey(new MapRule("tident", $"{c.Protocol}@{c.Host}"));

    private static VirtualIdentity ByKey(Credentials c, VirtualIdentity who, VidBook book, UserBook users)
    {
        var rule = new[] { c.Protocol, "https", "grpc" }.Select(p => new MapRule(p, $"key:{c.Key}")).FirstOrDefault(book.Maps.ContainsKey);
        return rule.Protocol is null ? who : Of(Ids(book.Maps[rule], who), who, users) is var known ? known with { Caller = known.Caller with { Key = c.Key } } : who;
    }

    /// <summary>`vid set map -sss name vuid:… vgid:…`.</summary>
    private static VirtualIdentity ByRule(Credentials c, VirtualIdentity who, VidBook book, UserBook users) =>
        c.Proof != Proof.None && book.Maps.TryGetValue(new MapRule(c.Protocol, c.Name), out var ids) ? Of(Ids(ids, who), who, users) : who;

    private static Mapped ByToken(Credentials c, VirtualIdentity who, VidBook book, UserBook users, TokenCheck check)
    {
        if (check.Token is not { } token) return new Mapped(who, check.Refusal);
        if (!SignedToken.ComesFrom(token, c.Host, c.Name, c.Protocol)) return new Mapped(who, new Refusal(Errno.NotPermitted, "the token may not be used from here"));
        var (uid, gid) = (users.Uid(token.Owner) ?? who.Uid, users.Gid(token.Group) ?? who.Gid);
        var bearer = Of((uid, gid), who, users);
        var grant = new TokenGrant(token.Permission, token.Paths, token.Tree);
        var sudo = book.TokenSudo switch
        {
            TokenSudo.Always => true,
            TokenSudo.Encrypted => c.Proof is Proof.ClusterKey or Proof.Certificate,
            TokenSudo.Strong => c.Proof == Proof.ClusterKey,
            _ => false,
        };
        return new Mapped(bearer with { Token = token, Caller = bearer.Caller with { Token = grant, IsSudoer = bearer.Caller.IsSudoer && sudo } }, null);
    }

    private static VirtualIdentity Allowed(VirtualIdentity who, VidBook book) => who with
    {
        Uids = [who.Uid, .. book.Uids.GetValueOrDefault(who.Uid, []).Where(u => u != who.Uid)],
        Caller = who.Caller with
        {
            IsSudoer = who.Caller.Token is null ? who.Uid == 0 || book.Sudoers.Contains(who.Uid) : who.Caller.IsSudoer,
            Gids = [.. who.Caller.Gids.Union(book.Gids.GetValueOrDefault(who.Uid, []))],
        },
    };

    /// <summary>A role is taken by those who have it, and by sudoers.</summary>
    private static Mapped InRole(Credentials c, VirtualIdentity who, VidBook book, UserBook users)
    {
        if (c.RoleUid is null && c.RoleGid is null) return new Mapped(who, null);
        var (uid, gid) = (c.RoleUid ?? who.Uid, c.RoleGid ?? who.Gid);
        if (!who.IsSudoer && !who.Uids.Contains(uid)) return new Mapped(who, new Refusal(Errno.NotPermitted, $"{who.Name} may not act as user {users.User(uid)}"));
        if (!who.IsSudoer && !who.Gids.Contains(gid) && !(uid != who.Uid && users.Find(users.User(uid))?.Gid == gid))
            return new Mapped(who, new Refusal(Errno.NotPermitted, $"{who.Name} may not act as group {users.Group(gid)}"));
        if (uid == who.Uid && gid == who.Gid) return new Mapped(who, null);
        var role = Of((uid, gid), who, users);
        return new Mapped(role with { Caller = role.Caller with { IsSudoer = uid == 0 || book.Sudoers.Contains(uid) } }, null);
    }

    private static (uint Uid, uint Gid) Ids(MappedIds ids, VirtualIdentity who) => (ids.Uid ?? who.Uid, ids.Gid ?? who.Gid);

    /// <summary>The same caller as that user and group, with the further groups that the node knows of it.</summary>
    private static VirtualIdentity Of((uint Uid, uint Gid) ids, VirtualIdentity who, UserBook users)
    {
        var name = users.User(ids.Uid);
        var gids = users.Memberships(name);
        return who with
        {
            Name = name,
            Uids = [ids.Uid],
            Caller = who.Caller with { Uid = ids.Uid, Gid = ids.Gid, Gids = gids, Groups = [.. gids.Append(ids.Gid).Distinct().Select(users.Group)] },
        };
    }
}
