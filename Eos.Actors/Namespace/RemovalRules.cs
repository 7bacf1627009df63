using Eos.Identity;
using Eos.Kernel;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <summary>
/// Removing a sub-directory, safe under a crash after each step:
/// <code>
///   child:  Live --Seal--> Sealed --Bury--> Gone          parent:  name --RemoveChild--> no name   (the moment it happens)
///             ^               |                                      |
///             +--- Unsealed --+-- AskRemoved (after a time) -------->+-- name still there: RemovalAborted, final
/// </code>
/// </summary>
public static class RemovalRules
{
    public static Decision Seal(DirectoryState s, Seal c, Facts facts)
    {
        if (s.Removal is { } removal)
            return removal.Op == c.Call.Op ? Decision.Answer(new Done(c.Directory, c.Call.Op)) : AwaitParent(s, c, facts);
        if (s.Self!.Id == DirectoryId.Root) return DirectoryRules.Refuse(c, Errno.Busy, "the root can't be removed");
        if (s.Entries.Count > 0) return DirectoryRules.Refuse(c, Errno.NotEmpty, "directory not empty");
        return s.Opens.Values.Any(o => o.Expires > facts.Now)
            ? DirectoryRules.Refuse(c, Errno.Busy, "a file is being written in the directory")
            : Decision.Accept(new Sealed(DirectoryRules.StampOf(c, facts)), new Done(c.Directory, c.Call.Op));
    }

    /// <summary>Whoever meets a sealed directory waits for the outcome. Once the seal is old the parent is asked for it.</summary>
    public static Decision AwaitParent(DirectoryState s, ICommand c, Facts facts)
    {
        var (removal, since) = s.Removal!.Value;
        var ask = new AskRemoved(s.Self!.Parent, new Call(c.Call.Op, 0, Caller.Root), s.Self.Id, removal);
        return facts.Now - since > facts.Settings.SealTimeout
            ? Decision.Answer(new Unknown(c.Directory, c.Call.Op), new Effect.Tell(ask))
            : Decision.Answer(new Unknown(c.Directory, c.Call.Op));
    }

    /// <summary>In the parent. A removal that was given up never happens.</summary>
    public static Decision RemoveChild(DirectoryState s, RemoveChild c, Facts facts)
    {
        if (s.Aborted.Any(a => a.Child == c.Child && a.Removal == c.Call.Op))
            return DirectoryRules.Refuse(c, Errno.Busy, "the removal took too long and was given up");
        return s.Entries.Find(c.Name) is ChildEntry child && child.Id == c.Child
            ? Permitted(s, c, child, facts)
            : DirectoryRules.Refuse(c, Errno.NoEntry, $"no such directory '{c.Name}'");
    }

    public static Decision Bury(DirectoryState s, Bury c, Facts facts)
    {
        var done = new Done(c.Directory, c.Call.Op);
        return s.Life switch
        {
            Life.Gone => Decision.Answer(done),
            Life.Sealed when s.Removal!.Value.Op == c.Call.Op => Decision.Accept(new Buried(DirectoryRules.StampOf(c, facts)), done),
            Life.Unborn => Decision.Accept(new Buried(DirectoryRules.StampOf(c, facts)), done),
            _ => DirectoryRules.Refuse(c, Errno.Busy, "not sealed by this operation"),
        };
    }

    /// <summary>In the parent: the final word about a removal that sealed a child.</summary>
    public static Decision WasRemoved(DirectoryState s, AskRemoved c, Facts facts)
    {
        var named = s.Entries.ChildOf(c.Child) is not null;
        var reply = new RemovalDecided(c.Directory, c.Call.Op, c.Removal, Removed: !named);
        return !named || s.Aborted.Any(a => a.Child == c.Child && a.Removal == c.Removal)
            ? Decision.Answer(reply)
            : Decision.Accept(new RemovalAborted(DirectoryRules.StampOf(c, facts), c.Child, c.Removal), reply);
    }

    /// <summary>In the child: what its parent answered.</summary>
    public static Decision Decided(DirectoryState s, RemovalDecided answer, Facts facts)
    {
        if (answer.Directory != s.Self?.Parent) return Decision.Nothing; // it was asked before this directory was moved
        if (s.Life != Life.Sealed || s.Removal!.Value.Op != answer.Removal) return Decision.Nothing;
        var stamp = new Stamp(answer.Op, 0, facts.Now);
        return Decision.Accept(answer.Removed ? new Buried(stamp) : new Unsealed(stamp), reply: null);
    }

    private static Decision Permitted(DirectoryState s, RemoveChild c, ChildEntry child, Facts facts) =>
        AccessRules.Check(c.Call.Caller, s.Self!, Intent.Delete, child) is { } denied
            ? DirectoryRules.Refuse(c, denied)
            : Decision.Accept(new ChildRemoved(DirectoryRules.StampOf(c, facts), c.Name, c.Child), new Done(c.Directory, c.Call.Op));
}
