using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>One name in a directory.</summary>
public abstract record DirectoryEntry(string Name);

/// <summary>A file: its record lives here, in its directory.</summary>
public sealed record FileEntry(string Name, FileRecord File) : DirectoryEntry(Name)
{
    /// <summary>Filesystems that were told to delete the file and have not said that they have. Only in answers, never stored.</summary>
    public ImmutableArray<FsId> Unlinked { get; init; } = [];
}

/// <summary>A file that was removed and waits for its replicas to be deleted; among its like only.</summary>
/// <param name="Name">Its number.</param>
public sealed record DetachedEntry(string Name, FileRecord File, string LastName) : DirectoryEntry(Name);

/// <summary>A sub-directory: its number, and with what it was born, so that a birth cut short by a crash can be completed.</summary>
public sealed record ChildEntry(string Name, DirectoryRecord Seed) : DirectoryEntry(Name)
{
    public DirectoryId Id => Seed.Id;
}
