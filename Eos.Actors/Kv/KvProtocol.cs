using System.Collections.Immutable;
using static Eos.Kv.SystemProtocol;

namespace Eos.Kv;

/// <summary>
/// What an entry of the log can ask of the machine, and what comes of it. Everything that the outcome depends on is in the entry, in its index or
/// in its log time.
/// </summary>
public static class KvProtocol
{
    public interface IEntry;

    /// <summary>A question that changes nothing and needs no entry.</summary>
    public interface IQuestion;

    /// <summary>Data commands that only look.</summary>
    public sealed record UserReads(ImmutableArray<Request> Requests) : IQuestion;

    /// <summary>Data commands that happen together: nothing comes between them, and one that is refused does not undo the others.</summary>
    public sealed record UserCommands(ImmutableArray<Request> Requests) : IEntry;

    /// <summary>
    /// Removes keys in their order, from one on, as many as the bounds allow: one part of a FLUSHALL. The one reply is the key to go on with, or nil when none is left.
    /// The bounds count rows and bytes of rows, and may be exceeded by what belongs to the last row.
    /// </summary>
    public sealed record ClearKeys(ReadOnlyMemory<byte> From, ulong Rows, ulong Bytes) : IEntry;

    /// <summary>What came of data commands, one reply for each, in order.</summary>
    public sealed record Replies(ImmutableArray<Reply> Values) : IAnswer;

    /// <summary>What came of an entry.</summary>
    /// <param name="Published">What is to be said to subscribers.</param>
    public sealed record Outcome(IAnswer Answer, ImmutableArray<Publication> Published)
    {
        /// <summary>Of data commands; of anything else none.</summary>
        public ImmutableArray<Reply> Replies => Answer is Replies x ? x.Values : [];
    }
}
