using System.Collections.Immutable;

namespace Eos.Identity;

/// <summary>Who asks, as far as permission depends on it: what a gateway hands to directories with every question.</summary>
public sealed record Caller(uint Uid, uint Gid)
{
    /// <summary>Users with this id, and members of <see cref="AdminGroup"/>, administrate.</summary>
    public const uint AdminUser = 3;
    public const uint AdminGroup = 4;

    /// <summary>May read everything, as EOS's own services do.</summary>
    public const uint DaemonUser = 2;

    public static readonly Caller Root = new(0, 0);

    /// <summary>Groups beside <see cref="Gid"/>.</summary>
    public ImmutableArray<uint> Gids { get; init; } = [];

    /// <summary>Was given the right to act for others.</summary>
    public bool IsSudoer { get; init; }

    /// <summary>Names of the groups that rules with `egroup:` mean.</summary>
    public ImmutableArray<string> Groups { get; init; } = [];

    /// <summary>The key that rules with `k:` mean; empty: none.</summary>
    public string Key { get; init; } = "";

    /// <summary>What the caller calls its application.</summary>
    public string App { get; init; } = "";

    /// <summary>How it was proved who it is, and the name that was proved, as `sss:ann`; empty: not at all.</summary>
    public string Auth { get; init; } = "";

    /// <summary>What spaces say of the rules in directories: the same for all callers, sent along because directories know no configuration.</summary>
    public ImmutableArray<SpaceRule> SpaceRules { get; init; } = [];

    /// <summary>What directories have that others are linked to: sent along because directories do not ask each other.</summary>
    public ImmutableArray<LinkedAttribute> Links { get; init; } = [];

    /// <summary>Rights that come from a token and take the place of all others; null: none.</summary>
    public TokenGrant? Token { get; init; }

    public bool IsRoot => Uid == 0;
    public bool IsAdmin => Uid == AdminUser || IsIn(AdminGroup);

    /// <summary>Root, a sudoer or an administrator.</summary>
    public bool IsPrivileged => IsRoot || IsSudoer || IsAdmin;

    public bool IsIn(uint gid) => Gid == gid || Gids.Contains(gid);
}

/// <summary>What a token grants, and where.</summary>
/// <param name="Permission">The flags of one ACL rule, as `rwx`.</param>
/// <param name="Paths">A file or directory each. The gateway has compared them with what is asked for.</param>
/// <param name="Tree">Everything below too.</param>
public sealed record TokenGrant(string Permission, ImmutableArray<string> Paths, bool Tree);
