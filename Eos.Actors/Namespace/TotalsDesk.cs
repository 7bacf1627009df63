using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>What a directory that is awake has in hand between events: reports to store and its own that is under way. Lost with a crash, and that is no harm.</summary>
public sealed record TotalsDesk
{
    public static readonly TotalsDesk Empty = new();

    /// <summary>The newest of each child, not stored yet.</summary>
    public ImmutableDictionary<DirectoryId, ChildReport> Inbox { get; init; } = ImmutableDictionary<DirectoryId, ChildReport>.Empty;

    /// <summary>Which parent has stored which version.</summary>
    public (DirectoryId Parent, ulong Version)? Kept { get; init; }

    /// <summary>The report that was sent and not answered: its version, when, and how often one was sent in vain.</summary>
    public (ulong Version, Instant At, int Tries)? Sent { get; init; }

    /// <summary>When something was last stored or told.</summary>
    public Instant Turned { get; init; } = Instant.Epoch;
}
