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
    /// How many of the writes, from the first on, can be stored: those before one that is rejected, because the journal of an id has no gaps. None where a number does
    /// not follow the one before: whoever wrote that does not know where it is.
    /// </summary>
    public static int Storable(IReadOnlyList<WriteBytes> writes)
    {
        var next = writes.Count > 0 ? writes[0].First : 0;
        for (var i = 0; i < writes.Count; i++)
        {
            if (writes[i].Rejection is not null) return i;
            if (writes[i].First != next) return 0;
            next += writes[i].Events.Length;
        }
        return writes.Count;
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
