using System.Collections.Immutable;

namespace Eos.Journal;

/// <summary>
/// Between a node's client of the group and the door beside a member on another node, `/user/kv-door`. The client sends requests together and the door answers them
/// together, though not the same ones. Anything may be lost: the client repeats what was not answered, an entry under the same number of its session.
/// </summary>
public static class KvDoorProtocol
{
    /// <summary>Requests, in order.</summary>
    public sealed record Requests(ImmutableArray<Item> Entries, ImmutableArray<Item> Questions);

    /// <summary>Sent to the sender of the requests.</summary>
    public sealed record Answers(ImmutableArray<Fate> Entries, ImmutableArray<Fate> Questions);

    /// <param name="Number">The client's; comes back with the answer.</param>
    /// <param name="Bytes">The entry or the question as the state machine reads it.</param>
    public sealed record Item(ulong Number, ReadOnlyMemory<byte> Bytes);

    /// <param name="Answer">With <see cref="FateKind.Done"/>: the bytes of the answer.</param>
    /// <param name="Leader">With <see cref="FateKind.Refused"/>: the member that may take it; empty when that is not known.</param>
    public sealed record Fate(ulong Number, FateKind Kind, ReadOnlyMemory<byte> Answer, string Leader, string Why);

    /// <summary>What became of a request.</summary>
    public enum FateKind
    {
        Done = 0,

        /// <summary>This member can't take it; nothing happened.</summary>
        Refused = 1,

        /// <summary>It may happen, or not.</summary>
        Unknown = 2,
    }
}
