using System.Buffers.Binary;
using Eos.Kv;
using Eos.Raft;
using Eos.Wire;
using static Eos.Kv.KvProtocol;
using static Eos.Kv.SystemProtocol;

namespace Eos.Tests.Support.Raft;

/// <summary>The real machine in a simulated member: a proposal is a tag and an entry.</summary>
internal sealed class SimKv : ISimState
{
    private static readonly Shape<KvRow> Row = new("row", (v, w) => { w.Bytes(1, v.Key.Span); w.Bytes(2, v.Value.Span); }, r => new KvRow(r.Bytes(1), r.Bytes(2)));

    private readonly MemoryStore _store = new();
    private readonly Func<LogBatch, IEntry, IEntry> _seen;
    private readonly Action<LogBatch, IEntry, IAnswer> _applied;

    /// <param name="applied">Hears every entry that is applied here, and what came of it.</param>
    /// <param name="seen">The entry as the machine sees it: another than was sent only in tests of the films themselves.</param>
    public SimKv(byte[]? snapshot, Func<LogBatch, IEntry, IEntry> seen, Action<LogBatch, IEntry, IAnswer> applied)
    {
        (_seen, _applied) = (seen, applied);
        if (snapshot is not null) Restore(new FieldReader(snapshot));
        Machine = new KvMachine(_store);
    }

    public KvMachine Machine { get; }

    public static ReadOnlyMemory<byte> Payload(ulong tag, IEntry entry)
    {
        var bytes = KvWire.Encode(entry);
        var payload = new byte[8 + bytes.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(payload, tag);
        bytes.CopyTo(payload.AsMemory(8));
        return payload;
    }

    public (ulong Tag, object? Outcome) Apply(LogBatch batch)
    {
        var entry = KvWire.DecodeEntry(batch.Payload[8..]);
        var outcome = Machine.Apply(batch.First, batch.LogTime, _seen(batch, entry));
        _applied(batch, entry, outcome.Answer);
        return (BinaryPrimitives.ReadUInt64LittleEndian(batch.Payload.Span), outcome.Answer);
    }

    public byte[] Encode()
    {
        var writer = new FieldWriter();
        writer.UInt(1, _store.Mark.Applied.Value);
        writer.Span(2, _store.Mark.LogTime);
        writer.Parts(3, Row, _store.Range(default, new byte[] { 255 }));
        return writer.ToArray();
    }

    private void Restore(FieldReader snapshot)
    {
        var digest = default(KvDigest);
        foreach (var row in snapshot.Parts(3, Row))
        {
            _store.Put(row.Key.Span, row.Value.Span);
            digest = digest.With(row.Key.Span, row.Value.Span);
        }
        _store.Commit(new KvMark(new LogIndex(snapshot.UInt(1)), snapshot.Span(2), digest));
    }
}
