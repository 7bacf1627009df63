using Eos.Identity;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>Which routine carries out which request.</summary>
public static class Routes
{
    /// <summary>Null: the gateway answers by itself.</summary>
    public static Routine? Of(IRequest request, VirtualIdentity who, RoutineFacts facts) => request switch
    {
        MakeDirectory x => new MakeDirectoryRoutine(x, who, facts),
        RemoveFile x => new RemoveFileRoutine(x, who, facts),
        RemoveDirectory x => new RemoveDirectoryRoutine(x, who, facts),
        RemoveTree x => new RemoveTreeRoutine(x, who, facts),
        Rename x => new RenameRoutine(x, who, facts),
        AdjustReplicas x => new AdjustRoutine(x, who, facts),
        VerifyReplicas x => new VerifyRoutine(x, who, facts),
        CopyReplica x => new CopyReplicaRoutine(x, who, facts),
        ChangeLayout x => new LayoutRoutine(x, who, facts),
        DropReplica x => new DropReplicaRoutine(x, who, facts),
        IOwnershipRequest x => new OwnershipRoutine(x, who, facts),
        FoldAttributes x => new FoldAttributesRoutine(x, who, facts),
        ReadAttributes x => new ReadAttributesRoutine(x, who, facts),
        ReadAcl x => new ReadAclRoutine(x, who, facts),
        MakeLink x => new MakeLinkRoutine(x, who, facts),
        TouchFile x => new TouchRoutine(x, who, facts),
        RenameWithLink x => new RenameWithLinkRoutine(x, who, facts),
        TagPlace x => new TagPlaceRoutine(x, who, facts),
        OpenWrite x => new OpenWriteRoutine(x, who, facts),
        OpenRead x => new OpenReadRoutine(x, who, facts),
        CheckNamespace x => new CheckRoutine(x, who, facts),
        Find x => new FindRoutine(x, who, facts),
        List x => new ListRoutine(x, who, facts),
        Stat x => new StatRoutine(x, who, facts),
        Inform x => new InformRoutine(x, who, facts),
        MoveMaster or SetMasterFailover or ClearMasterLog or ReadMasterLog => new MasterRoutine(request, who, facts),
        Administer x => AdminRoutine.Of(x, who, facts),
        _ => null,
    };

    /// <summary>`config save` is `ConfigSave`; what nobody knows is not counted by its name.</summary>
    private static string AdminName(Administer x) =>
        AdminTable.All.ContainsKey((x.Noun, x.Verb)) ? string.Concat($"{x.Noun} {x.Verb}".Split(' ', '-', '_').Where(w => w.Length > 0).Select(w => char.ToUpperInvariant(w[0]) + w[1..])) : "Admin";

    /// <summary>The word for a request in statistics, as EOS has it.</summary>
    public static string NameOf(IRequest request) => request switch
    {
        MakeDirectory => "Mkdir",
        RemoveFile => "Rm",
        RemoveDirectory => "RmDir",
        RemoveTree => "RmTree",
        Rename => "Rename",
        AdjustReplicas => "AdjustReplica",
        VerifyReplicas => "VerifyStripe",
        CopyReplica { Moves: true } => "MoveStripe",
        CopyReplica => "ReplicateStripe",
        ChangeLayout => "SetLayout",
        DropReplica => "DropStripe",
        ChangeAttributes { Removed.Length: > 0 } => "AttrRm",
        ChangeAttributes or FoldAttributes => "AttrSet",
        ReadAttributes => "AttrLs",
        ReadAcl or EditAcl => "Acl",
        ChangeMode => "Chmod",
        ChangeOwner => "Chown",
        MakeLink => "Symlink",
        TouchFile => "Touch",
        RenameWithLink => "RenameWithSymlink",
        TagPlace => "Tag",
        OpenWrite => "OpenWrite",
        OpenRead => "OpenRead",
        Find => "Find",
        List => "Ls",
        Stat => "Stat",
        Inform => "FileInfo",
        AskVersion => "Version",
        AskStatistics => "NsStat",
        MoveMaster or SetMasterFailover or ClearMasterLog or ReadMasterLog => "NsMaster",
        Administer x => AdminName(x),
        _ => request.GetType().Name,
    };
}
