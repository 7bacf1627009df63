using System.Collections.Immutable;

namespace Eos.Identity;

/// <summary>
/// What all rules together say about one caller. Grants of all rules that match add up, and so do denials; then what is allowed again beats a denial, and a denial beats any grant.
/// The order of rules says nothing.
/// </summary>
/// <param name="Granted">Left after denials.</param>
/// <param name="Denied">Left after what is allowed again.</param>
/// <param name="Reallowed">Beats `!` and write-once.</param>
/// <param name="TakesOwnership">Has `c` from `user.acl`: may become the owner.</param>
public readonly record struct AclRights(AclFlags Granted, AclFlags Denied, AclFlags Reallowed, bool TakesOwnership)
{
    /// <summary>What an owner can't say of himself: quota, `sys.*`, allowing again what others deny, changing owners.</summary>
    private const AclFlags NotOfUser = AclFlags.SetQuota | AclFlags.SysAcl | AclFlags.SysAttributes | AclFlags.ChangeOwner;

    /// <summary>May make new files, but neither change nor remove any: `wo` without a `w` from another rule.</summary>
    public bool IsWriteOnce => Granted.HasFlag(AclFlags.WriteOnce) && !Granted.HasFlag(AclFlags.Write);

    public bool Grants(AclFlags flag) => (Granted & flag) != 0;
    public bool Denies(AclFlags flag) => (Denied & flag) != 0;

    /// <param name="sys">Of `sys.acl`, of the directory and of the file.</param>
    /// <param name="user">Of the `user.acl` that counts.</param>
    public static AclRights Of(Caller caller, ReadOnlySpan<AclRule> sys, ReadOnlySpan<AclRule> sysOfFile, ReadOnlySpan<AclRule> user)
    {
        var (grants, denials, reallows, takes) = (AclFlags.None, AclFlags.None, AclFlags.None, false);
        Add(caller, sys, ref grants, ref denials, ref reallows);
        Add(caller, sysOfFile, ref grants, ref denials, ref reallows);
        foreach (var rule in user)
        {
            if (!rule.Matches(caller)) continue;
            grants |= rule.Grants & ~NotOfUser;
            denials |= rule.Denials;
            takes |= rule.Grants.HasFlag(AclFlags.ChangeOwner);
        }
        return Settle(grants, denials, reallows, takes && !denials.HasFlag(AclFlags.ChangeOwner));
    }

    /// <summary>Of a token, whose flags take the place of all rules.</summary>
    public static AclRights Of(TokenGrant token) =>
        AclText.ParseFlags(token.Permission, isUser: false) is { } rule ? Settle(rule.Grants, rule.Denials, rule.Reallows, false) : default;

    private static AclRights Settle(AclFlags grants, AclFlags denials, AclFlags reallows, bool takes) =>
        new((grants & ~denials) | reallows, denials & ~reallows, reallows, takes);

    private static void Add(Caller caller, ReadOnlySpan<AclRule> rules, ref AclFlags grants, ref AclFlags denials, ref AclFlags reallows)
    {
        foreach (var rule in rules)
        {
            if (!rule.Matches(caller)) continue;
            grants |= rule.Grants;
            denials |= rule.Denials;
            reallows |= rule.Reallows;
        }
    }
}
