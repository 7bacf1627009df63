using System.Buffers.Binary;
using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Kv.SystemProtocol;

namespace Eos.Kv;

/// <summary>
/// Snapshots of persistent actors. One exists once all of its chunks are here; until then the older ones stay, also one of the same number, and then what it
/// replaces goes: older ones of its number, and what was begun before it and never completed.
/// </summary>
internal sealed class PersistedSnapshots(KeySpace rows, Journals journals)
{
    /// <summary>A snapshot's row: number and time as bytes of its key, how many chunks it has, and how many of them are here.</summary>
    private readonly record struct Head(ReadOnlyMemory<byte> Version, int Chunks, int Here)
    {
        public long SequenceNr => Version.IsEmpty ? 0 : (long)Keys.Number(Version.Span);
        public long Timestamp => SystemKeys.Time(Version.Span[8..]);
        public bool Complete => Here == Chunks;

        public static Head Of(ReadOnlyMemory<byte> version, ReadOnlySpan<byte> row) =>
            new(version, BinaryPrimitives.ReadInt32BigEndian(row), BinaryPrimitives.ReadInt32BigEndian(row[4..]));

        public byte[] ToBytes()
        {
            var row = new byte[8];
            BinaryPrimitives.WriteInt32BigEndian(row, Chunks);
            BinaryPrimitives.WriteInt32BigEndian(row.AsSpan(4), Here);
            return row;
        }
    }

    public IAnswer Put(PutSnapshot entry, Moment at)
    {
        var id = SystemKeys.Bytes(entry.PersistenceId);
        if (journals.Refuse(id, entry.PersistenceId, entry.Fence, at.Now) is { } refused) return refused;
        byte[] version = [.. Keys.Number((ulong)entry.SequenceNr), .. SystemKeys.Time(entry.Timestamp)];
        var head = rows.Get(SystemKeys.Snapshot(id, version)) is { } row ? Head.Of(version, row.Span) : new Head(version, entry.Chunks, 0);
        if (head.Chunks != entry.Chunks)
            return new Refused(Errno.Invalid, $"snapshot {entry.SequenceNr} of '{entry.PersistenceId}' has {head.Chunks} chunks, not {entry.Chunks}");
        var chunk = SystemKeys.Chunk(id, version, entry.Chunk);
        if (rows.Has(chunk)) return Done.Instance;
        rows.Add(chunk, entry.Bytes.Span);
        head = head with { Here = head.Here + 1 };
        rows.Put(SystemKeys.Snapshot(id, version), head.ToBytes());
        if (head.Complete) Supersede(id, head);
        return Done.Instance;
    }

    public IAnswer Drop(DropSnapshots entry, Moment at)
    {
        var id = SystemKeys.Bytes(entry.PersistenceId);
        if (journals.Refuse(id, entry.PersistenceId, entry.Fence, at.Now) is { } refused) return refused;
        foreach (var head in All(id).ToList())
        {
            if (Within(head, entry.MinSequenceNr, entry.MaxSequenceNr, entry.MinTimestamp, entry.MaxTimestamp)) Remove(id, head);
        }
        return Done.Instance;
    }

    public IAnswer Find(FindSnapshot question)
    {
        var newest = All(SystemKeys.Bytes(question.PersistenceId))
            .LastOrDefault(h => h.Complete && Within(h, question.MinSequenceNr, question.MaxSequenceNr, question.MinTimestamp, question.MaxTimestamp));
        return newest.Chunks == 0 ? new SnapshotFound(0, 0, 0) : new SnapshotFound(newest.SequenceNr, newest.Timestamp, newest.Chunks);
    }

    public IAnswer Read(ReadSnapshot question)
    {
        var id = SystemKeys.Bytes(question.PersistenceId);
        var newest = All(id).LastOrDefault(h => h.Complete && h.SequenceNr == question.SequenceNr);
        return new SnapshotBytes(newest.Chunks == 0 ? null : rows.Get(SystemKeys.Chunk(id, newest.Version.Span, question.Chunk)));
    }

    /// <summary>Looks at so many journals and no more, whatever it finds.</summary>
    public IAnswer FindLong(FindLongJournals question)
    {
        const int MostLooks = 1000;
        var (found, looks, prefix) = (ImmutableArray.CreateBuilder<string>(), 0, SystemKeys.Bytes(question.Prefix));
        foreach (var (id, highest) in journals.Behind(question.After))
        {
            var name = SystemKeys.Text(id.Span);
            if (id.Span.StartsWith(prefix) && highest - All(id.ToArray()).LastOrDefault(h => h.Complete).SequenceNr >= question.MinEvents) found.Add(name);
            if (++looks == MostLooks) return new LongJournalsFound(found.ToImmutable(), name);
        }
        return new LongJournalsFound(found.ToImmutable(), "");
    }

    private void Supersede(byte[] id, Head by)
    {
        foreach (var head in All(id).ToList())
        {
            if (head.Version.Span.SequenceCompareTo(by.Version.Span) >= 0) break;
            if (!head.Complete || head.SequenceNr == by.SequenceNr) Remove(id, head);
        }
    }

    private void Remove(byte[] id, Head head)
    {
        for (var chunk = 0; chunk < head.Chunks; chunk++) rows.Delete(SystemKeys.Chunk(id, head.Version.Span, chunk));
        rows.Delete(SystemKeys.Snapshot(id, head.Version.Span));
    }

    /// <summary>By number, then by time.</summary>
    private IEnumerable<Head> All(byte[] id) => rows.Under(SystemKeys.Snapshots(id)).Select(row => Head.Of(row.Key, row.Value.Span));

    private static bool Within(Head head, long minNumber, long maxNumber, long minTime, long maxTime) =>
        head.SequenceNr >= minNumber && head.SequenceNr <= maxNumber && head.Timestamp >= minTime && head.Timestamp <= maxTime;
}
