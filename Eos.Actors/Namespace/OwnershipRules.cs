using System.Collections.Immutable;
using Eos.Identity;
using Eos.Kernel;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <summary>Changing what an entry is: its mode, its owner. Of a directory by its own rules, of a file by those of its directory and its own. EPERM; null: allowed.</summary>
public static class OwnershipRules
{
    /// <summary>A directory with this attribute masks every mode that is given, and then nobody is kept from giving one.</summary>
    public const string MaskKey = "sys.mask";

    public const string OwnerKey = "sys.owner.auth";

    /// <summary>In a mode that is given: sub-directories are not to take over attributes (EOS's 4000).</summary>
    public const uint NoInheritance = 0x800;

    private const uint Bits = 0x1ff;
    private const uint Sticky = Permission.Sticky;

    public static Decision Change(DirectoryState s, ChangeMode c, Facts facts)
    {
        var (file, refusal) = Find(s, c);
        if ((refusal ?? MayChangeMode(c.Call.Caller, s.Self!, file)) is { } denied) return DirectoryRules.Refuse(c, denied);
        var mask = Octal(AttributeRules.Effective(c.Call.Caller, s.Self!).GetValueOrDefault(MaskKey, "777")) ?? Bits;
        var mode = c.Mode & (mask | Sticky) & (Bits | Sticky);
        if (file is null && (c.Mode & NoInheritance) == 0) mode |= Permission.Inherit;
        return Decision.Accept(
            new ModeChanged(DirectoryRules.StampOf(c, facts), c.Name, mode), new Done(c.Directory, c.Call.Op), file is null ? ToParent(s, c, s.Self!.Owner, mode) : []);
    }

    public static Decision Change(DirectoryState s, ChangeOwner c, Facts facts)
    {
        var (file, refusal) = Find(s, c);
        var now = file?.Owner ?? s.Self!.Owner;
        var wanted = new Owner(c.Uid ?? now.Uid, c.Gid ?? now.Gid);
        return (refusal ?? MayChangeOwner(c.Call.Caller, s.Self!, file, wanted)) is { } denied
            ? DirectoryRules.Refuse(c, denied)
            : Decision.Accept(
                new OwnerChanged(DirectoryRules.StampOf(c, facts), c.Name, wanted), new Done(c.Directory, c.Call.Op), file is null ? ToParent(s, c, wanted, s.Self!.Mode) : []);
    }

    /// <summary>In the parent, which decides about removing and renaming by the owner.</summary>
    public static Decision Learn(DirectoryState s, ChildIs c, Facts facts)
    {
        var done = new Done(c.Directory, c.Call.Op);
        return s.Entries.ChildOf(c.Child) is { } child && (child.Seed.Owner != c.Owner || child.Seed.Mode != c.Mode)
            ? Decision.Accept(new ChildLearnt(DirectoryRules.StampOf(c, facts), child.Name, c.Child, c.Owner, c.Mode), done)
            : Decision.Answer(done);
    }

    private static ImmutableArray<Effect> ToParent(DirectoryState s, ICommand c, Owner owner, uint mode) => s.Self!.Id == DirectoryId.Root
        ? []
        : [new Effect.Tell(new ChildIs(s.Self.Parent, new Call(c.Call.Op, 0, Caller.Root), s.Self.Id, owner, mode))];

    /// <summary>The owner unless rules say `!m`, and whoever has `m`.</summary>
    public static Refusal? MayChangeMode(Caller caller, DirectoryRecord directory, FileRecord? file)
    {
        if (caller.IsRoot || caller.IsAdmin) return null;
        var rights = AccessRules.RightsOf(caller, directory, file);
        var owns = caller.Uid == (file?.Owner ?? directory.Owner).Uid && caller.Token is null;
        var isKept = rights.Denies(AclFlags.ChangeMode) && !AttributeRules.Effective(caller, directory).ContainsKey(MaskKey);
        return (owns && !isKept) || rights.Grants(AclFlags.ChangeMode) ? null : No("no permission to change the mode");
    }

    /// <summary>Those with `c` in `sys.acl`. With `c` in `user.acl` an owner may give away, and others may take: to themselves and a group of theirs.</summary>
    public static Refusal? MayChangeOwner(Caller caller, DirectoryRecord directory, FileRecord? file, Owner wanted)
    {
        if (caller.IsPrivileged) return null;
        var rights = AccessRules.RightsOf(caller, directory, file);
        var now = file?.Owner ?? directory.Owner;
        var isSelf = wanted.Uid == caller.Uid && (wanted.Gid == now.Gid || caller.IsIn(wanted.Gid));
        return rights.Grants(AclFlags.ChangeOwner) || (rights.TakesOwnership && (caller.Uid == now.Uid || isSelf)) ? null : No("no permission to change the owner");
    }

    /// <summary>`sys.acl` with `A`, other `sys.*` with `X`, `user.*` as owner; a sudoer all.</summary>
    public static Refusal? ChangeAttribute(Caller caller, DirectoryRecord directory, FileRecord? file, string key)
    {
        if (caller.IsRoot || caller.IsSudoer) return null;
        var may = key.StartsWith("sys.", StringComparison.Ordinal)
            ? AccessRules.RightsOf(caller, directory, file).Grants(key == EntryAcl.SysKey ? AclFlags.SysAcl : AclFlags.SysAttributes)
            : caller.Uid == (file?.Owner ?? directory.Owner).Uid && caller.Token is null;
        return may ? null : No($"no permission to change '{key}'");
    }

    /// <summary>Whose a new entry is: the caller's, or the directory owner's where <see cref="OwnerKey"/> names the caller as `protocol:name`, or everybody as `*`.</summary>
    public static Owner OwnerOfNew(Caller caller, DirectoryRecord directory) =>
        AttributeRules.Effective(caller, directory).TryGetValue(OwnerKey, out var listed) && (listed == "*" || (caller.Auth.Length > 0 && listed.Split(',').Contains(caller.Auth)))
            ? directory.Owner
            : new Owner(caller.Uid, caller.Gid);

    /// <summary>`sys.*` is shown to those who may change some of it.</summary>
    public static bool SeesSystemAttributes(Caller caller, DirectoryRecord directory, FileRecord? file = null) =>
        caller.IsRoot || caller.IsSudoer || caller.IsAdmin || AccessRules.RightsOf(caller, directory, file).Grants(AclFlags.SysAcl | AclFlags.SysAttributes);

    /// <summary>Null: not an octal number of at most four digits.</summary>
    public static uint? Octal(string text)
    {
        if (text.Length is 0 or > 4 || text.Any(c => c is < '0' or > '7')) return null;
        return text.Aggregate(0u, (value, c) => value * 8 + (uint)(c - '0'));
    }

    /// <summary>The file that a command names, or null for the directory itself.</summary>
    internal static (FileRecord? File, Refusal? Refusal) Find(DirectoryState s, IOwnershipCommand c)
    {
        if (c.Name.Length == 0) return (null, null);
        return s.Entries.Find(c.Name) switch
        {
            FileEntry entry => (entry.File, null),
            null => (null, new Refusal(Errno.NoEntry, $"no such file '{c.Name}'")),
            _ => (null, new Refusal(Errno.IsADirectory, $"'{c.Name}' is a directory")),
        };
    }

    private static Refusal No(string text) => new(Errno.NotPermitted, text);
}
