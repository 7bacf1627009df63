using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Logs;

/// <summary>One line of a node's log.</summary>
/// <param name="Source">Path of the actor, or the name of what else said it.</param>
public readonly record struct LogLine(Instant At, Severity Severity, string Source, string Text)
{
    /// <summary>Longest text that is kept, in characters.</summary>
    public const int Longest = 1_000;
}

/// <summary>The last lines of a node's log, and which sources it does not keep. Immutable.</summary>
public sealed record LogState(ImmutableQueue<LogLine> Lines, int Count, Severity Level, ImmutableArray<string> Ignored)
{
    public static LogState Of(Severity level) => new([], 0, level, []);

    /// <summary>One line more; the oldest ones go when there are too many. A source that has one of the ignored words in it says nothing.</summary>
    public LogState Add(LogLine line, int keep)
    {
        if (Ignored.Any(word => line.Source.Contains(word, StringComparison.OrdinalIgnoreCase))) return this;
        var (lines, count) = (Lines.Enqueue(line), Count + 1);
        for (; count > keep; count--) lines = lines.Dequeue();
        return this with { Lines = lines, Count = count };
    }

    /// <summary>The last lines since a moment that are at least so grave and have a word in source or text, no more characters than fit: the oldest ones go.</summary>
    public ImmutableArray<LogLine> Find(Instant since, Severity least, string word, int room)
    {
        var found = Lines.Where(l => l.At >= since && l.Severity >= least
            && (l.Text.Contains(word, StringComparison.OrdinalIgnoreCase) || l.Source.Contains(word, StringComparison.OrdinalIgnoreCase))).Reverse();
        return [.. found.TakeWhile(l => (room -= l.Text.Length + l.Source.Length) > 0).Reverse()];
    }
}
