using System.Collections.Immutable;
using Eos.Fst;
using Eos.Identity;
using Eos.Kernel;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <summary>What a directory decides: a function of its state, the message and the facts. Opens are in <see cref="OpenRules"/>, removal in <see cref="RemovalRules"/>.</summary>
public static class DirectoryRules
{
    /// <summary>Judges one message. A repeated command is answered as the first try was.</summary>
    public static Decision Decide(DirectoryState s, IForDirectory message, Facts facts) => message switch
    {
        ICommand c => Command(s, c, facts),
        IQuery q => Look(s, q, facts),
        NoteAccess m => AccessTimeRules.Note(s, m, facts),
        FstProtocol.CommitFile c => OpenRules.Commit(s, c, facts),
        FstProtocol.AbandonOpen c => OpenRules.Abandon(s, c, facts),
        FstProtocol.ReplicaDropped c => OpenRules.Forget(s, c, facts),
        FstProtocol.AttachReplica c => ReplicaRules.Attach(s, c, facts),
        FstProtocol.CorrectFile c => ReplicaRules.Correct(s, c, facts),
        FstProtocol.WhoOwns q => OpenRules.Judge(s, q),
        _ => throw new InvalidOperationException($"no rule for {message.GetType().Name}"),
    };

    /// <summary>What is due without being asked: opens out of time end, orders not yet obeyed are repeated.</summary>
    public static Decision Tick(DirectoryState s, Facts facts, OpId op)
    {
        var ended = OpenRules.Expired(s, facts.Now);
        return new Decision(
            ended.IsEmpty ? [] : [new OpensEnded(new Stamp(op, 0, facts.Now), ended)], null,
            [.. OpenRules.Orders(s, facts.Settings.OrdersPerTick), .. MoveRules.Overdue(s, facts)]);
    }

    private static Decision Command(DirectoryState s, ICommand c, Facts facts)
    {
        if (c is AskRemoved question) return RemovalRules.WasRemoved(s, question, facts);
        if (c is IMove move) return MoveRules.Decide(s, move, facts);
        if (c is IDetachedCommand detached) return DetachedRules.Decide(s, detached, facts);
        if (s.Seen.Of(c.Call.Op) is { } earlier) return Decision.Answer(earlier) with { Until = HandoverRules.AwaitedBy(s, c.Call.Op) };
        if (s.Seen.IsAnswered(c.Call.Op)) return Refuse(c, Errno.Stale, "this operation has been answered before");
        return c switch
        {
            Begin x => Begin(s, x, facts),
            Bury x => RemovalRules.Bury(s, x, facts),
            _ when s.Life == Life.Unborn => Decision.Answer(new Unborn(c.Directory, c.Call.Op)),
            _ when s.Life == Life.Gone => Decision.Answer(new Gone(c.Directory, c.Call.Op)),
            _ when MoveRules.Await(s, c, facts) is { } wait => wait,
            Seal x => RemovalRules.Seal(s, x, facts),
            _ when s.Life == Life.Sealed => RemovalRules.AwaitParent(s, c, facts),
            _ when LacksLink(s, c) is { } link => Decision.Answer(new LinkWanted(c.Directory, c.Call.Op, link)),
            _ when s.Seen.IsFull(c.Call.Op, c.Call.AnsweredBelow) => Refuse(c, Errno.TryAgain, "too many operations without an answer"),
            MakeChild x => MakeChild(s, x, facts),
            RemoveChild x => RemovalRules.RemoveChild(s, x, facts),
            OpenFile x => OpenRules.Open(s, x, facts),
            Adopt x => HandoverRules.Adopt(s, x, facts),
            LetGo x => HandoverRules.LetGo(s, x, facts),
            LockFile x => LockRules.Change(s, x, facts),
            RemoveFile x => RemoveFile(s, x, facts),
            Rename x => Rename(s, x, facts),
            DropReplica x => ReplicaRules.Drop(s, x, facts),
            SetAttributes x => AttributeRules.Change(s, x, facts),
            EditAcl x => AttributeRules.Edit(s, x, facts),
            ChangeMode x => OwnershipRules.Change(s, x, facts),
            ChangeOwner x => OwnershipRules.Change(s, x, facts),
            ChildIs x => OwnershipRules.Learn(s, x, facts),
            MakeLink x => EntryRules.MakeLink(s, x, facts),
            TouchFile x => EntryRules.Touch(s, x, facts),
            TagPlace x => EntryRules.Tag(s, x, facts),
            QuotaProtocol.SetQuota x => QuotaRules.Set(s, x, facts),
            QuotaProtocol.EndQuotaNode x => QuotaRules.End(s, x, facts),
            QuotaProtocol.CorrectQuota x => QuotaRules.Correct(s, x, facts),
            QuotaProtocol.RecountQuota x => QuotaRules.Recount(s, x, facts),
            QuotaProtocol.RecountTotals x => QuotaRules.Recount(s, x, facts),
            SetLayout x => ReplicaRules.Relayout(s, x, facts),
            DropGhosts x => GhostRules.Drop(s, x, facts),
            _ => throw new InvalidOperationException($"no rule for {c.GetType().Name}"),
        };
    }

