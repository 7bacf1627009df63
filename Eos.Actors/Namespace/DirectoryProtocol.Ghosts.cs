using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>Rows of the index that a directory has left behind: they name replicas of files that it does not have.</summary>
public static partial class DirectoryProtocol
{
    // commands

    /// <summary>Takes away the directory's rows for these files on the filesystem, but for those that it has there. Root only.</summary>
    public sealed record DropGhosts(DirectoryId Directory, Call Call, FsId Fs, ImmutableArray<FileId> Files) : ICommand;

    // events

    /// <summary>Changes nothing but the index.</summary>
    public sealed record GhostsDropped(Stamp Stamp, FsId Fs, ImmutableArray<FileId> Files) : IEvent;
}
