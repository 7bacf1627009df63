using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>What an administrator wants of the layout of a file that is there.</summary>
public static partial class DirectoryProtocol
{
    // commands

    /// <summary>Gives a file another layout; no byte is moved: `file adjustreplica` makes it true. Root only.</summary>
    /// <param name="File">The file whose layout was looked at.</param>
    public sealed record SetLayout(DirectoryId Directory, Call Call, string Name, FileId File, LayoutId Layout) : ICommand;

    // events

    /// <summary>What a replica's bytes are counts from now on.</summary>
    public sealed record ContentCorrected(Stamp Stamp, string Name, FileId File, ulong Size, Checksum Checksum) : IEvent;

    public sealed record LayoutChanged(Stamp Stamp, string Name, FileId File, LayoutId Layout) : IEvent;
}
