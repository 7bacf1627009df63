namespace Eos.Identity;

/// <summary>The permission bits of one class of callers.</summary>
[Flags]
public enum Need
{
    None = 0,
    Enter = 1,
    Write = 2,
    Read = 4,
}

/// <summary>Permission by mode bits: owner, group, others, as in POSIX.</summary>
public static class Permission
{
    /// <summary>Only owners of a file or of the directory may remove or rename there.</summary>
    public const uint Sticky = 0x200;

    /// <summary>New directories take over mode and extended attributes. EOS sets it by default.</summary>
    public const uint Inherit = 0x400;

    /// <summary>What the bits give to this caller.</summary>
    public static Need Of(uint mode, uint ownerUid, uint ownerGid, Caller caller) =>
        (Need)((caller.Uid == ownerUid ? mode >> 6 : caller.IsIn(ownerGid) ? mode >> 3 : mode) & 7);
}
