using System.Buffers.Binary;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;

namespace Akka.Serialization;

/// <summary>Reads what <see cref="WireWriter"/> wrote. Whatever does not fit is a <see cref="SerializationException"/>, never a wild read or a huge allocation.</summary>
internal ref struct WireReader
{
    private const int DeepestNesting = 64;

    private readonly int _depth;
    private ReadOnlySpan<byte> _rest;

    public WireReader(ExtendedActorSystem system, ReadOnlySpan<byte> bytes) : this(system, bytes, 0)
    {
    }

    private WireReader(ExtendedActorSystem system, ReadOnlySpan<byte> bytes, int depth)
    {
        System = system;
        _rest = bytes;
        _depth = depth < DeepestNesting ? depth : throw new SerializationException("messages are nested too deeply");
    }

    public ExtendedActorSystem System { get; }

    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>All that is left.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    public byte Byte()
    {
        if (_rest.IsEmpty) throw Short();
        var value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    public bool Bool() => Byte() != 0;

    public uint UInt()
    {
        var value = ULong();
        return value <= uint.MaxValue ? (uint)value : throw new SerializationException("a number is too large");
    }

    public ulong ULong()
    {
        ulong value = 0;
        for (var i = 0; i < _rest.Length && i < 10; i++)
        {
            var b = _rest[i];
            value |= (ulong)(b & 0x7f) << (7 * i);
            if (b >= 0x80) continue;
            _rest = _rest[(i + 1)..];
            return value;
        }
        throw Short();
    }

    public int Int()
    {
        var value = Long();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw new SerializationException("a number is too large");
    }

    public long Long()
    {
        var value = ULong();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Raw(8));

    public TimeSpan Time() => new(Long());

    public string? TextOrNull()
    {
        var length = ULong();
        return length == 0 ? null : Encoding.UTF8.GetString(Raw(length - 1));
    }

    public string Text() => TextOrNull() ?? throw new SerializationException("a text is missing");

    /// <summary>UTF-8 to the end of the body.</summary>
    public string Utf8()
    {
        var text = Encoding.UTF8.GetString(_rest);
        _rest = default;
        return text;
    }

    public ReadOnlySpan<byte> Blob() => Raw(ULong());

    public ReadOnlySpan<byte> Raw(ulong count)
    {
        if (count > (ulong)_rest.Length) throw Short();
        var value = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return value;
    }

    public IActorRef? RefOrNull() => TextOrNull() is { Length: > 0 } path ? System.Serialization.DeserializeActorRef(path) : null;

    public IActorRef Ref() => RefOrNull() ?? throw new SerializationException("a reference is missing");

    public Address? AddressOrNull() => TextOrNull() is { } text ? Actor.Address.Parse(text) : null;

    public Address Address() => AddressOrNull() ?? throw new SerializationException("an address is missing");

    /// <summary>How many items follow; at least one byte each, so that a false count can't allocate more than was sent.</summary>
    public int Count()
    {
        var count = ULong();
        return count <= (ulong)_rest.Length ? (int)count : throw Short();
    }

    public object? Payload()
    {
        var serializer = Int();
        var manifest = Text();
        var length = BinaryPrimitives.ReadInt32LittleEndian(Raw(4));
        return Body(serializer, manifest, Raw(length < 0 ? ulong.MaxValue : (ulong)length));
    }

    /// <summary>One message by its serializer, without a copy where the serializer can.</summary>
    public readonly object? Body(int serializerId, string manifest, ReadOnlySpan<byte> body)
    {
        var serializer = System.Serialization.ById(serializerId, manifest);
        switch (serializer)
        {
            case IDirectSerializer direct:
                var inner = new WireReader(System, body, _depth + 1);
                return direct.Read(manifest, ref inner);
            case SerializerWithStringManifest named:
                return named.FromBinary(body.ToArray(), manifest);
            default:
                return serializer.FromBinary(body.ToArray(), manifest.Length == 0 ? null! : TypeManifest.Find(manifest));
        }
    }

    private static SerializationException Short() => new("a message ends too early");
}
