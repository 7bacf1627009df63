namespace Eos.Identity;

/// <summary>What is wanted of a directory. The numbers are the permission bits.</summary>
[Flags]
public enum Need
{
    None = 0,
    Enter = 1,
    Write = 2,
    Read = 4,
}

/// <summary>Permission by mode bits: owner, group, others, as in POSIX; uid 0 may all.</summary>
public static class Permission
{
    /// <summary>Only owners of a file or of the directory may remove or rename there.</summary>
    public const uint Sticky = 0x200;

    /// <summary>New directories take over mode and extended attributes. EOS sets it by default.</summary>
    public const uint Inherit = 0x400;

    public static bool Allows(uint mode, uint ownerUid, uint ownerGid, uint uid, uint gid, Need need)
    {
        if (uid == 0) return true;
        var bits = uid == ownerUid ? mode >> 6 : gid == ownerGid ? mode >> 3 : mode;
        return ((uint)need & ~bits & 7) == 0;
    }
}
