using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>
/// Renaming from one directory into another: one operation id, and three words.
/// <para>
/// <see cref="PrepareMove"/> to the target: the name is held, nobody sees it. <see cref="CommitMove"/> to the source: the moment it happens, or
/// <see cref="MoveRefused"/>, for ever. <see cref="FinishMove"/> to the target: the entry is there, or the name is free again; then the source forgets
/// (<see cref="SettleMove"/>). The source repeats <see cref="FinishMove"/> until then, and a target whose name is held for long asks it
/// (<see cref="AskMove"/>): so it ends, whoever began it. A sub-directory is moved by <see cref="MoverProtocol">the mover</see> only, which settles by itself.
/// </para>
/// </summary>
public static partial class DirectoryProtocol
{
    /// <summary>A word about a renaming. Answered by what became of the renaming, not by what is remembered of the operation.</summary>
    public interface IMove : ICommand;

    /// <summary>Holds a name for an entry of another directory. Answered <see cref="Done"/>.</summary>
    /// <param name="Overwrite">A file of that name is replaced, else EEXIST.</param>
    public sealed record PrepareMove(DirectoryId Directory, Call Call, string Name, DirectoryId Source, bool IsDirectory, bool Overwrite) : IMove
    {
        /// <summary>What becomes of the file that is replaced; null: it is removed.</summary>
        public Displacement? Displaces { get; init; }
    }

    /// <summary>Takes an entry away for another directory. Answered <see cref="MoveCommitted"/>, <see cref="MoveRefused"/>, or <see cref="Done"/> when all is over.</summary>
    /// <param name="Child">The sub-directory that is meant; 0: a file.</param>
    public sealed record CommitMove(DirectoryId Directory, Call Call, string Name, DirectoryId Target, string NewName, DirectoryId Child) : IMove;

    /// <summary>Says how a renaming was decided.</summary>
    /// <param name="Entry">What comes; null: nothing, the name is free.</param>
    public sealed record FinishMove(DirectoryId Directory, Call Call, string Name, DirectoryId Source, DirectoryEntry? Entry) : IMove;

    /// <summary>The target knows: the source may forget. <see cref="Call.Op"/> is that of the renaming.</summary>
    public sealed record SettleMove(DirectoryId Directory, Call Call) : IMove;

    /// <summary>A target asks how a renaming was decided. One that the source has not seen never happens. Answered <see cref="MoveDecided"/>.</summary>
    public sealed record AskMove(DirectoryId Directory, Call Call, string Name) : IMove;

    /// <summary>Tells a directory who is above it from now on.</summary>
    /// <param name="Number">Of the mover's work: an older word, that comes late, changes nothing.</param>
    public sealed record SetParent(DirectoryId Directory, Call Call, DirectoryId Parent, ulong Number) : IMove;

    // replies

    /// <summary>It has happened: tell the target.</summary>
    public sealed record MoveCommitted(DirectoryId Directory, OpId Op, DirectoryEntry Entry) : IReply;

    /// <summary>It will never happen.</summary>
    public sealed record MoveRefused(DirectoryId Directory, OpId Op, Errno Why, string Text) : IReply;

    /// <param name="Name">The one that the target holds.</param>
    /// <param name="Entry">What comes; null: nothing.</param>
    public sealed record MoveDecided(DirectoryId Directory, OpId Op, string Name, DirectoryEntry? Entry) : IReply;

    // events; the operation of each is that of the renaming

    public sealed record MovePrepared(Stamp Stamp, string Name, DirectoryId Source) : IEvent
    {
        public Displacement? Displaces { get; init; }
    }

    public sealed record EntryMoved(Stamp Stamp, string Name, DirectoryId Target, string NewName) : IEvent;
    public sealed record MoveAborted(Stamp Stamp, Errno Why, string Text) : IEvent;
    public sealed record MoveFinished(Stamp Stamp, string Name, DirectoryEntry Entry) : IEvent
    {
        /// <summary>Where the file goes that is replaced; null: it is removed.</summary>
        public Handover? Leaves { get; init; }
    }

    public sealed record MoveCancelled(Stamp Stamp, string Name) : IEvent;
    public sealed record MoveSettled(Stamp Stamp) : IEvent;
    public sealed record ParentChanged(Stamp Stamp, DirectoryId Parent, ulong Number) : IEvent;

    // values

    /// <summary>A name that is held for an entry of another directory.</summary>
    public sealed record PreparedMove(string Name, OpId Op, DirectoryId Source, Instant At)
    {
        /// <summary>What becomes of the file that is replaced; null: it is removed.</summary>
        public Displacement? Displaces { get; init; }
    }

    /// <summary>How a renaming was decided here, until its target knows.</summary>
    /// <param name="Entry">What has left; null: nothing, it was refused.</param>
    /// <param name="HasRows">The rows of the indexes that lead to the target are this directory's.</param>
    public sealed record MoveOutcome(OpId Op, DirectoryEntry? Entry, DirectoryId Target, string NewName, bool HasRows, Errno Why, string Text);
}
