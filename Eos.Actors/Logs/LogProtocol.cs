using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Logs;

/// <summary>
/// What a gateway and the log of each node say to each other. A gateway asks all nodes; each knows whether it is meant. Nothing is repeated: who does not answer in time is left out.
/// </summary>
public static class LogProtocol
{
    /// <summary>The actor's name below `/user` on every node.</summary>
    public const string Name = "log";

    /// <summary>To which nodes it goes: `*`; `.` for that of who asks; `host:port`; a node's name; EOS's `/eos/host:port/fst` or `…/mgm`. Answered by each of them with <see cref="Level"/>.</summary>
    public interface IQuestion
    {
        string Node { get; }
    }

    /// <param name="Severity">From now on what is less grave is not logged.</param>
    /// <param name="Ignored">Sources that are not kept in memory: words with commas between.</param>
    public sealed record SetLevel(string Node, Severity Severity, string Ignored) : IQuestion;

    public sealed record AskLevel(string Node) : IQuestion;

    /// <summary>Lines of the last seconds, at least so grave, with a word in them. Answered <see cref="Lines"/>.</summary>
    public sealed record Read(string Node, TimeSpan Age, Severity Least, string Word) : IQuestion;

    /// <param name="Node">`host:port`.</param>
    /// <param name="Name">What the node is called; may be empty.</param>
    public sealed record Level(string Node, string Name, Severity Severity) : INodeReply;

    public sealed record Lines(string Node, ImmutableArray<LogLine> Found) : INodeReply;

    /// <summary>Another node is meant.</summary>
    public sealed record NotMeant(string Node) : INodeReply;
}
