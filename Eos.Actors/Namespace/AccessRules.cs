using Eos.Identity;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>What a caller wants to do in or with a directory.</summary>
public enum Intent
{
    /// <summary>Pass through to what is below.</summary>
    Enter,

    /// <summary>List names, or read a file.</summary>
    Read,

    /// <summary>Make a new name.</summary>
    Create,

    /// <summary>Write into or replace a file that is there.</summary>
    Update,

    /// <summary>Remove a name.</summary>
    Delete,

    /// <summary>Take a name away by renaming.</summary>
    RenameOut,

    /// <summary>Bring a name in by renaming.</summary>
    RenameIn,
}

/// <summary>
/// The one place that decides who may do what: in a directory, and with one of its entries where one is given. Denied reads are EACCES, all others EPERM.
/// Null: allowed.
/// </summary>
public static class AccessRules
{
    public static bool May(Caller caller, DirectoryRecord directory, Intent intent) => Check(caller, directory, intent) is null;

    /// <summary>In a directory, whatever the entry.</summary>
    public static Refusal? Check(Caller caller, DirectoryRecord directory, Intent intent) => Judge(caller, directory, intent, null);

    /// <summary>With one of a directory's entries, or with a name that it does not have.</summary>
    public static Refusal? Check(Caller caller, DirectoryRecord directory, Intent intent, DirectoryEntry? entry) => entry switch
    {
        null => Judge(caller, directory, intent, null),
        FileEntry file => Check(caller, directory, intent, file.File),
        ChildEntry child => Judge(caller, directory, intent, child.Seed.Owner),
        _ => throw new InvalidOperationException($"no owner of {entry.GetType().Name}"),
    };

    /// <summary>With one of a directory's files.</summary>
    public static Refusal? Check(Caller caller, DirectoryRecord directory, Intent intent, FileRecord file) => Judge(caller, directory, intent, file.Owner);

    private static Refusal? Judge(Caller caller, DirectoryRecord directory, Intent intent, Owner? of)
    {
        if (caller.IsRoot) return null;
        var has = Permission.Of(directory.Mode, directory.Owner.Uid, directory.Owner.Gid, caller);
        if (caller.Uid == Caller.DaemonUser) has |= Need.Read | Need.Enter;
        return intent switch
        {
            Intent.Enter => has.HasFlag(Need.Enter) ? null : new Refusal(Errno.AccessDenied, "no permission to enter"),
            Intent.Read => has.HasFlag(Need.Enter | Need.Read) ? null : new Refusal(Errno.AccessDenied, "no permission to read"),
            _ when !has.HasFlag(Need.Enter | Need.Write) => new Refusal(Errno.NotPermitted, "no write permission in the directory"),
            Intent.Delete or Intent.RenameOut or Intent.Update when of is { } owner && !MayTake(caller, directory, owner) =>
                new Refusal(Errno.NotPermitted, "the directory is sticky, and this belongs to somebody else"),
            _ => null,
        };
    }

    /// <summary>In a sticky directory only the owner of the entry or of the directory may take it away.</summary>
    private static bool MayTake(Caller caller, DirectoryRecord directory, Owner owner) =>
        (directory.Mode & Permission.Sticky) == 0 || caller.Uid == owner.Uid || caller.Uid == directory.Owner.Uid;
}
