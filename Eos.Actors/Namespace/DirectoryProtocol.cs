using System.Collections.Immutable;
using Eos.Fst;
using Eos.Identity;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>
/// Everything one directory can be told, can answer and can remember. The filesystems' part of the conversation is in <see cref="FstProtocol"/>.
/// <para>
/// Gateways speak first. Any message may be lost; whoever asks repeats with the same operation id, and a change happens once. A reply is sent
/// when its events, and all before them, are stored. A directory that was never begun answers <see cref="Unborn"/>: its parent's entry has the seed,
/// whoever meets it sends <see cref="Begin"/>. One that was removed answers <see cref="Gone"/>.
/// </para>
/// <para>
/// Removing a sub-directory takes three steps with one operation id: <see cref="Seal"/> to the child (empty, takes nothing new), <see cref="RemoveChild"/>
/// to the parent (the moment it happens), <see cref="Bury"/> to the child. A child left sealed asks its parent (<see cref="AskRemoved"/>), whose answer is final:
/// a removal it has not seen is <see cref="RemovalAborted"/> there and never happens.
/// </para>
/// </summary>
public static partial class DirectoryProtocol
{
    /// <summary>Which operation, below which number its client has had all answers, and for whom.</summary>
    public readonly record struct Call(OpId Op, ulong AnsweredBelow, Caller Caller);

    // commands

    /// <summary>Asks for a change. <see cref="Call.Op"/> makes a retry answer as the first try did.</summary>
    public interface ICommand : IForDirectory
    {
        Call Call { get; }
    }

    /// <summary>Begins the life of a directory with these attributes; nothing happens if it has begun.</summary>
    public sealed record Begin(DirectoryId Directory, Call Call, DirectoryRecord Seed) : ICommand;

    /// <summary>Makes a sub-directory. <paramref name="Mode"/> null: this directory's. Answered <see cref="ChildMade"/>.</summary>
    public sealed record MakeChild(DirectoryId Directory, Call Call, string Name, DirectoryId Child, uint? Mode) : ICommand;

    /// <summary>Takes away the name of a sealed child.</summary>
    public sealed record RemoveChild(DirectoryId Directory, Call Call, string Name, DirectoryId Child) : ICommand;

    /// <summary>An empty directory takes nothing new until it is buried or its parent says it stays.</summary>
    public sealed record Seal(DirectoryId Directory, Call Call) : ICommand;

    /// <summary>The parent has taken away the name: the end.</summary>
    public sealed record Bury(DirectoryId Directory, Call Call) : ICommand;

    /// <summary>Opens a file for writing. Answered <see cref="FileOpened"/>. The latest open of a name is the current one.</summary>
    public sealed record OpenFile(DirectoryId Directory, Call Call, string Name, bool Overwrite, OpenPlan Plan) : ICommand;

    /// <summary>What the gateway has prepared for a new file: its number, where its bytes go and how they are checked.</summary>
    /// <param name="Size">What the client promised, if it did.</param>
    public sealed record OpenPlan(FileId File, LayoutId Layout, ImmutableArray<FsId> Locations, ulong? Size)
    {
        /// <summary>What is replaced becomes a version; null: it is removed.</summary>
        public VersionPlan? Versions { get; init; }

        /// <summary>Bytes that quota left for the file when it was opened; null: any number.</summary>
        public ulong? Limit { get; init; }

        /// <summary>Bytes that are accounted for until it is known how many come.</summary>
        public ulong Booking { get; init; }
    }

    public sealed record RemoveFile(DirectoryId Directory, Call Call, string Name) : ICommand
    {
        /// <summary>ENOTEMPTY if the file has versions.</summary>
        public bool IsAlone { get; init; }
    }

    /// <summary>Gives up one place of a file; its bytes there go. Root only; EBUSY for the last place.</summary>
    public sealed record DropReplica(DirectoryId Directory, Call Call, string Name, FsId Fs) : ICommand;

    /// <summary>Gives an entry another name here. <paramref name="Overwrite"/>: a file of the new name is replaced.</summary>
    public sealed record Rename(DirectoryId Directory, Call Call, string From, string To, bool Overwrite) : ICommand
    {
        /// <summary>What becomes of the file that is replaced; null: it is removed.</summary>
        public Displacement? Displaces { get; init; }
    }

    /// <summary>A child asks what became of the removal that sealed it. Answered <see cref="RemovalDecided"/>.</summary>
    public sealed record AskRemoved(DirectoryId Directory, Call Call, DirectoryId Child, OpId Removal) : ICommand;

    // queries

    /// <summary>Asks to look: answered from what is stored when the answer leaves.</summary>
    public interface IQuery : IForDirectory
    {
        OpId Op { get; }
    }

    /// <summary>The directory's attributes, one of its entries, and what became of an earlier try. Answered <see cref="Found"/>.</summary>
    /// <param name="Name">Empty: no entry is asked for.</param>
    /// <param name="Earlier">An operation that may have been done here before.</param>
    public sealed record Lookup(DirectoryId Directory, OpId Op, string Name, OpId? Earlier) : IQuery;

    /// <summary>Entries after a name, at most a page. Answered <see cref="Page"/>.</summary>
    public sealed record ReadPage(DirectoryId Directory, OpId Op, string After, uint Limit) : IQuery;

    // replies

    public interface IReply
    {
        DirectoryId Directory { get; }
        OpId Op { get; }
    }

    /// <summary>Happened, now or at an earlier try.</summary>
    public sealed record Done(DirectoryId Directory, OpId Op) : IReply;

