using Eos.Identity;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>
/// The one place that decides who may do what: in a directory, and with one of its entries where one is given. Denied reads are EACCES, all others EPERM; null: allowed.
/// <para>
/// Root may all. A right comes from the mode bits of the directory or from its rules; `!` takes it away from both. The rules are those of the directory's `sys.acl` and of the file's, and
/// of one `user.acl`: the file's where the file has `sys.eval.useracl`, else the directory's where the directory has it. A token takes the place of bits and rules. Changing what an entry
/// *is* (mode, owner, attributes) is in <see cref="OwnershipRules"/>.
/// </para>
/// </summary>
public static class AccessRules
{
    public static bool May(Caller caller, DirectoryRecord directory, Intent intent) => Check(caller, directory, intent) is null;

    /// <summary>In a directory, whatever the entry.</summary>
    public static Refusal? Check(Caller caller, DirectoryRecord directory, Intent intent) => Judge(caller, directory, intent, null, null);

    /// <summary>With one of a directory's entries, or with a name that it does not have.</summary>
    public static Refusal? Check(Caller caller, DirectoryRecord directory, Intent intent, DirectoryEntry? entry) => entry switch
    {
        null => Judge(caller, directory, intent, null, null),
        FileEntry file => Check(caller, directory, intent, file.File),
        ChildEntry child => Judge(caller, directory, intent, child.Seed.Owner, null),
        _ => throw new InvalidOperationException($"no owner of {entry.GetType().Name}"),
    };

    /// <summary>With one of a directory's files.</summary>
    public static Refusal? Check(Caller caller, DirectoryRecord directory, Intent intent, FileRecord file) => Judge(caller, directory, intent, file.Owner, file);

    /// <summary>All that the rules say about a caller, in a directory and with one of its files.</summary>
    public static AclRights RightsOf(Caller caller, DirectoryRecord directory, FileRecord? file = null)
    {
        if (caller.Token is { } token) return AclRights.Of(token);
        var (acl, own) = (AclOf(caller, directory), file is null ? EntryAcl.None : EntryAcl.Of(file.Attributes));
        if (acl.IsEmpty && own.IsEmpty) return default;
        var user = own.EvaluatesUser ? own.User : acl.EvaluatesUser ? acl.User : [];
        return AclRights.Of(caller, acl.Sys.AsSpan(), own.Sys.AsSpan(), user.AsSpan());
    }

    /// <summary>The directory's rules, with those of the directory that it is linked to and of its space.</summary>
    private static EntryAcl AclOf(Caller caller, DirectoryRecord directory)
    {
        if (caller.SpaceRules.IsEmpty && caller.Links.IsEmpty) return directory.Acl;
        var attributes = AttributeRules.Effective(caller, directory);
        var space = SpaceAttributes.SpaceOf(attributes);
        var rules = caller.SpaceRules.Where(r => r.Space == space).Select(r => KeyValuePair.Create(r.Key, r.Value)).ToList();
        var all = rules.Count == 0 ? attributes : SpaceAttributes.Over(attributes, rules);
        return ReferenceEquals(all, directory.Attributes) ? directory.Acl : EntryAcl.Of(all);
    }

    private static Refusal? Judge(Caller caller, DirectoryRecord directory, Intent intent, Owner? of, FileRecord? file)
    {
        if (caller.IsRoot) return null;
        var bits = caller.Token is null ? Permission.Of(directory.Mode, directory.Owner.Uid, directory.Owner.Gid, caller) : Need.None;
        var rights = RightsOf(caller, directory, file);
        var enters = !rights.Denies(AclFlags.Browse)
            && (caller.Uid == Caller.DaemonUser || bits.HasFlag(Need.Enter) || rights.Grants(AclFlags.Browse | AclFlags.Read | AclFlags.Write | AclFlags.WriteOnce));
        if (intent == Intent.Enter) return enters ? null : new Refusal(Errno.AccessDenied, "no permission to enter");
        if (intent == Intent.Read)
        {
            var reads = caller.Uid == Caller.DaemonUser || (!rights.Denies(AclFlags.Read) && (bits.HasFlag(Need.Read) || rights.Grants(AclFlags.Read)));
            return enters && reads ? null : new Refusal(Errno.AccessDenied, "no permission to read");
        }

        if (rights.Grants(AclFlags.Immutable)) return No("the directory is immutable");
        var writesByBits = bits.HasFlag(Need.Enter | Need.Write);
        if (!enters || rights.Denies(AclFlags.Write) || !(writesByBits || rights.Grants(AclFlags.Write | AclFlags.WriteOnce))) return No("no write permission in the directory");
        return intent switch
        {
            Intent.Update when MayNot(rights, AclFlags.Update) => No("no permission to change what is there"),
            Intent.Update when of is { } owner && !MayTake(caller, directory, owner) => No("the directory is sticky, and this belongs to somebody else"),
            Intent.Delete or Intent.RenameOut => Delete(caller, directory, rights, writesByBits, of),
            _ => null,
        };
    }

    private static Refusal? Delete(Caller caller, DirectoryRecord directory, AclRights rights, bool writesByBits, Owner? of)
    {
        if (of is { } owner && !MayTake(caller, directory, owner)) return No("the directory is sticky, and this belongs to somebody else");
        if (rights.IsWriteOnce && MayNot(rights, AclFlags.Delete)) return No("what is written once can't be removed");
        var isExempt = of?.Uid == caller.Uid || (caller.Uid == directory.Owner.Uid && writesByBits);
        return rights.Denies(AclFlags.Delete) && !isExempt ? No("no permission to remove") : null;
    }

    /// <summary>In a sticky directory only the owner of the entry or of the directory may take it away.</summary>
    private static bool MayTake(Caller caller, DirectoryRecord directory, Owner owner) =>
        (directory.Mode & Permission.Sticky) == 0 || caller.Uid == owner.Uid || caller.Uid == directory.Owner.Uid;

    private static bool MayNot(AclRights rights, AclFlags flag) => rights.Denies(flag) || (rights.IsWriteOnce && !rights.Reallowed.HasFlag(flag));

    private static Refusal No(string text) => new(Errno.NotPermitted, text);
}
