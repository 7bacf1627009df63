using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>When files were last read.</summary>
public static partial class DirectoryProtocol
{
    /// <summary>A file is being read: its time of access is written down if it is old by now. Not answered, may be lost, and says nothing about a file that has another name by then.</summary>
    /// <param name="Resolution">An older time is that old at least.</param>
    public sealed record NoteAccess(DirectoryId Directory, OpId Op, string Name, FileId File, TimeSpan Resolution) : IForDirectory;

    // events

    public sealed record FileAccessed(Stamp Stamp, string Name, FileId File) : IEvent;
}
