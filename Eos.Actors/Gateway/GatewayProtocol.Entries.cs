using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Gateway;

/// <summary>Symbolic links, empty files, and what is said of a file's places.</summary>
public static partial class GatewayProtocol
{
    /// <summary>Makes a symbolic link. <paramref name="Replace"/>: in place of a file or link of that name, else EEXIST.</summary>
    /// <param name="Target">A path, absolute or relative to the link, that need not be there; or the number of a file or directory that is there.</param>
    public sealed record MakeLink(Head Head, string Path, string Target, bool Replace) : IRequest;

    /// <summary>Gives a file the present time; one that is not there is made, empty and without replicas.</summary>
    /// <param name="Placed">A new file has the layout that the directory's files have; else a plain one.</param>
    /// <param name="Truncate">Its bytes go.</param>
    public sealed record TouchFile(Head Head, string Path, bool Placed, bool Truncate) : IRequest;

    /// <summary>Moves a file into another directory, under its name, and leaves a symbolic link to it. EINVAL: it is in that directory.</summary>
    public sealed record RenameWithLink(Head Head, string Path, string Target) : IRequest;

    /// <summary>Says that a filesystem has a file or does not; no byte is moved. Root only.</summary>
    public sealed record TagPlace(Head Head, string Path, FsId Fs, DirectoryProtocol.PlaceTag Tag) : IRequest;
}
