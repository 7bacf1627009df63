using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>What a directory is told to keep nodes small.</summary>
public static partial class DirectoryProtocol
{
    /// <summary>Store the whole state if there are events after the last one that was stored, so that older events can go. Answered <see cref="Done"/> when the directory has begun with it.</summary>
    public sealed record Condense(DirectoryId Directory, OpId Op) : IQuery;

    /// <summary>Go to sleep: whoever asks next wakes it. Never leaves the process, and is not answered.</summary>
    public sealed record Sleep;
}
