using System.Collections.Immutable;
using Eos.Fst;
using Eos.Kernel;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <summary>Opens for writing, their commits, and what becomes of replicas.</summary>
public static class OpenRules
{
    public static Decision Open(DirectoryState s, OpenFile c, Facts facts)
    {
        if (EosPath.CheckName(c.Name) is { } bad) return DirectoryRules.Refuse(c, bad.Why, bad.Text);
        var entry = s.Entries.Find(c.Name);
        if (entry is ChildEntry) return DirectoryRules.Refuse(c, Errno.IsADirectory, $"'{c.Name}' is a directory");
        if (entry is not null && !c.Overwrite) return DirectoryRules.Refuse(c, Errno.Exists, $"'{c.Name}' exists");
        if (AccessRules.Check(c.Call.Caller, s.Self!, entry is null ? Intent.Create : Intent.Update, entry) is { } denied) return DirectoryRules.Refuse(c, denied);
        if (entry is FileEntry { File.IsLink: true } link) return Decision.Answer(new LinkMet(c.Directory, c.Call.Op, link.File.Link));
        if (LockedOut(c, entry, facts) is { } locked) return DirectoryRules.Refuse(c, locked);
        if (c.Plan.Size is { } size && SizeRules.Against(AttributeRules.Effective(c.Call.Caller, s.Self!), size) is { } wrong) return DirectoryRules.Refuse(c, wrong);
        if (c.Plan.Versions is not null && HandoverRules.AgainstVersions(s, c.Name) is { } against) return DirectoryRules.Refuse(c, against);
        if (c.Plan.Locations.IsEmpty) return DirectoryRules.Refuse(c, Errno.NoSpace, "no filesystem for the file");

        var open = new OpenRecord(
            new OpenId(c.Call.Op),
            c.Name,
            c.Plan.File,
            OwnershipRules.OwnerOfNew(c.Call.Caller, s.Self!),
            (uint)facts.Settings.FileMode,
            c.Plan,
            Fresh: !c.Overwrite,
            facts.Now + facts.Settings.OpenExpiry);
        return Decision.Accept(new OpenStored(DirectoryRules.StampOf(c, facts), open), new FileOpened(c.Directory, c.Call.Op, open));
    }

    /// <summary>Accepted once, for the open that is current for its name; a repetition is told the same.</summary>
    public static Decision Commit(DirectoryState s, FstProtocol.CommitFile c, Facts facts)
    {
        if (s.Life is Life.Unborn or Life.Gone or Life.Sealed) return No(Errno.NoEntry, "the directory was removed");
        if (!s.Opens.TryGetValue(c.Open, out var open))
        {
            return WasCommitted(s, c)
                ? Decision.Answer(new FstProtocol.Committed(c.Op, c.File)) with { Until = s.Outbox.Values.FirstOrDefault(h => h.Successor == c.File)?.Number }
                : No(Errno.Busy, "this upload is not the current one: another one of the same name came later, or it was given up or took too long");
        }
        if (open.File != c.File) return No(Errno.Invalid, $"the open is for file {open.File}, not {c.File}");
        if (!c.Locations.ToHashSet().SetEquals(open.Plan.Locations)) return No(Errno.Invalid, "the replicas are not where they were planned");
        if (open.Expires <= facts.Now) return No(Errno.Busy, "the upload took too long");
        if (open.Plan.Size is { } promised && promised != c.Size) return No(Errno.Invalid, $"{promised} bytes were promised, {c.Size} came");
        if (c.Size > open.Plan.Limit) return No(Errno.QuotaExceeded, $"{c.Size} bytes, quota left {open.Plan.Limit}");

        if (s.Prepared.ContainsKey(open.Name) || (open.Plan.Versions is not null && s.Prepared.ContainsKey(HiddenNames.VersionsOf(open.Name))))
            return Decision.Answer(new FstProtocol.CommitUnknown(c.Op)); // something may be coming under that name, or its versions
        var entry = s.Entries.Find(open.Name);
        if (entry is ChildEntry) return No(Errno.IsADirectory, $"'{open.Name}' has become a directory");
        if (entry is not null && open.Fresh) return No(Errno.Exists, $"'{open.Name}' exists");
        if (SizeRules.Against(s.Self!.Attributes, c.Size) is { } wrong) return No(wrong.Why, wrong.Text);
        var leaves = default(Handover);
        if (entry is FileEntry version && open.Plan.Versions is { } plan)
        {
            if (HandoverRules.AgainstVersions(s, open.Name) is { } against) return No(against.Why, against.Text);
            leaves = HandoverRules.ToVersions(s, version, plan, c.Op, c.File, facts);
        }
        var committed = new FileCommitted(new Stamp(c.Op, 0, facts.Now), c.Open, c.Size, c.Checksum, c.Locations, c.Modified) { Leaves = leaves };
        var answer = new FstProtocol.Committed(c.Op, c.File);
        return leaves is not null ? Decision.Accept(committed, answer, HandoverRules.Order(s, leaves)) with { Until = leaves.Number }
            : Decision.Accept(committed, answer, entry is FileEntry replaced ? [.. Unlinking(c.Directory, replaced.File)] : []);

        Decision No(Errno why, string text) => Decision.Answer(new FstProtocol.CommitRefused(c.Op, why, text));
    }

