using System.Collections.Immutable;

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

    /// <summary>What came of an entry.</summary>
    /// <param name="Replies">One for each command of the entry, in order.</param>
    /// <param name="Published">What is to be said to subscribers.</param>
    public sealed record Outcome(ImmutableArray<Reply> Replies, ImmutableArray<Publication> Published);
}
