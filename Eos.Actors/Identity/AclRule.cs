namespace Eos.Identity;

/// <summary>What a rule can say about. `d` and `u` can be denied and re-allowed only.</summary>
[Flags]
public enum AclFlags
{
    None = 0,
    Read = 1 << 0,
    Write = 1 << 1,
    WriteOnce = 1 << 2,
    Browse = 1 << 3,
    ChangeMode = 1 << 4,
    Immutable = 1 << 5,
    SetQuota = 1 << 6,
    ChangeOwner = 1 << 7,
    Archive = 1 << 8,
    SysAcl = 1 << 9,
    SysAttributes = 1 << 10,
    Prepare = 1 << 11,
    IssueTokens = 1 << 12,
    Delete = 1 << 13,
    Update = 1 << 14,
}

/// <summary>Whom a rule is about.</summary>
public enum AclSubject
{
    User,
    Group,
    EGroup,
    Key,
    Everybody,
}

/// <summary>One rule: whom it is about, and what it grants, denies and allows again.</summary>
/// <param name="Id">Of a user or group.</param>
/// <param name="Name">Of an egroup or key.</param>
public sealed record AclRule(AclSubject Subject, uint Id, string Name, AclFlags Grants, AclFlags Denials, AclFlags Reallows)
{
    public bool SaysNothing => (Grants | Denials | Reallows) == AclFlags.None;

    public bool IsAbout(AclRule other) => Subject == other.Subject && Id == other.Id && Name == other.Name;

    /// <summary>Gid 0 is in nobody's favour: too many programs run with it.</summary>
    public bool Matches(Caller caller) => Subject switch
    {
        AclSubject.User => caller.Uid == Id,
        AclSubject.Group => Id != 0 && caller.IsIn(Id),
        AclSubject.EGroup => caller.Groups.Contains(Name),
        AclSubject.Key => caller.Key == Name,
        _ => true,
    };

    public override string ToString() => AclText.Write(this, null);
}