    /// <summary>The rules said no; nothing changed.</summary>
    public sealed record Refused(DirectoryId Directory, OpId Op, Errno Why, string Text) : IReply;

    /// <summary>Nobody can say whether it happened, or it can't be decided yet: repeat with the same operation id.</summary>
    public sealed record Unknown(DirectoryId Directory, OpId Op) : IReply;

    /// <summary>Never begun: send <see cref="Begin"/> with the seed from the parent's entry and repeat.</summary>
    public sealed record Unborn(DirectoryId Directory, OpId Op) : IReply;

    /// <summary>Removed: whoever knew it by a name should look again.</summary>
    public sealed record Gone(DirectoryId Directory, OpId Op) : IReply;

    /// <param name="Seed">What the child is to begin with.</param>
    public sealed record ChildMade(DirectoryId Directory, OpId Op, DirectoryRecord Seed) : IReply;

    public sealed record FileOpened(DirectoryId Directory, OpId Op, OpenRecord Open) : IReply;

    /// <param name="Removed">True: the child's name is gone. False: the removal will never happen.</param>
    public sealed record RemovalDecided(DirectoryId Directory, OpId Op, OpId Removal, bool Removed) : IReply;

    /// <param name="Entry">Null: there is none of that name.</param>
    /// <param name="Earlier">The answer to the earlier try, if it is known here.</param>
    public sealed record Found(DirectoryId Directory, OpId Op, DirectoryRecord Self, DirectoryCounts Counts, DirectoryEntry? Entry, IReply? Earlier) : IReply
    {
        /// <summary>Of the whole tree, as far as the directory has heard.</summary>
        public TreeCounts Tree { get; init; }
    }

    public sealed record Page(DirectoryId Directory, OpId Op, DirectoryRecord Self, ImmutableArray<DirectoryEntry> Entries, bool More) : IReply
    {
        public DirectoryCounts Counts { get; init; }

        /// <summary>Of the whole tree, as far as the directory has heard.</summary>
        public TreeCounts Tree { get; init; }
    }

    /// <summary>Sums over the directory's own entries.</summary>
    public readonly record struct DirectoryCounts(ulong Files, ulong Directories, ulong Bytes);

    // events: append fields, never change their meaning

    /// <summary>Happened; stored forever.</summary>
    public interface IEvent
    {
        Stamp Stamp { get; }
    }

    /// <summary>By which operation and when; the client's answers below the number may be forgotten.</summary>
    public readonly record struct Stamp(OpId Op, ulong AnsweredBelow, Instant At);

    public sealed record Begun(Stamp Stamp, DirectoryRecord Self) : IEvent;
    public sealed record ChildAdded(Stamp Stamp, string Name, DirectoryRecord Seed) : IEvent;
    public sealed record ChildRemoved(Stamp Stamp, string Name, DirectoryId Child) : IEvent;
    public sealed record Sealed(Stamp Stamp) : IEvent;
    public sealed record Unsealed(Stamp Stamp) : IEvent;
    public sealed record Buried(Stamp Stamp) : IEvent;

    /// <summary>A removal that sealed a child was given up before it happened.</summary>
    public sealed record RemovalAborted(Stamp Stamp, DirectoryId Child, OpId Removal) : IEvent;

    public sealed record OpenStored(Stamp Stamp, OpenRecord Open) : IEvent;
    public sealed record FileCommitted(Stamp Stamp, OpenId Open, ulong Size, Checksum Checksum, ImmutableArray<FsId> Locations, Instant Modified) : IEvent
    {
        /// <summary>Where the file goes that is replaced; null: it is removed.</summary>
        public Handover? Leaves { get; init; }
    }


    /// <summary>Opens ended without a file: abandoned by the server or out of time.</summary>
    public sealed record OpensEnded(Stamp Stamp, ImmutableArray<OpenId> Opens) : IEvent;

    public sealed record FileRemoved(Stamp Stamp, string Name) : IEvent
    {
        /// <summary>Where the file goes; null: nowhere.</summary>
        public Handover? Leaves { get; init; }
    }

    public sealed record EntryRenamed(Stamp Stamp, string From, string To) : IEvent
    {
        /// <summary>Where the file goes that is replaced; null: it is removed.</summary>
        public Handover? Leaves { get; init; }
    }

    /// <summary>A filesystem has a replica of the file from now on, and another one, if one is named, has it no more.</summary>
    public sealed record ReplicaAttached(Stamp Stamp, string Name, FileId File, FsId Fs, FsId? Replaced) : IEvent;

    /// <summary>A filesystem has no replica of the file any more.</summary>
    public sealed record ReplicaDetached(Stamp Stamp, string Name, FileId File, FsId Fs) : IEvent;

    /// <summary>The filesystem has deleted the bytes.</summary>
    public sealed record ReplicasForgotten(Stamp Stamp, FsId Fs, ImmutableArray<FileId> Files) : IEvent;

    // values that events and replies share

    /// <summary>A granted intention to write: what becomes the file's record at commit.</summary>
    /// <param name="Fresh">True: the name must not be taken by another file at commit.</param>
    public sealed record OpenRecord(OpenId Id, string Name, FileId File, Owner Owner, uint Mode, OpenPlan Plan, bool Fresh, Instant Expires);

    // signals: never leave the process

    /// <summary>Time passes: expire opens, repeat orders.</summary>
    public sealed record Tick;

    /// <summary>Time passes: tell what is owed about totals.</summary>
    public sealed record TotalsTick;

    /// <summary>Answer what is pending, then stop: hand-off and passivation.</summary>
    public sealed record Stop;
}
