using System.Collections.Immutable;
using System.Text;
using Eos.Kv;
using Eos.Raft;
using static Eos.Kv.KvProtocol;

namespace Eos.Host.Resp;

/// <summary>One entry of the log, as raft-fetch and raft-journal-scan show it: its words; of several commands the word for that, and theirs.</summary>
internal sealed record LogRow(LogIndex Index, Term Term, ImmutableArray<ReadOnlyMemory<byte>> Words, ImmutableArray<Request> Commands)
{
    public Reply Fetched() => Reply.Array(Reply.Bulk($"TERM: {Term}"), Shown());

    public Reply Scanned() => Reply.Array(Reply.Bulk($"INDEX: {Index}"), Reply.Bulk($"TERM: {Term}"), Shown());

    /// <summary>Whether its words, with blanks between them, fit a pattern.</summary>
    public bool Fits(ReadOnlySpan<byte> pattern)
    {
        var text = new MemoryStream();
        foreach (var word in Words.Concat(Commands.SelectMany(c => c.Words)))
        {
            if (text.Length > 0) text.WriteByte((byte)' ');
            text.Write(word.Span);
        }
        return Pattern.Fits(pattern, text.ToArray());
    }

    private Reply Shown() => Reply.Array(Words.Select(Reply.Bulk).Concat(Commands.Select(c => Reply.Array(c.Words.Select(Reply.Bulk)))));
}

/// <summary>Batches of the log as entries. What Eos itself stores is told by its kind only: it is out of reach of this protocol.</summary>
internal static class LogReports
{
    /// <summary>The entries of a batch.</summary>
    /// <param name="raw">The bytes that stand in the log for commands of users, instead of what they mean.</param>
    public static IEnumerable<LogRow> Rows(LogBatch batch, bool raw)
    {
        if (batch.Kind == BatchKind.Marker)
        {
            yield return Row(batch, batch.First, "JOURNAL-LEADERSHIP-MARKER", batch.Term.ToString());
            yield break;
        }
        if (batch.Kind == BatchKind.Membership)
        {
            var members = batch.Membership!;
            yield return Row(batch, batch.First, "JOURNAL-UPDATE-MEMBERS", $"{string.Join(',', members.Voters)}|{string.Join(',', members.Observers)}", members.Epoch.ToString());
            yield break;
        }
        var (rest, index) = (batch.Payload, batch.First);
        while (EntryFrames.TryRead(ref rest, out var bytes))
        {
            yield return Row(batch, index, bytes, raw);
            index = index.Next;
        }
    }

    private static LogRow Row(LogBatch batch, LogIndex index, ReadOnlyMemory<byte> bytes, bool raw) => KvWire.DecodeEntry(bytes) switch
    {
        UserCommands or ClearKeys when raw => new LogRow(index, batch.Term, [bytes], []),
        UserCommands { Requests: [var only] } => new LogRow(index, batch.Term, only.Words, []),
        UserCommands several => new LogRow(index, batch.Term, [Bytes("TX-READWRITE")], several.Requests),
        ClearKeys part => new LogRow(index, batch.Term, [Bytes("FLUSHALL"), part.From], []),
        var other => Row(batch, index, "SYSTEM", other.GetType().Name),
    };

    private static LogRow Row(LogBatch batch, LogIndex index, params string[] words) => new(index, batch.Term, [.. words.Select(Bytes)], []);

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
