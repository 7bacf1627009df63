using System.Collections.Immutable;
using Eos.Identity;
using Eos.Kernel;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <summary>
/// Renaming from one directory into another, safe under a crash after each step:
/// <code>
///   target:  no name --PrepareMove--> held --FinishMove--> entry                       source:  entry --CommitMove--> outcome   (the moment it happens)
///               ^                      |  |                                                                            |  |
///               +---- MoveDecided -----+  +--- AskMove (after a time; never seen: MoveAborted, final) ---------------->+  |
///                     or FinishMove    +<------------------ FinishMove, repeated until SettleMove ------------------------+
/// </code>
/// Whoever meets a held name waits for the outcome.
/// </summary>
public static class MoveRules
{
    public static Decision Decide(DirectoryState s, IMove c, Facts facts) => c switch
    {
        PrepareMove x => Prepare(s, x, facts),
        CommitMove x => Commit(s, x, facts),
        FinishMove x => Finish(s, x, facts),
        SettleMove x => Settle(s, x, facts),
        AskMove x => Ask(s, x, facts),
        SetParent x => Adopt(s, x, facts),
        _ => throw new InvalidOperationException($"no rule for {c.GetType().Name}"),
    };

    /// <summary>In the target: how a renaming was decided.</summary>
    public static Decision Decided(DirectoryState s, MoveDecided m, Facts facts) => s.Prepared.TryGetValue(m.Name, out var held) && held.Op == m.Op && held.Source == m.Directory
        ? End(s, held, m.Entry, null, facts)
        : Decision.Nothing;

    /// <summary>Null, or what somebody is told whose name is held for an entry that may come.</summary>
    public static Decision? Await(DirectoryState s, IForDirectory message, OpId op, Facts facts, params ReadOnlySpan<string> names)
    {
        if (s.Prepared.IsEmpty) return null;
        foreach (var name in names)
        {
            if (s.Prepared.TryGetValue(name, out var held)) return new Decision([], new Unknown(message.Directory, op), Questions(s, held, facts));
        }
        return null;
    }

    /// <summary>The same for a command: the names that it is about.</summary>
    public static Decision? Await(DirectoryState s, ICommand c, Facts facts) => s.Prepared.IsEmpty ? null : c switch
    {
        MakeChild x => Await(s, c, c.Call.Op, facts, x.Name),
        RemoveChild x => Await(s, c, c.Call.Op, facts, x.Name),
        OpenFile x => Await(s, c, c.Call.Op, facts, x.Name),
        Adopt { Versions: not null } x => Await(s, c, c.Call.Op, facts, x.Name, HiddenNames.VersionsOf(x.Name)),
        Adopt x => Await(s, c, c.Call.Op, facts, x.Name),
        RemoveFile x => Await(s, c, c.Call.Op, facts, x.Name),
        Rename { Displaces.Versions: not null } x => Await(s, c, c.Call.Op, facts, x.From, x.To, HiddenNames.VersionsOf(x.To)),
        Rename x => Await(s, c, c.Call.Op, facts, x.From, x.To),
        DropReplica x => Await(s, c, c.Call.Op, facts, x.Name),
        EditAcl x => Await(s, c, c.Call.Op, facts, x.Name),
        ChangeMode x => Await(s, c, c.Call.Op, facts, x.Name),
        ChangeOwner x => Await(s, c, c.Call.Op, facts, x.Name),
        MakeLink x => Await(s, c, c.Call.Op, facts, x.Name),
        TouchFile x => Await(s, c, c.Call.Op, facts, x.Name),
        TagPlace x => Await(s, c, c.Call.Op, facts, x.Name),
        CommitMove x => Await(s, c, c.Call.Op, facts, x.Name),
        Seal => Await(s, c, c.Call.Op, facts, [.. s.Prepared.Keys]),
        _ => null,
    };

    /// <summary>Whoever holds the name itself, and has come again, does not wait.</summary>
    public static Decision? Await(DirectoryState s, Lookup q, Facts facts) =>
        s.Prepared.TryGetValue(q.Name, out var held) && held.Op == q.Earlier ? null : Await(s, q, q.Op, facts, q.Name);

    /// <summary>A page that might lack an entry that has come waits too.</summary>
    public static Decision? Await(DirectoryState s, ReadPage q, Page page, Facts facts)
    {
        if (s.Prepared.IsEmpty) return null;
        var last = page.More ? page.Entries[^1].Name : null;
        var within = s.Prepared.Keys.Where(name => IsAfter(name, q.After) && (last is null || !IsAfter(name, last))).ToArray();
        return Await(s, q, q.Op, facts, within);

        static bool IsAfter(string name, string other) => NameOrder.Instance.Compare(name, other) > 0;
    }

