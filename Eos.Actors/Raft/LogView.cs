using System.Collections.Immutable;

namespace Eos.Raft;

/// <summary>What the rules know of the log: where it begins and ends, which term wrote what, and the newest batches themselves.</summary>
/// <param name="Base">Everything up to here is in a snapshot and may be gone from the log.</param>
/// <param name="Terms">The first index of each term in the log, ascending; covers everything above <paramref name="Base"/>.</param>
/// <param name="Tail">The newest batches, dense, ascending; starts at a batch's first index.</param>
/// <param name="Last">The last entry.</param>
public sealed record LogView(LogPosition Base, ImmutableArray<(Term Term, LogIndex First)> Terms, ImmutableList<LogBatch> Tail, LogPosition Last)
{
    public static readonly LogView Empty = new(LogPosition.Start, [], [], LogPosition.Start);

    /// <summary>What the tail's payloads take in memory.</summary>
    public long TailBytes { get; private init; }

    /// <summary>First index that <see cref="Tail"/> holds; one after the last when it holds none.</summary>
    public LogIndex TailFirst => Tail.IsEmpty ? Last.Index.Next : Tail[0].First;

    /// <summary>The term that wrote an index, or null where that is not known any more (trimmed) or not yet (beyond the end). Cost: log of the number of terms.</summary>
    public Term? TermAt(LogIndex index)
    {
        if (index == Base.Index) return Base.Term;
        if (index < Base.Index || index > Last.Index) return null;
        var (low, high) = (0, Terms.Length - 1);
        while (low < high)
        {
            var mid = (low + high + 1) / 2;
            if (Terms[mid].First <= index) low = mid;
            else high = mid - 1;
        }
        return Terms[low].Term;
    }

    public bool Has(LogPosition position) => TermAt(position.Index) == position.Term;

    /// <summary>The last index not above <paramref name="index"/> that was written by <paramref name="term"/> or an earlier one.</summary>
    public LogPosition LastNotAfter(Term term, LogIndex index)
    {
        var at = LogIndex.Min(index, Last.Index);
        if (at <= Base.Index) return Base;
        for (var i = Terms.Length - 1; i >= 0; i--)
        {
            if (Terms[i].First > at) continue;
            if (Terms[i].Term <= term) return new LogPosition(Terms[i].Term, at);
            at = Terms[i].First.Previous;
            if (at <= Base.Index) return Base;
        }
        return Base;
    }

    public LogView Append(LogBatch batch)
    {
        if (batch.First != Last.Index.Next) throw new InvalidOperationException($"batch {batch.First} does not follow {Last.Index}");
        var terms = Terms.IsEmpty || Terms[^1].Term != batch.Term ? Terms.Add((batch.Term, batch.First)) : Terms;
        return this with { Terms = terms, Tail = Tail.Add(batch), TailBytes = TailBytes + batch.Payload.Length, Last = batch.Position };
    }

    /// <summary>Drops everything from an index on, which must be the first of a batch.</summary>
    public LogView TruncateFrom(LogIndex from)
    {
        var terms = Terms;
        while (!terms.IsEmpty && terms[^1].First >= from) terms = terms.RemoveAt(terms.Length - 1);
        var tail = Tail;
        var bytes = TailBytes;
        while (!tail.IsEmpty && tail[^1].First >= from)
        {
            bytes -= tail[^1].Payload.Length;
            tail = tail.RemoveAt(tail.Count - 1);
        }
        var cut = this with { Terms = terms, Tail = tail, TailBytes = bytes };
        var last = from.Previous;
        return cut with { Last = last == Base.Index ? Base : new LogPosition(terms[^1].Term, last) };
    }

    /// <summary>Forgets batches once there are twice as many, or twice as many bytes, as are to be kept; they stay on disk.</summary>
    public LogView Shorten(int keep, long keepBytes)
    {
        if (Tail.Count <= 2 * keep && TailBytes <= 2 * keepBytes) return this;
        var (drop, bytes) = (0, TailBytes);
        while (Tail.Count - drop > 1 && (Tail.Count - drop > keep || bytes > keepBytes)) bytes -= Tail[drop++].Payload.Length;
        return this with { Tail = Tail.RemoveRange(0, drop), TailBytes = bytes };
    }

    /// <summary>Everything up to that position is in a snapshot: the log begins after it.</summary>
    public LogView StartAfter(LogPosition position)
    {
        if (position.Index <= Base.Index) return this;
        if (position.Index >= Last.Index || !Has(position)) return new LogView(position, [], [], position);
        var terms = Terms;
        while (terms.Length > 1 && terms[1].First <= position.Index.Next) terms = terms.RemoveAt(0);
        if (terms[0].First <= position.Index) terms = terms.SetItem(0, (terms[0].Term, position.Index.Next));
        var tail = Tail;
        var (drop, bytes) = (0, TailBytes);
        while (drop < tail.Count && tail[drop].Last <= position.Index) bytes -= tail[drop++].Payload.Length;
        return this with { Base = position, Terms = terms, Tail = tail.RemoveRange(0, drop), TailBytes = bytes };
    }

    /// <summary>Batches after an index, from the tail, until so many bytes are reached (at least one). Null: the tail does not reach back so far.</summary>
    public ImmutableArray<LogBatch>? After(LogIndex index, ulong maxBytes)
    {
        if (index >= Last.Index) return [];
        if (index.Next < TailFirst) return null;
        var (low, high) = (0, Tail.Count - 1);
        while (low < high)
        {
            var mid = (low + high) / 2;
            if (Tail[mid].Last > index) high = mid;
            else low = mid + 1;
        }
        var found = ImmutableArray.CreateBuilder<LogBatch>();
        ulong bytes = 0;
        for (var i = low; i < Tail.Count; i++)
        {
            bytes += (ulong)Tail[i].Payload.Length + 64;
            if (found.Count > 0 && bytes > maxBytes) break;
            found.Add(Tail[i]);
        }
        return found.ToImmutable();
    }
}
