using System.Buffers.Binary;
using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Kv.SystemProtocol;

namespace Eos.Kv;

/// <summary>
/// The events of persistent actors. An id has one writer: the fence that claimed it last, as long as its lease holds. The end of a journal never
/// goes back, whatever is trimmed.
/// </summary>
internal sealed class Journals(KeySpace rows, SystemLeases leases, Indexes indexes)
{
    private const int MaxPage = 16 << 20;

    /// <summary>The row about a journal: its end, where its events begin, and who may write.</summary>
    private readonly record struct End(long Highest, long First, ulong Token, ReadOnlyMemory<byte> Lease)
    {
        public static readonly End None = new(0, 1, 0, default);

        public static End Of(ReadOnlyMemory<byte> row) =>
            new((long)Keys.Number(row.Span), (long)Keys.Number(row.Span[8..]), Keys.Number(row.Span[16..]), row[24..]);

        public byte[] ToBytes()
        {
            var row = new byte[24 + Lease.Length];
            BinaryPrimitives.WriteInt64BigEndian(row, Highest);
            BinaryPrimitives.WriteInt64BigEndian(row.AsSpan(8), First);
            BinaryPrimitives.WriteUInt64BigEndian(row.AsSpan(16), Token);
            Lease.CopyTo(row.AsMemory(24));
            return row;
        }
    }

    public IAnswer Claim(ClaimJournal entry, Moment at)
    {
        var (id, lease) = (SystemKeys.Bytes(entry.PersistenceId), SystemKeys.Bytes(entry.Fence.Lease));
        if (!leases.Holds(lease, entry.Fence.Token, at.Now)) return new Refused(Errno.Stale, leases.Stale(entry.Fence, at.Now));
        var end = Find(id) with { Token = entry.Fence.Token, Lease = lease };
        rows.Put(SystemKeys.Journal(id), end.ToBytes());
        return new Claimed(end.Highest);
    }

    public IAnswer Append(AppendJournal entry, Moment at)
    {
        var id = SystemKeys.Bytes(entry.PersistenceId);
        var end = Find(id);
        if (Refuse(end, entry.PersistenceId, entry.Fence, at.Now) is { } refused) return refused;
        if (end.Highest != entry.ExpectedSequenceNr)
            return new Refused(Errno.Stale, $"journal '{entry.PersistenceId}' ends at {end.Highest}, not at {entry.ExpectedSequenceNr}");
        var number = end.Highest;
        var key = SystemKeys.Event(id, 0);
        foreach (var bytes in entry.Events)
        {
            BinaryPrimitives.WriteInt64BigEndian(key.AsSpan(key.Length - 8), ++number);
            rows.Add(key, bytes.Span);
        }
        if (number > end.Highest) rows.Put(SystemKeys.Journal(id), (end with { Highest = number }).ToBytes());
        if (!entry.Index.IsEmpty) indexes.Apply(id, entry.Index, at.Index);
        return Done.Instance;
    }

    public IAnswer Trim(TrimJournal entry, Moment at)
    {
        var id = SystemKeys.Bytes(entry.PersistenceId);
        var end = Find(id);
        if (Refuse(end, entry.PersistenceId, entry.Fence, at.Now) is { } refused) return refused;
        var first = Math.Min(entry.ToSequenceNr, end.Highest) + 1;
        if (first <= end.First) return Done.Instance;
        for (var number = end.First; number < first; number++) rows.Delete(SystemKeys.Event(id, number));
        rows.Put(SystemKeys.Journal(id), (end with { First = first }).ToBytes());
        return Done.Instance;
    }

    /// <summary>At least one event, if there is any, and then as many as fit.</summary>
    public IAnswer Read(ReadJournal question)
    {
        var id = SystemKeys.Bytes(question.PersistenceId);
        var end = Find(id);
        var (from, to) = (Math.Max(question.From, end.First), Math.Min(question.To, end.Highest));
        if (from > to) return new JournalEvents([], end.Highest, false);
        var events = ImmutableArray.CreateBuilder<JournalEvent>();
        var room = (long)Math.Min(question.MaxBytes, MaxPage);
        foreach (var row in rows.Under(SystemKeys.Events(id), Keys.Number((ulong)from)))
        {
            var number = (long)Keys.Number(row.Key.Span);
            if (number > to) break;
            room -= row.Value.Length;
            if (room < 0 && events.Count > 0) return new JournalEvents(events.ToImmutable(), end.Highest, true);
            events.Add(new JournalEvent(number, row.Value));
        }
        return new JournalEvents(events.ToImmutable(), end.Highest, false);
    }

    /// <summary>Ids and the ends of their journals behind that id, in the order of their rows. Lazy.</summary>
    public IEnumerable<(ReadOnlyMemory<byte> Id, long Highest)> Behind(string after)
    {
        var from = after.Length == 0 ? default : (ReadOnlyMemory<byte>)KeySpace.Behind(SystemKeys.Journal(SystemKeys.Bytes(after)).AsMemory(1));
        return rows.Under(SystemKeys.Journals, from).Select(row => (row.Key[2..], End.Of(row.Value).Highest));
    }

    /// <summary>Why that fence may not write what belongs to the id; null when it may.</summary>
    public Refused? Refuse(ReadOnlySpan<byte> id, string name, Fence fence, TimeSpan now) => Refuse(Find(id), name, fence, now);

    private Refused? Refuse(End end, string name, Fence fence, TimeSpan now)
    {
        var lease = SystemKeys.Bytes(fence.Lease);
        if (end.Token != fence.Token || !end.Lease.Span.SequenceEqual(lease))
        {
            var owner = end.Token == 0 ? "nobody" : $"lease '{SystemKeys.Text(end.Lease.Span)}' under token {end.Token}";
            return new Refused(Errno.Stale, $"journal '{name}' is claimed by {owner}, not by lease '{fence.Lease}' under token {fence.Token}");
        }
        return leases.Holds(lease, fence.Token, now) ? null : new Refused(Errno.Stale, leases.Stale(fence, now));
    }

    private End Find(ReadOnlySpan<byte> id) => rows.Get(SystemKeys.Journal(id)) is { } row ? End.Of(row) : End.None;
}
