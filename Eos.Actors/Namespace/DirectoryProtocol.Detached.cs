using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>
/// Detached files: removed, in no directory any more (EOS: container 0), and kept by the one that they were removed from until every filesystem has said that its bytes are gone
/// (<see cref="Fst.FstProtocol.ReplicaDropped"/>). They count nowhere and have no name that anybody could ask for; they are found by their numbers. A directory that was removed itself
/// answers for them too.
/// </summary>
public static partial class DirectoryProtocol
{
    /// <summary>A word about files that were removed: heard in every phase of a directory's life.</summary>
    public interface IDetachedCommand : ICommand;

    // commands

    /// <summary>Orders the deletion of a detached file's replicas again. ENOENT: there is no such file, or no longer.</summary>
    /// <param name="Forget">The record goes at once, whatever becomes of the replicas. Root only.</param>
    public sealed record DropDetached(DirectoryId Directory, Call Call, FileId File, bool Forget) : IDetachedCommand;

    /// <summary>These replicas wait for their deletion no longer, whatever becomes of them. Root only.</summary>
    public sealed record ForgetDeletions(DirectoryId Directory, Call Call, FsId Fs, ImmutableArray<FileId> Files) : IDetachedCommand;

    // queries

    /// <summary>Answered <see cref="DetachedFound"/>, by directories that are gone too.</summary>
    public sealed record LookDetached(DirectoryId Directory, OpId Op, FileId File) : IQuery;

    // replies

    /// <param name="File">With the name that it had; null: there is none.</param>
    public sealed record DetachedFound(DirectoryId Directory, OpId Op, FileEntry? File) : IReply;

    // events

    /// <summary>A detached file and the orders to delete its replicas are forgotten.</summary>
    public sealed record DetachedDropped(Stamp Stamp, FileId File) : IEvent;
}
