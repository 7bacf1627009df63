using Eos.Tests.Support;
using Eos.Wire;
using Google.Protobuf;

namespace Eos.Tests.Properties;

public class WireProperties
{
    public static TheoryData<string> Names => [.. Manifests.All.Select(m => m.Name)];

    [Theory, MemberData(nameof(Names))]
    public void What_is_written_is_read(string name)
    {
        var manifest = Manifests.Named(name)!;
        for (var seed = 0; seed < 25; seed++)
        {
            var message = Samples.Of(manifest.Type, new Random(seed));
            var bytes = manifest.Encode(message);
            var copy = manifest.Decode(bytes);
            Assert.Equal(bytes, manifest.Encode(copy));
            if (message is not Eos.Namespace.DirectoryState) Assert.True(Samples.Same(message, copy), $"seed {seed}: {name} lost something");
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Unknown_fields_are_skipped(string name)
    {
        var manifest = Manifests.Named(name)!;
        var bytes = manifest.Encode(Samples.Of(manifest.Type, new Random(1)));
        using var extended = new MemoryStream();
        extended.Write(bytes);
        using (var output = new CodedOutputStream(extended, leaveOpen: true))
        {
            output.WriteTag(1000, WireFormat.WireType.Varint);
            output.WriteUInt64(7);
            output.WriteTag(1001, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFromUtf8("from the future"));
            output.WriteTag(1002, WireFormat.WireType.Fixed32);
            output.WriteFixed32(1);
            output.WriteTag(1003, WireFormat.WireType.Fixed64);
            output.WriteFixed64(1);
        }
        Assert.Equal(bytes, manifest.Encode(manifest.Decode(extended.ToArray())));
    }

    [Theory, MemberData(nameof(Names))]
    public void The_bytes_are_protobuf_to_Googles_reader(string name)
    {
        var manifest = Manifests.Named(name)!;
        var input = new CodedInputStream(manifest.Encode(Samples.Of(manifest.Type, new Random(2))));
        while (input.ReadTag() != 0) input.SkipLastField();
        Assert.True(input.IsAtEnd);
    }

    [Fact]
    public void Malformed_bytes_are_refused_and_never_read_beyond()
    {
        var random = new Random(3);
        foreach (var manifest in Manifests.All)
        {
            var bytes = manifest.Encode(Samples.Of(manifest.Type, random));
            for (var cut = 1; cut < bytes.Length; cut += 7)
            {
                var torn = bytes[..^cut];
                torn[random.Next(torn.Length)] ^= (byte)(1 << random.Next(8));
                try { manifest.Decode(torn); }
                catch (Exception e) when (e is InvalidDataException or OverflowException or ArgumentException or Eos.Kv.UnknownKindException) { }
            }
        }
    }
}
