namespace Eos.Namespace;

/// <summary>What a directory is told by its node's upkeep; never leaves the process and is not answered.</summary>
public static partial class DirectoryProtocol
{
    /// <summary>Store the whole state if there are events after the last one that was stored, so that older events can go.</summary>
    public sealed record Condense;

    /// <summary>Go to sleep: whoever asks next wakes it.</summary>
    public sealed record Sleep;
}
