using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <summary>How far a directory's life has come. Append only.</summary>
public enum Life
{
    Unborn = 0,
    Live = 1,
    Sealed = 2,
    Gone = 3,
}

/// <summary>A removal that a child was sealed for and that will never happen.</summary>
public readonly record struct AbortedRemoval(DirectoryId Child, OpId Removal, Instant At);

/// <summary>All that one directory knows, and how each event changes it. Immutable: a snapshot is a reference.</summary>
public sealed partial record DirectoryState
{
    public static readonly DirectoryState Unborn = new();

    public Life Life { get; init; } = Life.Unborn;

    /// <summary>Own attributes; null before the beginning.</summary>
    public DirectoryRecord? Self { get; init; }

    /// <summary>The removal that sealed this directory, and when.</summary>
    public (OpId Op, Instant At)? Removal { get; init; }

    public EntryPages Entries { get; init; } = EntryPages.Empty;

    public DirectoryCounts Counts { get; init; }

    /// <summary>Granted opens by id; at most one for a name.</summary>
    public ImmutableDictionary<OpenId, OpenRecord> Opens { get; init; } = ImmutableDictionary<OpenId, OpenRecord>.Empty;

    /// <summary>The current open of each name that has one.</summary>
    public ImmutableDictionary<string, OpenId> Current { get; init; } = ImmutableDictionary<string, OpenId>.Empty;

    /// <summary>Replicas that no file here has any more, by filesystem, until that filesystem says that the bytes are gone.</summary>
    public ImmutableSortedDictionary<FsId, ImmutableSortedSet<FileId>> Unlinked { get; init; } =
        ImmutableSortedDictionary<FsId, ImmutableSortedSet<FileId>>.Empty;

    /// <summary>Kept for <see cref="Outcomes.Keep"/>: a late order to remove such a child is refused.</summary>
    public ImmutableList<AbortedRemoval> Aborted { get; init; } = [];

    public Outcomes Seen { get; init; } = Outcomes.Empty;

    /// <summary>In a snapshot: pages of the one before it that this one does not name.</summary>
    public ImmutableArray<ulong> ReplacedPages { get; init; } = [];

    /// <summary>The only writer of state, live and in recovery. Never fails on an event that <see cref="DirectoryRules"/> decided.</summary>
    public DirectoryState Apply(IEvent e)
    {
        var next = e switch
        {
            Begun x => this with { Life = Life.Live, Self = x.Self },
            ChildAdded x => SetEntry(new ChildEntry(x.Name, x.Seed)).Touched(x.Stamp.At),
            ChildRemoved x => DropEntry(x.Name).Touched(x.Stamp.At),
            Sealed x => this with { Life = Life.Sealed, Removal = (x.Stamp.Op, x.Stamp.At) },
            Unsealed => this with { Life = Life.Live, Removal = null },
            Buried => this with { Life = Life.Gone, Removal = null },
            RemovalAborted x => this with { Aborted = Aborted.RemoveAll(a => a.At + Outcomes.Keep < x.Stamp.At).Add(new AbortedRemoval(x.Child, x.Removal, x.Stamp.At)) },
            OpenStored x => WithOpen(x.Open),
            FileCommitted x => Committed(x),
            OpensEnded x => WithoutOpens(x.Opens),
            FileAdopted x => Adopted(x),
            FileLocked x => Locked(x),
            FileRemoved { Leaves: { } leaves } x => Left(x.Name, leaves, x.Stamp.At).Touched(x.Stamp.At),
            HandoverEnded x => Ended(x),
            FileRemoved x => DropEntry(x.Name).Touched(x.Stamp.At),
            EntryRenamed x => Renamed(x).Touched(x.Stamp.At),
            ReplicasForgotten x => Forgotten(x.Fs, x.Files),
            DetachedDropped x => Dropped(x),
            AttributesChanged x => WithAttributes(x),
            ModeChanged x => WithMode(x),
            OwnerChanged x => WithOwner(x),
            ChildLearnt x => WithChild(x),
            ReplicaAttached x => Relocated(x.Name, x.File, x.Fs, x.Replaced),
            ReplicaDetached x => Relocated(x.Name, x.File, null, x.Fs),
            TotalsProtocol.IUnasked x => Counted(x),
            MovePrepared x => this with { Prepared = Prepared.SetItem(x.Name, new PreparedMove(x.Name, x.Stamp.Op, x.Source, x.Stamp.At) { Displaces = x.Displaces }) },
            EntryMoved x => MovedOut(x).Touched(x.Stamp.At),
            MoveAborted x => this with { Moves = Moves.SetItem(x.Stamp.Op, new MoveOutcome(x.Stamp.Op, null, default, "", false, x.Why, x.Text)) },
            MoveFinished x => MovedIn(x).Touched(x.Stamp.At),
            MoveCancelled x => this with { Prepared = Prepared.Remove(x.Name) },
            MoveSettled x => this with { Moves = Moves.Remove(x.Stamp.Op) },
            ParentChanged x => this with { Self = Self! with { Parent = x.Parent, Times = Self.Times with { Changed = x.Stamp.At } }, LastMove = x.Number },
            FileMade x => SetEntry(new FileEntry(x.Name, x.File)).Touched(x.Stamp.At),
            FileTouched x => WithTouched(x),
            PlaceTagged x => WithPlace(x),
            QuotaProtocol.IQuotaEvent x => QuotaRules.Apply(this, x),
            LayoutChanged x => WithLayout(x),
            GhostsDropped => this,
            FileAccessed x => WithAccess(x),
            ContentCorrected x => WithContent(x),
            _ => throw new InvalidOperationException($"no fold for {e.GetType().Name}"),
        };
        next = next.Versioned(this);
        return e is TotalsProtocol.IUnasked ? next : next with { Seen = Seen.With(e.Stamp, ReplyTo(e)) };
    }

