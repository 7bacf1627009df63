using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>Entries that come without an upload: symbolic links and empty files; and what an administrator says of a file's places.</summary>
public static partial class DirectoryProtocol
{
    // commands

    /// <summary>Makes a symbolic link. <paramref name="Replace"/>: in place of a file or link of that name.</summary>
    /// <param name="Target">Relative or absolute; need not be there.</param>
    public sealed record MakeLink(DirectoryId Directory, Call Call, string Name, FileId File, string Target, bool Replace) : ICommand;

    /// <summary>Gives a file the present time, or makes an empty one. Answered <see cref="LinkMet"/> for a symbolic link.</summary>
    /// <param name="File">The number of a new file.</param>
    /// <param name="Layout">The layout of a new file.</param>
    /// <param name="Truncate">Its bytes go.</param>
    public sealed record TouchFile(DirectoryId Directory, Call Call, string Name, FileId File, LayoutId Layout, bool Truncate) : ICommand;

    /// <summary>Says that a filesystem has a file or does not: no byte is moved. Root only.</summary>
    public sealed record TagPlace(DirectoryId Directory, Call Call, string Name, FsId Fs, PlaceTag Tag) : ICommand;

    /// <summary>What is said of a place. Append only.</summary>
    public enum PlaceTag
    {
        /// <summary>It has a replica from now on.</summary>
        Add = 1,

        /// <summary>It is forgotten, also among those that wait to be deleted.</summary>
        Remove = 2,

        /// <summary>Its replica is to be deleted.</summary>
        Unlink = 3,
    }

    // replies

    /// <summary>The name is a symbolic link: nothing happened, look where it points.</summary>
    public sealed record LinkMet(DirectoryId Directory, OpId Op, string Target) : IReply;

    // events

    /// <summary>A symbolic link or an empty file, in place of what had the name.</summary>
    public sealed record FileMade(Stamp Stamp, string Name, FileRecord File) : IEvent;

    public sealed record FileTouched(Stamp Stamp, string Name, bool Truncated) : IEvent;

    public sealed record PlaceTagged(Stamp Stamp, string Name, FileId File, FsId Fs, PlaceTag Tag) : IEvent;
}
