using Eos.Raft;

namespace Eos.Kv;

/// <summary>What became of an entry or a question that was given to a member.</summary>
/// <param name="Outcome">With <see cref="KvFateKind.Done"/>: what the machine gave.</param>
/// <param name="Leader">With <see cref="KvFateKind.Refused"/>: who may take it, where that is known.</param>
/// <param name="Why">Unless it is done.</param>
public readonly record struct KvFate(KvFateKind Kind, object? Outcome, MemberId? Leader, string? Why);

/// <summary>The three ends of an entry; a question is never unknown.</summary>
public enum KvFateKind
{
    /// <summary>Applied, or answered.</summary>
    Done = 0,

    /// <summary>Not taken: nothing happened.</summary>
    Refused = 1,

    /// <summary>It may happen or not.</summary>
    Unknown = 2,
}
