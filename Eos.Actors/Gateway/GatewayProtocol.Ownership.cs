using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Gateway;

/// <summary>Mode, owner, rules and attributes, of files and directories.</summary>
public static partial class GatewayProtocol
{
    /// <summary>A request that changes what one entry is. <see cref="OwnershipCommands"/> makes the same change of any entry, for walks.</summary>
    public interface IOwnershipRequest : IRequest
    {
        string Path { get; }

        /// <summary>A symbolic link itself is meant, not what it points to.</summary>
        bool OfLink => false;

        /// <summary>All below too, as far as it applies there; answered <see cref="TreeDone"/>.</summary>
        bool Recursive { get; }
    }

    /// <summary>`chmod`. The directory inherits unless 04000 is among the bits.</summary>
    public sealed record ChangeMode(Head Head, string Path, uint Mode) : IOwnershipRequest
    {
        public bool Recursive { get; init; }
    }

    /// <summary>`chown`. Names or numbers as the instance's node knows them, EINVAL if it does not; empty: stays.</summary>
    public sealed record ChangeOwner(Head Head, string Path, string User, string Group, bool OfLink) : IOwnershipRequest
    {
        public bool Recursive { get; init; }
    }

    /// <summary>`acl`: changes one rule where it is.</summary>
    /// <param name="Edit">`u:ann=rwx`, `g:zp:+w-d`, `u:7=`…</param>
    /// <param name="OfUser">`user.acl`, or `sys.acl`; null: a sudoer's is `sys.acl`, others' `user.acl`.</param>
    /// <param name="Position">Where the rule is to be, from 1; null: where it is, a new one at the end.</param>
    public sealed record EditAcl(Head Head, string Path, string Edit, bool? OfUser, uint? Position) : IOwnershipRequest
    {
        public bool Recursive { get; init; }
    }

    /// <summary>Sets extended attributes, or takes one away.</summary>
    /// <param name="Removed">A key, ENODATA if it is not there; empty: none.</param>
    /// <param name="OnlyNew">EEXIST if one of the keys is there.</param>
    public sealed record ChangeAttributes(Head Head, string Path, ImmutableSortedDictionary<string, string> Set, string Removed, bool OnlyNew) : IOwnershipRequest
    {
        public bool Recursive { get; init; }
    }

    /// <summary>`attr fold`: takes away what a directory has as its own although the linked one has the same.</summary>
    public sealed record FoldAttributes(Head Head, string Path) : IRequest;

    /// <summary>`attr ls` and `attr get`. Answered <see cref="AttributeList"/>.</summary>
    public sealed record ReadAttributes(Head Head, string Path) : ILook;

    /// <summary>`acl -l`. Answered <see cref="AclListing"/>.</summary>
    public sealed record ReadAcl(Head Head, string Path) : ILook;

    /// <summary>What counts: own attributes, and those of the linked directory that are not there. `sys.*` only for those who may change some of it.</summary>
    public sealed record AttributeList(OpId Op, string Path, ImmutableSortedDictionary<string, string> Attributes) : IFinal;

    /// <summary>Both texts with names in place of numbers; empty: there is none.</summary>
    public sealed record AclListing(OpId Op, string Path, string Sys, string User) : IFinal;
}
