using Eos.Identity;

namespace Eos.Gateway;

/// <summary>How much one find may find: what `access set limit N rate:user|group:NAME:FindFiles|FindDirs` says, else the gateway's settings. 0: no limit.</summary>
public readonly record struct FindLimits(ulong Files, ulong Directories)
{
    private const string FilesCounter = "FindFiles", DirectoriesCounter = "FindDirs";

    public static readonly FindLimits None = new(0, 0);

    /// <summary>Administrators and sudoers have none. For others the user's rule counts before the group's, and both before those for all.</summary>
    public static FindLimits Of(AccessBook book, VirtualIdentity who, UserBook users, GatewaySettings settings)
    {
        return who.Caller.IsPrivileged ? None : new FindLimits(Limit(FilesCounter) ?? settings.FindFiles, Limit(DirectoriesCounter) ?? settings.FindDirectories);

        ulong? Limit(string counter) =>
            new[] { $"user:{users.User(who.Uid)}", $"group:{users.Group(who.Gid)}", "user:*", "group:*" }
                .Select(subject => book.Limits.TryGetValue($"rate:{subject}:{counter}", out var most) ? most : (ulong?)null).FirstOrDefault(most => most is not null);
    }

    /// <summary>Whether that is more than may be found.</summary>
    public bool AreOver(ulong files, ulong directories) => (Files > 0 && files > Files) || (Directories > 0 && directories > Directories);
}