    /// <summary>What is judged by the rules of the directory that this one is linked to, and has come without them. Whoever comes from a walk or renames has looked before.</summary>
    private static string? LacksLink(DirectoryState s, ICommand c) => c switch
    {
        DirectoryProtocol.MakeChild or OpenFile or MakeLink or TouchFile => AttributeRules.MissingLink(c.Call.Caller, s.Self!),
        DirectoryProtocol.RemoveFile or LockFile or IOwnershipCommand when !c.Call.Caller.IsRoot => AttributeRules.MissingLink(c.Call.Caller, s.Self!),
        _ => null,
    };

    private static Decision Look(DirectoryState s, IQuery q, Facts facts)
    {
        if (s.Life == Life.Unborn) return Decision.Answer(new Unborn(q.Directory, q.Op));
        if (q is LookDetached removed) return Decision.Answer(DetachedRules.Look(s, removed));
        if (s.Life == Life.Gone) return Decision.Answer(new Gone(q.Directory, q.Op));
        if (q is Lookup look && MoveRules.Await(s, look, facts) is { } wait) return wait;
        if ((q as ReadPage ?? (q as Peek)?.Question) is { } read)
        {
            var page = Page(s, read);
            return MoveRules.Await(s, read, page, facts) ?? Decision.Answer(page);
        }
        return Decision.Answer(q switch
        {
            Lookup x => new Found(
                x.Directory, x.Op, s.Self!, s.Counts, x.Name.Length == 0 || s.Entries.Find(x.Name) is not { } entry ? null : s.Shown(entry), x.Earlier is { } op ? s.Seen.Of(op) : null)
            {
                Tree = s.TreeCounts,
            },
            QuotaProtocol.AskQuota x => QuotaRules.Ask(s, x),
            QuotaProtocol.AskShare x => QuotaRules.Share(s, x),
            QuotaProtocol.ReadQuota x => new QuotaProtocol.QuotaRead(x.Directory, x.Op, s.Self!, s.Quota, s.Tree.Usage),
            _ => throw new InvalidOperationException($"no rule for {q.GetType().Name}"),
        });
    }

    /// <summary>At most a page of entries, and no more than one page's weight of them.</summary>
    private static Page Page(DirectoryState s, ReadPage q)
    {
        var (entries, more) = s.Entries.PageAfter(q.After, (int)Math.Clamp(q.Limit, 1, EntryPages.MaxEntries));
        return new Page(q.Directory, q.Op, s.Self!, s.Unlinked.IsEmpty ? entries : [.. entries.Select(s.Shown)], more) { Counts = s.Counts, Tree = s.TreeCounts };
    }

    private static Decision Begin(DirectoryState s, Begin c, Facts facts) => s.Life switch
    {
        Life.Unborn => Decision.Accept(new Begun(StampOf(c, facts), c.Seed), new Done(c.Directory, c.Call.Op)),
        Life.Gone => Decision.Answer(new Gone(c.Directory, c.Call.Op)),
        _ => Decision.Answer(new Done(c.Directory, c.Call.Op)),
    };

