using System.Buffers.Binary;
using System.Text;
using Eos.Raft;

namespace Eos.Tests.Support.Raft;

/// <summary>Registers with names and numbers.</summary>
internal sealed class SimRegisters(byte[]? snapshot) : ISimState
{
    public SortedDictionary<string, long> Values { get; } = snapshot is null ? [] : Decode(snapshot);

    public (ulong Tag, object? Outcome) Apply(LogBatch batch)
    {
        var bytes = batch.Payload.Span;
        Values[Encoding.ASCII.GetString(bytes[16..])] = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        return (BinaryPrimitives.ReadUInt64LittleEndian(bytes), null);
    }

    public byte[] Encode() => Encoding.UTF8.GetBytes(string.Join(';', Values.Select(r => $"{r.Key}={r.Value}")) + ";");

    public static ReadOnlyMemory<byte> Payload(ulong tag, string key, long value)
    {
        var bytes = new byte[16 + key.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, tag);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), value);
        Encoding.ASCII.GetBytes(key, bytes.AsSpan(16));
        return bytes;
    }

    private static SortedDictionary<string, long> Decode(byte[] bytes) =>
        new(Encoding.UTF8.GetString(bytes).Split(';', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=')).ToDictionary(p => p[0], p => long.Parse(p[1])));
}