    /// <summary>What is said again until it is heard.</summary>
    public static IEnumerable<Effect> Repeat(DirectoryState s) => s.Self is null
        ? []
        : s.Moves.Values.Where(m => m.Entry is not null)
            .Select(m => new Effect.Tell(new FinishMove(m.Target, new Call(m.Op, 0, Caller.Root), m.NewName, s.Self.Id, m.Entry)));

    /// <summary>Questions about names that are held for long.</summary>
    public static IEnumerable<Effect> Overdue(DirectoryState s, Facts facts) => s.Prepared.Values.SelectMany(held => Questions(s, held, facts));

    private static Decision Prepare(DirectoryState s, PrepareMove c, Facts facts)
    {
        var (op, done) = (c.Call.Op, new Done(c.Directory, c.Call.Op));
        if (s.Prepared.TryGetValue(c.Name, out var held))
            return held.Op == op ? Decision.Answer(done) : new Decision([], new Unknown(c.Directory, op), Questions(s, held, facts));
        if (s.Seen.Of(op) is { } earlier) return Decision.Answer(earlier);
        if (s.Seen.IsAnswered(op)) return DirectoryRules.Refuse(c, Errno.Stale, "this operation has been answered before");
        if (NotLive(s, c, facts) is { } not) return not;
        if (s.Seen.IsFull(op, c.Call.AnsweredBelow)) return DirectoryRules.Refuse(c, Errno.TryAgain, "too many operations without an answer");
        if (EosPath.CheckName(c.Name) is { } bad) return DirectoryRules.Refuse(c, bad);
        if (AccessRules.Check(c.Call.Caller, s.Self!, Intent.RenameIn) is { } denied) return DirectoryRules.Refuse(c, denied);
        return Against(s, c) is { } against
            ? DirectoryRules.Refuse(c, against)
            : Decision.Accept(new MovePrepared(DirectoryRules.StampOf(c, facts), c.Name, c.Source) { Displaces = c.Displaces }, done);
    }

    /// <summary>What is against an entry coming under a name that is there.</summary>
    private static Refusal? Against(DirectoryState s, PrepareMove c) => s.Entries.Find(c.Name) switch
    {
        null => null,
        ChildEntry when !c.IsDirectory && c.Overwrite => new Refusal(Errno.IsADirectory, $"'{c.Name}' is a directory"),
        FileEntry when c.IsDirectory => new Refusal(Errno.NotADirectory, $"'{c.Name}' is no directory"),
        FileEntry file when c.Overwrite => AccessRules.Check(c.Call.Caller, s.Self!, Intent.Update, file) ?? HandoverRules.AgainstDisplacing(s, file, c.Displaces),
        _ => new Refusal(Errno.Exists, $"'{c.Name}' exists"),
    };

    private static Decision Commit(DirectoryState s, CommitMove c, Facts facts)
    {
        var op = c.Call.Op;
        if (s.Moves.TryGetValue(op, out var outcome)) return Decision.Answer(ReplyOf(c, outcome));
        if (s.Seen.Of(op) is { } earlier) return Decision.Answer(earlier);
        if (s.Seen.IsAnswered(op)) return DirectoryRules.Refuse(c, Errno.Stale, "this operation has been answered before");
        if (NotLive(s, c, facts) is { } not) return not;
        if (Await(s, c, facts) is { } wait) return wait;
        var entry = s.Entries.Find(c.Name);
        var meant = c.Child == default ? entry is FileEntry : entry is ChildEntry child && child.Id == c.Child;
        if (entry is null || !meant) return Abort(c, Errno.NoEntry, $"no such file or directory '{c.Name}'", facts);
        if (entry is ChildEntry node && s.Totals.Rows[node.Id].IsQuotaNode) return Abort(c, Errno.AccessDenied, $"'{c.Name}' is a quota node and can't be renamed", facts);
        return AccessRules.Check(c.Call.Caller, s.Self!, Intent.RenameOut, entry) is { } denied
            ? Abort(c, denied.Why, denied.Text, facts)
            : Decision.Accept(new EntryMoved(DirectoryRules.StampOf(c, facts), c.Name, c.Target, c.NewName), new MoveCommitted(c.Directory, op, s.Shown(entry)));
    }

    private static IReply ReplyOf(CommitMove c, MoveOutcome outcome) => outcome.Entry is { } entry
        ? new MoveCommitted(c.Directory, c.Call.Op, entry)
        : new MoveRefused(c.Directory, c.Call.Op, outcome.Why, outcome.Text);

