using System.Text;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Google.Protobuf;

namespace Eos.Tests.Engine.Internals.Sharding;

/// <summary>The stored events of the coordinator are protobuf, with the field numbers that Akka.NET reads.</summary>
public sealed class StoredFormTests : IDisposable
{
    private readonly ActorSystem system = ActorSystem.Create("stored", "akka { loglevel = OFF \n stdout-loglevel = OFF }");

    public void Dispose() => system.Dispose();

    [Fact]
    public void An_allocation_is_shard_and_region_in_fields_one_and_two()
    {
        var bytes = system.Serialization.Serialize(new ShardHomeAllocated("12", system.DeadLetters));

        var input = new CodedInputStream(bytes);
        Assert.Equal(WireFormat.MakeTag(1, WireFormat.WireType.LengthDelimited), input.ReadTag());
        Assert.Equal("12", input.ReadString());
        Assert.Equal(WireFormat.MakeTag(2, WireFormat.WireType.LengthDelimited), input.ReadTag());
        Assert.StartsWith("akka://stored/deadLetters", input.ReadString());
        Assert.True(input.IsAtEnd);
    }

    [Fact]
    public void Fields_that_a_later_version_adds_are_skipped()
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(9, WireFormat.WireType.Varint);
            output.WriteUInt64(1UL << 40);
            output.WriteTag(8, WireFormat.WireType.LengthDelimited);
            output.WriteString("later");
            output.WriteTag(1, WireFormat.WireType.LengthDelimited);
            output.WriteString("7");
            output.WriteTag(7, WireFormat.WireType.Fixed32);
            output.WriteFixed32(3);
        }

        var serializer = system.Serialization.FindSerializerFor(new ShardHomeDeallocated("x"));
        Assert.Equal(13, serializer.Identifier);
        Assert.Equal(new ShardHomeDeallocated("7"), system.Serialization.Deserialize(stream.ToArray(), 13, "AG"));
        Assert.Equal("\n\u0001x", Encoding.UTF8.GetString(system.Serialization.Serialize(new ShardHomeDeallocated("x"))));
    }
}
