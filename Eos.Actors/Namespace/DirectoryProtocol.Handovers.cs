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
    public sealed record Adopt(DirectoryId Directory, Call Call, string Name, FileRecord File, int Keep) : ICommand;

    // events

    /// <param name="Dropped">Versions that are removed, because newer ones have come.</param>
    public sealed record FileAdopted(Stamp Stamp, string Name, FileRecord File, ImmutableArray<string> Dropped) : IEvent;

    /// <summary>A file has arrived where it went; or that directory is gone, and what it would have had with it.</summary>
    public sealed record HandoverEnded(Stamp Stamp, ulong Number, bool Lost) : IEvent;

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
    }

    /// <summary>Where an upload's commit puts what it replaces.</summary>
    /// <param name="Directory">The number of the version directory, if the file has none yet.</param>
    /// <param name="Keep">So many versions stay.</param>
    public sealed record VersionPlan(DirectoryId Directory, int Keep);
}
