using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>One name in a directory.</summary>
public abstract record DirectoryEntry(string Name);

/// <summary>A file: its record lives here, in its directory.</summary>
public sealed record FileEntry(string Name, FileRecord File) : DirectoryEntry(Name);

/// <summary>A sub-directory: its number, and with what it was born, so that a birth cut short by a crash can be completed.</summary>
public sealed record ChildEntry(string Name, DirectoryRecord Seed) : DirectoryEntry(Name)
{
    public DirectoryId Id => Seed.Id;
}
