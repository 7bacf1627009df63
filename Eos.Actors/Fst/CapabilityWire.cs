using System.Collections.Immutable;
using Eos.Kernel;
using Google.Protobuf;

namespace Eos.Fst;

/// <summary>The bytes of a capability: protobuf wire format. Field numbers are never reused; readers skip what they do not know.</summary>
internal static class CapabilityWire
{
    private const int Operation = 1, OpenClient = 2, OpenNumber = 3, File = 4, Directory = 5, Path = 6, Location = 7, Layout = 8;
    private const int SumType = 9, SumHex = 10, Size = 11, MinSize = 12, MaxSize = 13, Booking = 14, Uid = 15, Gid = 16, Expires = 17;

    public static byte[] Write(Capability c)
    {
        using var memory = new MemoryStream(256);
        using (var output = new CodedOutputStream(memory, leaveOpen: true))
        {
            Number(output, Operation, (ulong)c.Operation);
            output.WriteTag(OpenClient, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(c.Open.Op.Client.ToByteArray(bigEndian: true)));
            Number(output, OpenNumber, c.Open.Op.Number);
            Number(output, File, c.File.Value);
            Number(output, Directory, c.Directory.Value);
            Text(output, Path, c.Path);
            foreach (var fs in c.Locations) Number(output, Location, fs.Value);
            Number(output, Layout, c.Content.Layout.Value);
            Number(output, SumType, (ulong)c.Content.Checksum.Type);
            Text(output, SumHex, c.Content.Checksum.Hex);
            if (c.Content.Size is { } size) Number(output, Size, size);
            Number(output, MinSize, c.Content.MinSize);
            Number(output, MaxSize, c.Content.MaxSize);
            Number(output, Booking, c.Content.Booking);
            Number(output, Uid, c.Grant.Uid);
            Number(output, Gid, c.Grant.Gid);
            Number(output, Expires, (ulong)c.Grant.Expires.Nanoseconds);
        }

        return memory.ToArray();
    }

    public static Capability Read(byte[] bytes)
    {
        var input = new CodedInputStream(bytes);
        var numbers = new ulong[18];
        var locations = ImmutableArray.CreateBuilder<FsId>(1);
        var (client, path, hex, sized) = (Guid.Empty, "", "", false);
        while (input.ReadTag() is var tag && tag != 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case OpenClient: client = new Guid(input.ReadBytes().Span, bigEndian: true); break;
                case Path: path = input.ReadString(); break;
                case SumHex: hex = input.ReadString(); break;
                case Location: locations.Add(new FsId((uint)input.ReadUInt64())); break;
                case var field and > 0 and <= Expires:
                    numbers[field] = input.ReadUInt64();
                    sized |= field == Size;
                    break;
                default: input.SkipLastField(); break;
            }
        }

        return new Capability(
            (CapabilityOperation)numbers[Operation],
            new OpenId(new OpId(client, numbers[OpenNumber])),
            new FileId(numbers[File]),
            new DirectoryId(numbers[Directory]),
            path,
            locations.DrainToImmutable(),
            new CapabilityContent(
                new LayoutId((uint)numbers[Layout]),
                new Checksum((ChecksumType)numbers[SumType], hex),
                sized ? numbers[Size] : null,
                numbers[MinSize],
                numbers[MaxSize],
                numbers[Booking]),
            new CapabilityGrant((uint)numbers[Uid], (uint)numbers[Gid], new Instant((long)numbers[Expires])));
    }

    private static void Number(CodedOutputStream output, int field, ulong value)
    {
        if (value == 0 && field != Size) return;
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteUInt64(value);
    }

    private static void Text(CodedOutputStream output, int field, string value)
    {
        if (value.Length == 0) return;
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
    }
}
