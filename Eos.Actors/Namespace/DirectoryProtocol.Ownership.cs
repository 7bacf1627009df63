using System.Collections.Immutable;
using Eos.Identity;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>Mode, owner, rules and attributes, of the directory itself (name empty) and of its files.</summary>
public static partial class DirectoryProtocol
{
    /// <summary>An entry of the directory, or itself.</summary>
    public interface IOwnershipCommand : ICommand
    {
        /// <summary>Of a file here; empty: the directory itself.</summary>
        string Name { get; }
    }

    /// <summary>Gives permission bits, masked by `sys.mask`; a directory inherits unless <see cref="OwnershipRules.NoInheritance"/> is among them.</summary>
    public sealed record ChangeMode(DirectoryId Directory, Call Call, string Name, uint Mode) : IOwnershipCommand;

    /// <summary>Null: stays.</summary>
    public sealed record ChangeOwner(DirectoryId Directory, Call Call, string Name, uint? Uid, uint? Gid) : IOwnershipCommand;

    /// <summary>Changes one rule of `sys.acl` or `user.acl`, of those that are there when it comes: edits at the same time lose nothing.</summary>
    /// <param name="Edit">As <see cref="Identity.AclEdit"/> reads it, with numeric ids.</param>
    /// <param name="Position">Where the rule is to be, from 1; null: where it is, a new one at the end.</param>
    public sealed record EditAcl(DirectoryId Directory, Call Call, string Name, bool OfUser, string Edit, uint? Position) : IOwnershipCommand;

    /// <summary>Changes extended attributes.</summary>
    /// <param name="Removed">Keys to take away, ENODATA if one is not there.</param>
    /// <param name="OnlyNew">EEXIST if one of the keys is there.</param>
    public sealed record SetAttributes(
        DirectoryId Directory, Call Call, string Name, ImmutableSortedDictionary<string, string> Set, ImmutableArray<string> Removed, bool OnlyNew) : IOwnershipCommand;

    /// <summary>From a sub-directory: its owner or mode has changed. May be lost: then what the parent says of it is old until the next change.</summary>
    public sealed record ChildIs(DirectoryId Directory, Call Call, DirectoryId Child, Owner Owner, uint Mode) : ICommand;

    /// <summary>Nothing happened: the directory is linked to another one, whose attributes are to come with the caller (<see cref="Caller.Links"/>).</summary>
    public sealed record LinkWanted(DirectoryId Directory, OpId Op, string Link) : IReply;

    /// <param name="Name">Empty: of the directory itself, here and in the events below.</param>
    public sealed record ModeChanged(Stamp Stamp, string Name, uint Mode) : IEvent;
    public sealed record OwnerChanged(Stamp Stamp, string Name, Owner Owner) : IEvent;
    public sealed record ChildLearnt(Stamp Stamp, string Name, DirectoryId Child, Owner Owner, uint Mode) : IEvent;
    public sealed record AttributesChanged(Stamp Stamp, string Name, ImmutableSortedDictionary<string, string> Set, ImmutableArray<string> Removed) : IEvent;
}
