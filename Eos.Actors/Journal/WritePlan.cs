using System.Collections.Immutable;
using static Eos.Kv.SystemProtocol;

namespace Eos.Journal;

/// <summary>An atomic write in bytes, or why it can't be stored.</summary>
/// <param name="First">Number of its first event.</param>
internal sealed record WriteBytes(long First, ImmutableArray<ReadOnlyMemory<byte>> Events, ImmutableArray<IndexOp> Index, Exception? Rejection)
{
    public long Size { get; } = Events.Sum(e => (long)e.Length) + Index.Sum(i => (long)i.Key.Length + i.Value.Length);
}

/// <summary>How the writes of one actor become entries of the log. Pure.</summary>
internal static class WritePlan
{
    /// <summary>
    /// How many of the writes, from the first on, can be stored: up to one that is rejected or whose number does not follow. What comes after that can't be,
    /// because the journal of an id has no gaps.
    /// </summary>
    public static int Storable(IReadOnlyList<WriteBytes> writes)
    {
        var count = 0;
        for (var next = writes.Count > 0 ? writes[0].First : 0; count < writes.Count && writes[count] is { Rejection: null } w && w.First == next; count++)
            next += w.Events.Length;
        return count;
    }

    /// <summary>Ranges of the first <paramref name="count"/> writes that go into one entry each: whole writes, in order, as many as fit, at least one.</summary>
    public static IEnumerable<Range> Entries(IReadOnlyList<WriteBytes> writes, int count, long entryBytes)
    {
        for (int start = 0, end; start < count; start = end)
        {
            var size = writes[start].Size;
            for (end = start + 1; end < count && size + writes[end].Size <= entryBytes; end++) size += writes[end].Size;
            yield return start..end;
        }
    }
}
