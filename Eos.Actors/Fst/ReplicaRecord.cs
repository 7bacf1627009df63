using System.Buffers.Binary;
using Eos.Kernel;
using Eos.Wire;

namespace Eos.Fst;

/// <summary>What a filesystem knows of one of its replicas; it lies beside the bytes.</summary>
/// <param name="Directory">Whom to ask whether the replica may stay.</param>
/// <param name="Modified">Modification time that goes to the namespace.</param>
/// <param name="Uid">For whom it was written; for people only.</param>
public sealed record ReplicaRecord(
    FileId File, DirectoryId Directory, OpenId Open, ulong Size, Checksum Checksum, LayoutId Layout, Instant Modified, uint Uid);

/// <summary>The bytes of a record, closed by a field with the crc32c of all before it, so that a torn record is known as one.</summary>
internal static class ReplicaRecordWire
{
    private const byte SumTag = 15 << 3 | (int)WireKind.Fixed32;
    private const int SumBytes = 5;

    private static readonly Shape<ReplicaRecord> Shape = new(
        "replica-record",
        (v, w) =>
        {
            w.UInt(1, v.File.Value);
            w.UInt(2, v.Directory.Value);
            w.Value(3, KernelShapes.Open, v.Open);
            w.UInt(4, v.Size);
            w.Part(5, KernelShapes.Sum, v.Checksum);
            w.UInt(6, v.Layout.Value);
            w.At(7, v.Modified);
            w.UInt(8, v.Uid);
        },
        r => new ReplicaRecord(
            new FileId(r.UInt(1)), new DirectoryId(r.UInt(2)), r.Part(3, KernelShapes.Open), r.UInt(4), r.Part(5, KernelShapes.Sum),
            new LayoutId(r.UInt32(6)), r.At(7), r.UInt32(8)));

    public static byte[] Write(ReplicaRecord record)
    {
        var body = Shape.Encode(record);
        var bytes = new byte[body.Length + SumBytes];
        body.CopyTo(bytes, 0);
        bytes[body.Length] = SumTag;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(body.Length + 1), Sum(body));
        return bytes;
    }

    /// <summary>Null if the bytes are not a whole record.</summary>
    public static ReplicaRecord? Read(byte[] bytes)
    {
        if (bytes.Length <= SumBytes || bytes[^SumBytes] != SumTag) return null;
        var body = bytes.AsMemory(0, bytes.Length - SumBytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4)) == Sum(body.Span) ? Shape.Decode(body) : null;
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        using var sum = new Crc32C();
        sum.Append(bytes);
        return BinaryPrimitives.ReadUInt32BigEndian(sum.Finish());
    }
}
