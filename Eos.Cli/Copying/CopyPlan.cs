using Eos.Kernel;

namespace Eos.Cli.Copying;

/// <summary>One file to copy. <paramref name="Size"/> null: not known before it is read.</summary>
/// <param name="Expected">The checksum of a remote source, to compare what was read with.</param>
internal sealed record FileCopy(Place From, Place To, long? Size, Checksum? Expected, Instant? Modified);

/// <summary>All that a `cp` has to do: first the directories, parents before children, then the files.</summary>
internal sealed record CopyPlan(IReadOnlyList<Place> Directories, IReadOnlyList<FileCopy> Files, IReadOnlyList<string> Skipped)
{
    /// <summary>Bytes in all; null when one size is not known.</summary>
    public long? Bytes => Files.Any(f => f.Size is null) ? null : Files.Sum(f => f.Size!.Value);
}
