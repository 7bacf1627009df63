using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Namespace;

/// <remarks>
/// A file that is replaced or removed may live on in another directory: as a version, or in the recycle bin. It leaves with the very event that replaces or removes
/// it, into the directory's outbox, and waits there until the other directory has stored it (<see cref="Adopt"/>). Until then the order is repeated and whoever asked waits.
/// So a file is always in exactly one place, and nobody is told that it moved before it can be seen there.
/// </remarks>
public static partial class DirectoryProtocol
{
    // commands

    /// <summary>
    /// Takes over a file that another directory has let go. Never refused for its name: one that is taken gets the file's number behind it. The operation is that of the
    /// other directory's outbox, so a repetition finds the first.
    /// </summary>
    /// <param name="Keep">Of the versions here so many stay, and what <see cref="VersionRules"/> adds; <see cref="VersionRules.All"/>: this is not about versions.</param>
    public sealed record Adopt(DirectoryId Directory, Call Call, string Name, FileRecord File, int Keep) : ICommand
    {
        /// <summary>A file of that name becomes a version.</summary>
        public VersionPlan? Versions { get; init; }
    }

    /// <summary>A file goes to another directory that can't refuse it, if the caller may remove it here. EAGAIN: the name is another file's by now.</summary>
    /// <param name="Changes">What else becomes of its attributes; those of <see cref="RecycleNames"/> that it has go.</param>
    public sealed record LetGo(DirectoryId Directory, Call Call, string Name, FileId File, Destination To, ImmutableSortedDictionary<string, string> Changes) : ICommand;

    /// <summary>Puts a lock of the caller's program on a file, or takes it away. EBUSY: somebody else's lock is on it.</summary>
    /// <param name="Audience">Null: takes it away.</param>
    public sealed record LockFile(DirectoryId Directory, Call Call, string Name, LockRules.Audience? Audience, TimeSpan Lifetime) : ICommand;

    // events

    /// <param name="Dropped">Versions that are removed, because newer ones have come.</param>
    public sealed record FileAdopted(Stamp Stamp, string Name, FileRecord File, ImmutableArray<string> Dropped) : IEvent
    {
        /// <summary>Where the file goes that had the name; null: there was none.</summary>
        public Handover? Leaves { get; init; }
    }

    /// <summary>A file has arrived where it went; or that directory is gone, and what it would have had with it.</summary>
    public sealed record HandoverEnded(Stamp Stamp, ulong Number, bool Lost) : IEvent;

    /// <param name="Lock">The text of the lock; empty: it is taken away.</param>
    public sealed record FileLocked(Stamp Stamp, string Name, string Lock) : IEvent;

    // signals: never leave the process

    /// <summary>Time passes: what has not arrived is sent again.</summary>
    public sealed record RepeatHandovers;

    // values

    /// <summary>A file on its way to another directory.</summary>
    /// <param name="Number">In the order of this directory's outbox, never used again.</param>
    /// <param name="Op">The operation that let it go.</param>
    /// <param name="Name">What it is called there.</param>
    /// <param name="Begins">With what the other directory begins, if it is made for this file.</param>
    public sealed record Handover(ulong Number, OpId Op, DirectoryId To, string Name, FileRecord File, int Keep, DirectoryRecord? Begins)
    {
        /// <summary>The file that has taken its place; 0: none.</summary>
        public FileId Successor { get; init; }

        /// <summary>A file that has the name there becomes a version.</summary>
        public VersionPlan? Versions { get; init; }
    }

    /// <summary>Where a file goes, and as what.</summary>
    /// <param name="Versions">A file that has the name there becomes a version; null: the one that comes gets another name.</param>
    public sealed record Destination(DirectoryId Directory, string Name, VersionPlan? Versions);

    /// <summary>What becomes of a file that a renaming replaces. A link is never a version.</summary>
    /// <param name="Versions">It becomes a version.</param>
    /// <param name="Bin">It goes to the recycle bin, if it does not become a version.</param>
    public sealed record Displacement(VersionPlan? Versions, BinPlan? Bin);

    /// <summary>How a file goes to the recycle bin.</summary>
    /// <param name="File">The file that was looked at; EAGAIN if it is another one by now.</param>
    /// <param name="To">Where it goes; null: there was no file.</param>
    /// <param name="Changes">What else becomes of its attributes.</param>
    public sealed record BinPlan(FileId File, Destination? To, ImmutableSortedDictionary<string, string> Changes);

    /// <summary>Where an upload's commit puts what it replaces.</summary>
    /// <param name="Directory">The number of the version directory, if the file has none yet.</param>
    /// <param name="Keep">So many versions stay.</param>
    public sealed record VersionPlan(DirectoryId Directory, int Keep);
}