    private static Decision Abort(CommitMove c, Errno why, string text, Facts facts) =>
        Decision.Accept(new MoveAborted(DirectoryRules.StampOf(c, facts), why, text), new MoveRefused(c.Directory, c.Call.Op, why, text));

    private static Decision Finish(DirectoryState s, FinishMove c, Facts facts)
    {
        var done = new Done(c.Directory, c.Call.Op);
        return s.Prepared.TryGetValue(c.Name, out var held) && held.Op == c.Call.Op
            ? End(s, held, c.Entry, done, facts)
            : Decision.Answer(done, Settling(c.Source, c.Call.Op, c.Entry)) with { Until = HandoverRules.AwaitedBy(s, c.Call.Op) };
    }

    private static Decision End(DirectoryState s, PreparedMove held, DirectoryEntry? entry, object? reply, Facts facts)
    {
        var (stamp, settling) = (new Stamp(held.Op, 0, facts.Now), Settling(held.Source, held.Op, entry));
        if (entry is null) return Decision.Accept(new MoveCancelled(stamp, held.Name), reply, settling);
        if (held.Displaces is { Versions: not null } && s.Prepared.TryGetValue(HiddenNames.VersionsOf(held.Name), out var versions)) // they may be coming too
            return new Decision([], reply is null ? null : new Unknown(s.Self!.Id, held.Op), Questions(s, versions, facts));
        var (leaves, effects) = HandoverRules.Displaced(s, s.Entries.Find(held.Name), held.Displaces, held.Op, entry, facts);
        return Decision.Accept(new MoveFinished(stamp, held.Name, entry) { Leaves = leaves }, reply, [.. effects, .. settling]) with { Until = leaves?.Number };
    }

    /// <summary>A sub-directory is settled by the mover, once it knows its new parent: until then the old one answers for it.</summary>
    private static ImmutableArray<Effect> Settling(DirectoryId source, OpId op, DirectoryEntry? entry) =>
        entry is ChildEntry ? [] : [new Effect.Tell(new SettleMove(source, new Call(op, 0, Caller.Root)))];

    private static Decision Settle(DirectoryState s, SettleMove c, Facts facts)
    {
        var done = new Done(c.Directory, c.Call.Op);
        return s.Moves.ContainsKey(c.Call.Op) ? Decision.Accept(new MoveSettled(DirectoryRules.StampOf(c, facts)), done) : Decision.Answer(done);
    }

    private static Decision Ask(DirectoryState s, AskMove c, Facts facts)
    {
        var op = c.Call.Op;
        if (s.Moves.TryGetValue(op, out var outcome)) return Decision.Answer(new MoveDecided(c.Directory, op, c.Name, outcome.Entry));
        var never = new MoveDecided(c.Directory, op, c.Name, null);
        if (s.Life == Life.Gone || s.Seen.Of(op) is MoveRefused) return Decision.Answer(never);
        return s.Seen.Of(op) is not null
            ? Decision.Nothing // it is over: an old question
            : Decision.Accept(new MoveAborted(DirectoryRules.StampOf(c, facts), Errno.Busy, "the renaming took too long and was given up"), never);
    }

    private static Decision Adopt(DirectoryState s, SetParent c, Facts facts) => s.Life switch
    {
        Life.Unborn => Decision.Answer(new Unborn(c.Directory, c.Call.Op)),
        Life.Gone => Decision.Answer(new Gone(c.Directory, c.Call.Op)),
        _ when c.Number <= s.LastMove => Decision.Answer(new Done(c.Directory, c.Call.Op)),
        _ => Decision.Accept(new ParentChanged(DirectoryRules.StampOf(c, facts), c.Parent, c.Number), new Done(c.Directory, c.Call.Op)),
    };

    private static Decision? NotLive(DirectoryState s, ICommand c, Facts facts) => s.Life switch
    {
        Life.Unborn => Decision.Answer(new Unborn(c.Directory, c.Call.Op)),
        Life.Gone => Decision.Answer(new Gone(c.Directory, c.Call.Op)),
        Life.Sealed => RemovalRules.AwaitParent(s, c, facts),
        _ => null,
    };

    /// <summary>Asked only after a time, because the question ends what its source has not seen yet.</summary>
    private static ImmutableArray<Effect> Questions(DirectoryState s, PreparedMove held, Facts facts) => facts.Now - held.At > facts.Settings.SealTimeout
        ? [new Effect.Tell(new AskMove(held.Source, new Call(held.Op, 0, Caller.Root), held.Name))]
        : [];
}