    public static Decision Abandon(DirectoryState s, FstProtocol.AbandonOpen c, Facts facts) =>
        s.Opens.TryGetValue(c.Open, out var open) && open.File == c.File
            ? Decision.Accept(new OpensEnded(new Stamp(c.Op, 0, facts.Now), [c.Open]), new FstProtocol.Noted(c.Op))
            : Decision.Answer(new FstProtocol.Noted(c.Op));

    public static Decision Forget(DirectoryState s, FstProtocol.ReplicaDropped c, Facts facts)
    {
        var known = s.Unlinked.TryGetValue(c.Fs, out var waiting) ? c.Files.Where(waiting.Contains).ToImmutableArray() : [];
        return known.IsEmpty
            ? Decision.Answer(new FstProtocol.Noted(c.Op))
            : Decision.Accept(new ReplicasForgotten(new Stamp(c.Op, 0, facts.Now), c.Fs, known), new FstProtocol.Noted(c.Op));
    }

    /// <summary>
    /// What may stay of the replicas that a filesystem found. Only what this directory remembers to have given away may go: one whose journal was lost
    /// knows nothing, and ignorance deletes no stored bytes. One that is gone has had files that live on elsewhere, and one on its way elsewhere is nowhere else yet. An open that
    /// is out of time is waited for until its end is stored: another node's clock may say that it is not. O(entries): asked for what a server is not sure of, not for every file.
    /// </summary>
    public static Decision Judge(DirectoryState s, FstProtocol.WhoOwns q)
    {
        var kept = s.Entries.FilesOf(q.Replicas.Select(r => r.File))
            .Where(f => f.File.Content.Locations.Contains(q.Fs))
            .Select(f => f.File.Id)
            .ToHashSet();
        var given = s.Unlinked.GetValueOrDefault(q.Fs) ?? [];
        return Decision.Answer(new FstProtocol.Owned(q.Asked, q.Directory, [.. q.Replicas.Select(Verdict)]));

        FstProtocol.Ownership Verdict(FstProtocol.Held held) =>
            kept.Contains(held.File) || s.Away.Contains(held.File) || s.Outbox.Values.Any(h => h.File.Id == held.File && h.File.Content.Locations.Contains(q.Fs)) ? FstProtocol.Ownership.Keep
            : given.Contains(held.File) ? FstProtocol.Ownership.Drop
            : s.Life == Life.Unborn ? FstProtocol.Ownership.Stranger
            : !s.Opens.TryGetValue(held.Open, out var open) || open.File != held.File ? FstProtocol.Ownership.Unknown
            : FstProtocol.Ownership.Wait;
    }

    public static ImmutableArray<OpenId> Expired(DirectoryState s, Instant now) =>
        [.. s.Opens.Values.Where(o => o.Expires <= now).Select(o => o.Id).OrderBy(o => o.Op.Client).ThenBy(o => o.Op.Number)];

    /// <summary>One order for each filesystem that has replicas to delete.</summary>
    public static ImmutableArray<Effect> Orders(DirectoryState s, int filesPerOrder) => s.Self is null
        ? []
        : [.. s.Unlinked.Select(u => new Effect.Drop(new FstProtocol.DropReplicas(u.Key, s.Self.Id, [.. u.Value.Take(filesPerOrder)])))];

    private static Refusal? LockedOut(OpenFile c, DirectoryEntry? entry, Facts facts) =>
        entry is FileEntry file ? LockRules.Against(file.File, c.Call.Caller.Uid, c.Call.Caller.App, facts.Now) : null;

    public static IEnumerable<Effect> Unlinking(DirectoryId directory, FileRecord file) =>
        file.Content.Locations.Select(fs => new Effect.Drop(new FstProtocol.DropReplicas(fs, directory, [file.Id])));

    /// <summary>By this very commit: its file stands, or stood and its bytes wait to be deleted. O(entries), on repetitions only.</summary>
    private static bool WasCommitted(DirectoryState s, FstProtocol.CommitFile c) =>
        s.Entries.FileOf(c.File)?.File.Open == c.Open
        || s.Away.Contains(c.File)
        || s.Outbox.Values.Any(h => h.File.Id == c.File)
        || s.Unlinked.Values.Any(files => files.Contains(c.File));
}