    /// <summary>The child takes over mode and attributes of a directory that has <see cref="Permission.Inherit"/>, and has it itself.</summary>
    private static Decision MakeChild(DirectoryState s, MakeChild c, Facts facts)
    {
        if (EosPath.CheckName(c.Name) is { } bad) return Refuse(c, bad.Why, bad.Text);
        if (s.Entries.Find(c.Name) is not null) return Refuse(c, Errno.Exists, $"'{c.Name}' exists");
        if (AccessRules.Check(c.Call.Caller, s.Self!, Intent.Create) is { } denied) return Refuse(c, denied);

        var parent = s.Self!;
        var mode = c.Mode is { } wanted ? (wanted & 0x3ff) | Permission.Inherit : parent.Mode;
        var seed = new DirectoryRecord(
            c.Child,
            parent.Id,
            OwnershipRules.OwnerOfNew(c.Call.Caller, parent),
            mode,
            Times.At(facts.Now),
            AttributeRules.Inherited(parent, c.Name));
        return Decision.Accept(new ChildAdded(StampOf(c, facts), c.Name, seed), new ChildMade(c.Directory, c.Call.Op, seed));
    }

    private static Decision RemoveFile(DirectoryState s, RemoveFile c, Facts facts)
    {
        switch (s.Entries.Find(c.Name))
        {
            case null: return Refuse(c, Errno.NoEntry, $"no such file '{c.Name}'");
            case ChildEntry: return Refuse(c, Errno.IsADirectory, $"'{c.Name}' is a directory");
            case FileEntry file when AccessRules.Check(c.Call.Caller, s.Self!, Intent.Delete, file) is { } denied: return Refuse(c, denied);
            case FileEntry when c.IsAlone && s.Entries.Find(HiddenNames.VersionsOf(c.Name)) is ChildEntry: return Refuse(c, Errno.NotEmpty, $"'{c.Name}' has versions");
            case FileEntry file:
                return Decision.Accept(
                    new FileRemoved(StampOf(c, facts), c.Name), new Done(c.Directory, c.Call.Op), [.. OpenRules.Unlinking(c.Directory, file.File)]);
            case var other: throw new InvalidOperationException($"no rule to remove {other.GetType().Name}");
        }
    }

    private static Decision Rename(DirectoryState s, Rename c, Facts facts)
    {
        if (EosPath.CheckName(c.To) is { } bad) return Refuse(c, bad.Why, bad.Text);
        if (s.Entries.Find(c.From) is not { } source) return Refuse(c, Errno.NoEntry, $"no such file or directory '{c.From}'");
        if (AccessRules.Check(c.Call.Caller, s.Self!, Intent.RenameOut, source) is { } denied) return Refuse(c, denied);
        if (c.From == c.To) return Decision.Answer(new Done(c.Directory, c.Call.Op));
        if (source is ChildEntry moved && s.Totals.Rows[moved.Id].IsQuotaNode) return Refuse(c, Errno.AccessDenied, $"'{c.From}' is a quota node and can't be renamed");

        var target = s.Entries.Find(c.To);
        switch (source, target)
        {
            case (_, null): break;
            case (ChildEntry, FileEntry): return Refuse(c, Errno.NotADirectory, $"'{c.To}' is no directory");
            case (FileEntry, FileEntry replaced) when c.Overwrite:
                if ((AccessRules.Check(c.Call.Caller, s.Self!, Intent.Update, replaced) ?? HandoverRules.AgainstDisplacing(s, replaced, c.Displaces)) is { } kept) return Refuse(c, kept);
                break;
            default: return Refuse(c, Errno.Exists, $"'{c.To}' exists");
        }
        var (leaves, effects) = HandoverRules.Displaced(s, target, c.Displaces, c.Call.Op, source, facts);
        return Decision.Accept(new EntryRenamed(StampOf(c, facts), c.From, c.To) { Leaves = leaves }, new Done(c.Directory, c.Call.Op), [.. effects]) with { Until = leaves?.Number };
    }

    internal static Stamp StampOf(ICommand c, Facts facts) => new(c.Call.Op, c.Call.AnsweredBelow, facts.Now);

    internal static Decision Refuse(ICommand c, Errno why, string text) => Decision.Answer(new Refused(c.Directory, c.Call.Op, why, text));

    internal static Decision Refuse(ICommand c, Refusal refusal) => Refuse(c, refusal.Why, refusal.Text);
}