    /// <summary>What a repeated operation is told; null for what is safe to judge afresh.</summary>
    public IReply? ReplyTo(IEvent e)
    {
        var (self, op) = (Self?.Id ?? default, e.Stamp.Op);
        return e switch
        {
            ChildAdded x => new ChildMade(self, op, x.Seed),
            OpenStored x => new FileOpened(self, op, x.Open),
            MoveAborted x => new MoveRefused(self, op, x.Why, x.Text),
            ChildRemoved or FileRemoved or EntryRenamed or AttributesChanged or ModeChanged or OwnerChanged or ReplicaDetached or FileAdopted or FileLocked
                or FileMade or FileTouched or PlaceTagged or LayoutChanged or GhostsDropped or MovePrepared or EntryMoved or DetachedDropped => new Done(self, op),
            QuotaProtocol.IQuotaEvent => new Done(self, op),
            _ => null,
        };
    }

    private DirectoryState Relocated(string name, FileId file, FsId? added, FsId? gone)
    {
        if (Entries.Find(name) is not FileEntry entry || entry.File.Id != file) return this; // what made the entry was rejected by the journal
        var content = entry.File.Content;
        var left = gone is { } lost ? content.Locations.Remove(lost) : content.Locations;
        var moved = content with { Locations = added is { } fs && !left.Contains(fs) ? left.Add(fs) : left };
        return this with
        {
            Entries = Entries.Set(entry with { File = entry.File with { Content = moved } }),
            Unlinked = gone is { } dropped ? Unlink(Unlinked, file, [dropped]) : Unlinked,
        };
    }

    private DirectoryState Touched(Instant now) =>
        this with { Self = Self! with { Times = Self.Times with { Modified = now, Changed = now } } };

    private DirectoryState SetEntry(DirectoryEntry entry)
    {
        var cleared = DropEntry(entry.Name);
        return cleared with { Entries = cleared.Entries.Set(entry), Counts = Count(cleared.Counts, entry, +1), Totals = cleared.Totals.With(entry) };
    }

    /// <summary>Without that name. A file's replicas wait to be deleted.</summary>
    private DirectoryState DropEntry(string name)
    {
        if (Entries.Find(name) is not { } entry) return this;
        var next = this with { Entries = Entries.Remove(name), Counts = Count(Counts, entry, -1), Totals = Totals.Without(entry) };
        return entry is FileEntry file ? next.Detach(name, file.File) : next;
    }

    private static DirectoryCounts Count(DirectoryCounts counts, DirectoryEntry entry, int sign) => entry switch
    {
        FileEntry f => counts with { Files = counts.Files + (ulong)(long)sign, Bytes = counts.Bytes + (ulong)(sign * (long)f.File.Content.Size) },
        _ => counts with { Directories = counts.Directories + (ulong)(long)sign },
    };

    private DirectoryState WithOpen(OpenRecord open)
    {
        var ended = Current.TryGetValue(open.Name, out var superseded) ? WithoutOpens([superseded]) : this;
        return ended with { Opens = ended.Opens.SetItem(open.Id, open), Current = ended.Current.SetItem(open.Name, open.Id), Totals = ended.Totals.With(open) };
    }

    private DirectoryState WithoutOpens(ImmutableArray<OpenId> ended)
    {
        var next = this;
        foreach (var id in ended)
        {
            if (!next.Opens.TryGetValue(id, out var open)) continue;
            next = next with { Opens = next.Opens.Remove(id), Current = next.Current.Remove(open.Name), Totals = next.Totals.Without(open) };
        }
        return next;
    }

    private DirectoryState Committed(FileCommitted x)
    {
        if (!Opens.TryGetValue(x.Open, out var open)) return this; // its open was rejected by the journal, and nobody was told of either
        var old = (Entries.Find(open.Name) as FileEntry)?.File;
        var born = old?.Times.Born ?? x.Stamp.At;
        var file = new FileRecord(
            open.File,
            open.Id,
            open.Owner,
            open.Mode,
            new Times(x.Stamp.At, x.Modified, born),
            new Content(x.Size, x.Checksum, open.Plan.Layout, x.Locations),
            old is null ? ImmutableSortedDictionary<string, string>.Empty : AttributeRules.AfterOverwrite(old.Attributes));
        var cleared = WithoutOpens([x.Open]);
        if (x.Leaves is { } leaves) cleared = cleared.Left(open.Name, leaves, x.Stamp.At);
        return cleared.SetEntry(new FileEntry(open.Name, file)).Touched(x.Stamp.At);
    }

    private DirectoryState Renamed(EntryRenamed x)
    {
        if (Entries.Find(x.From) is not { } entry) return this; // as above: what made the entry was rejected
        var renamed = entry switch
        {
            FileEntry f => (DirectoryEntry)(f with { Name = x.To, File = f.File with { Times = f.File.Times with { Changed = x.Stamp.At } } }),
            _ => entry with { Name = x.To },
        };
        var cleared = x.Leaves is { } leaves ? Left(x.To, leaves, x.Stamp.At) : DropEntry(x.To);
        return cleared with { Entries = cleared.Entries.Remove(x.From).Set(renamed) };
    }

    private static ImmutableSortedDictionary<FsId, ImmutableSortedSet<FileId>> Unlink(
        ImmutableSortedDictionary<FsId, ImmutableSortedSet<FileId>> unlinked, FileId file, ImmutableArray<FsId> locations)
    {
        foreach (var fs in locations)
            unlinked = unlinked.SetItem(fs, (unlinked.GetValueOrDefault(fs) ?? []).Add(file));
        return unlinked;
    }
}
