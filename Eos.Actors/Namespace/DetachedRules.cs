using System.Collections.Immutable;
using Eos.Fst;
using Eos.Kernel;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <summary>
/// What becomes of a file after its removal:
/// <code>
///   entry --removed, replaced--> detached --each filesystem: ReplicaDropped--> nothing
///                                  |    |                                         ^
///                                  +----+ DropDetached: ordered again             |
///                                  +------- DropDetached with Forget, ForgetDeletions
/// </code>
/// </summary>
public static class DetachedRules
{
    public static Decision Decide(DirectoryState s, IDetachedCommand c, Facts facts) => s.Life == Life.Unborn ? Decision.Answer(new Unborn(c.Directory, c.Call.Op)) : c switch
    {
        DropDetached x => Drop(s, x, facts),
        ForgetDeletions x => Forget(s, x, facts),
        _ => throw new InvalidOperationException($"no rule for {c.GetType().Name}"),
    };

    public static DetachedFound Look(DirectoryState s, LookDetached q) => new(q.Directory, q.Op, s.DetachedOf(q.File));

    /// <summary>Whoever might have removed the file may have it deleted again. The orders go out once more when it is forgotten: bytes that nobody knows are of no use.</summary>
    private static Decision Drop(DirectoryState s, DropDetached c, Facts facts)
    {
        if (s.Seen.Of(c.Call.Op) is { } earlier) return Decision.Answer(earlier);
        if (s.DetachedOf(c.File) is not { } file) return DirectoryRules.Refuse(c, Errno.NoEntry, $"no file {c.File} waits to be deleted");
        if (AccessRules.Check(c.Call.Caller, s.Self!, Intent.Delete, file) is { } denied) return DirectoryRules.Refuse(c, denied);
        if (c.Forget && !c.Call.Caller.IsRoot) return DirectoryRules.Refuse(c, Errno.NotPermitted, "only root forgets files that are not deleted yet");
        var done = new Done(c.Directory, c.Call.Op);
        ImmutableArray<Effect> orders = [.. file.Unlinked.Select(fs => new Effect.Drop(new FstProtocol.DropReplicas(fs, c.Directory, [c.File])))];
        return c.Forget ? Decision.Accept(new DetachedDropped(DirectoryRules.StampOf(c, facts), c.File), done, orders) : Decision.Answer(done, orders);
    }

    private static Decision Forget(DirectoryState s, ForgetDeletions c, Facts facts)
    {
        if (!c.Call.Caller.IsRoot) return DirectoryRules.Refuse(c, Errno.NotPermitted, "only root forgets deletions");
        var done = new Done(c.Directory, c.Call.Op);
        var known = s.Unlinked.TryGetValue(c.Fs, out var waiting) ? c.Files.Where(waiting.Contains).ToImmutableArray() : [];
        return known.IsEmpty ? Decision.Answer(done) : Decision.Accept(new ReplicasForgotten(DirectoryRules.StampOf(c, facts), c.Fs, known), done);
    }
}
