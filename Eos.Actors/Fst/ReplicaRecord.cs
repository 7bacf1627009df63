using System.Buffers.Binary;
using System.Numerics;
using Eos.Kernel;
using Google.Protobuf;

namespace Eos.Fst;

/// <summary>What a filesystem knows of one of its replicas; it lies beside the bytes.</summary>
/// <param name="Directory">Whom to ask whether the replica may stay.</param>
/// <param name="Modified">Modification time that goes to the namespace.</param>
/// <param name="Uid">For whom it was written; for people only.</param>
public sealed record ReplicaRecord(
    FileId File, DirectoryId Directory, OpenId Open, ulong Size, Checksum Checksum, LayoutId Layout, Instant Modified, uint Uid);

/// <summary>The bytes of a record: protobuf wire format, closed by the crc32c of all before it, so that a torn record is known as one.</summary>
internal static class ReplicaRecordWire
{
    private const int File = 1, Directory = 2, OpenClient = 3, OpenNumber = 4, Size = 5, SumType = 6, SumHex = 7, Layout = 8, Modified = 9, Uid = 10, Sum = 15;
    private const int SumBytes = 5;

    public static byte[] Write(ReplicaRecord r)
    {
        using var memory = new MemoryStream(128);
        using (var output = new CodedOutputStream(memory, leaveOpen: true))
        {
            Number(output, File, r.File.Value);
            Number(output, Directory, r.Directory.Value);
            output.WriteTag(OpenClient, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(r.Open.Op.Client.ToByteArray(bigEndian: true)));
            Number(output, OpenNumber, r.Open.Op.Number);
            Number(output, Size, r.Size);
            Number(output, SumType, (ulong)r.Checksum.Type);
            output.WriteTag(SumHex, WireFormat.WireType.LengthDelimited);
            output.WriteString(r.Checksum.Hex);
            Number(output, Layout, r.Layout.Value);
            Number(output, Modified, (ulong)r.Modified.Nanoseconds);
            Number(output, Uid, r.Uid);
            output.Flush();
            output.WriteTag(Sum, WireFormat.WireType.Fixed32);
            output.WriteFixed32(Crc(memory.GetBuffer().AsSpan(0, (int)memory.Length)));
        }

        return memory.ToArray();
    }

    /// <summary>Null if the bytes are not a whole record.</summary>
    public static ReplicaRecord? Read(byte[] bytes)
    {
        if (bytes.Length < SumBytes || bytes[^SumBytes] != WireFormat.MakeTag(Sum, WireFormat.WireType.Fixed32)) return null;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4)) != Crc(bytes.AsSpan(0, bytes.Length - SumBytes))) return null;
        var input = new CodedInputStream(bytes);
        var numbers = new ulong[Uid + 1];
        var (client, hex) = (Guid.Empty, "");
        while (input.ReadTag() is var tag && tag != 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case OpenClient: client = new Guid(input.ReadBytes().Span, bigEndian: true); break;
                case SumHex: hex = input.ReadString(); break;
                case var field and > 0 and <= Uid: numbers[field] = input.ReadUInt64(); break;
                default: input.SkipLastField(); break;
            }
        }

        return new ReplicaRecord(
            new FileId(numbers[File]), new DirectoryId(numbers[Directory]), new OpenId(new OpId(client, numbers[OpenNumber])), numbers[Size],
            new Checksum((ChecksumType)numbers[SumType], hex), new LayoutId((uint)numbers[Layout]), new Instant((long)numbers[Modified]), (uint)numbers[Uid]);
    }

    private static void Number(CodedOutputStream output, int field, ulong value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteUInt64(value);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var x in bytes) crc = BitOperations.Crc32C(crc, x);
        return ~crc;
    }
}
