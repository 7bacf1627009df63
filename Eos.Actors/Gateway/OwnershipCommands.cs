using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>Turns a request for a change of an entry into the command that a directory understands: names become numbers, once, and the command fits every entry of a tree.</summary>
public static class OwnershipCommands
{
    /// <summary>A command to a directory, for itself (name empty) or one of its files.</summary>
    public delegate DirectoryProtocol.IOwnershipCommand Make(DirectoryId directory, DirectoryProtocol.Call call, string name);

    /// <summary>EINVAL for names that nobody has, and for what is no rule.</summary>
    public static (Make? Command, Refusal? Refusal) Of(IOwnershipRequest request, VirtualIdentity who, UserBook users)
    {
        switch (request)
        {
            case ChangeMode x: return ((d, call, name) => new DirectoryProtocol.ChangeMode(d, call, name, x.Mode), null);
            case ChangeOwner x: return Owner(x, users);
            case EditAcl x: return Acl(x, who, users);
            case ChangeAttributes x:
                var (set, removed) = (x.Set, x.Removed.Length == 0 ? System.Collections.Immutable.ImmutableArray<string>.Empty : [x.Removed]);
                foreach (var key in new[] { EntryAcl.SysKey, EntryAcl.UserKey })
                    if (set.TryGetValue(key, out var text)) set = set.SetItem(key, AclText.Numbered(text, users.Uid, users.Gid));
                return ((d, call, name) => new DirectoryProtocol.SetAttributes(d, call, name, set, removed, x.OnlyNew), null);
            default: return (null, new Refusal(Errno.NotSupported, $"{request.GetType().Name} is not known here"));
        }
    }

    private static (Make?, Refusal?) Owner(ChangeOwner x, UserBook users)
    {
        var (uid, gid) = (x.User.Length == 0 ? null : users.Uid(x.User), x.Group.Length == 0 ? null : users.Gid(x.Group));
        if (x.User.Length > 0 && uid is null) return (null, new Refusal(Errno.Invalid, $"no user '{x.User}'"));
        if (x.Group.Length > 0 && gid is null) return (null, new Refusal(Errno.Invalid, $"no group '{x.Group}'"));
        return uid is null && gid is null
            ? (null, new Refusal(Errno.Invalid, "neither a user nor a group"))
            : ((d, call, name) => new DirectoryProtocol.ChangeOwner(d, call, name, uid, gid), null);
    }

    private static (Make?, Refusal?) Acl(EditAcl x, VirtualIdentity who, UserBook users)
    {
        var (edit, ofUser) = (AclText.Numbered(x.Edit, users.Uid, users.Gid), x.OfUser ?? !who.IsSudoer);
        return AclEdit.Parse(edit, ofUser).Bad is { } bad
            ? (null, bad)
            : ((d, call, name) => new DirectoryProtocol.EditAcl(d, call, name, ofUser, edit, x.Position), null);
    }
}
