using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using Akka.Actor;

namespace Akka.Serialization;

/// <summary>
/// A growing byte buffer with the few encodings that the engine's own messages are made of. Each has its twin in <see cref="WireReader"/>.
/// <code>
///   UInt, ULong      LEB128 varint                      Int, Long   zigzag varint
///   Text             varint length + 1 (0 = null), UTF-8     Blob   varint length, bytes
///   Ref              Text of the serialized path; null = no reference
///   Payload          any message: its serializer's identifier, manifest, 4-byte length, body
/// </code>
/// A <see cref="TableSerializer"/> gives every message type a manifest, a writer and a reader in these terms; that is how each area of the
/// engine (cluster, tools, sharding, persistence) ships its messages. Append fields at the end; give a new meaning a new manifest.
/// </summary>
internal sealed class WireWriter(ExtendedActorSystem system, int capacity = 256)
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(capacity);
    private int _at;

    public ExtendedActorSystem System => system;

    public int Length => _at;

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _at);

    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, _at);

    public byte[] ToArray() => Span.ToArray();

    /// <summary>Forgets what was written after that length.</summary>
    public void Truncate(int length) => _at = length;

    /// <summary>Gives the buffer back to the pool; the writer is unusable afterwards.</summary>
    public void Release()
    {
        var buffer = _buffer;
        _buffer = [];
        _at = 0;
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
    }

    public void Byte(byte value)
    {
        if (_at == _buffer.Length) Grow(1);
        _buffer[_at++] = value;
    }

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void UInt(uint value) => ULong(value);

    public void ULong(ulong value)
    {
        if (_buffer.Length - _at < 10) Grow(10);
        while (value >= 0x80)
        {
            _buffer[_at++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _buffer[_at++] = (byte)value;
    }

    public void Int(int value) => Long(value);

    public void Long(long value) => ULong((ulong)((value << 1) ^ (value >> 63)));

    public void Double(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Take(8), value);

    public void Time(TimeSpan value) => Long(value.Ticks);

    public void Text(string? value)
    {
        if (value is null)
        {
            Byte(0);
            return;
        }
        var length = Encoding.UTF8.GetByteCount(value);
        ULong((ulong)length + 1);
        Encoding.UTF8.GetBytes(value, Take(length));
    }

    /// <summary>UTF-8 to the end of the body, without a length.</summary>
    public void Utf8(string value) => Encoding.UTF8.GetBytes(value, Take(Encoding.UTF8.GetByteCount(value)));

    public void Blob(ReadOnlySpan<byte> value)
    {
        ULong((ulong)value.Length);
        Raw(value);
    }

    public void Raw(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    public void Ref(IActorRef? value) => Text(value is null ? null : Serialization.SerializedActorPath(value));

    public void Address(Address? value) => Text(value?.ToString());

    /// <summary>A count, and each item by the given function.</summary>
    public void Each<T>(IReadOnlyCollection<T> items, Action<WireWriter, T> write)
    {
        ULong((ulong)items.Count);
        foreach (var item in items) write(this, item);
    }

    /// <summary>Any message, with what is needed to read it again; null travels too.</summary>
    public void Payload(object? message)
    {
        var serializer = system.Serialization.FindSerializerFor(message);
        Int(serializer.Identifier);
        Text(message is null ? "" : Serialization.ManifestFor(serializer, message));
        var head = Reserve();
        Body(serializer, message);
        Patch(head);
    }

    /// <summary>The body alone, straight into this buffer where the serializer can.</summary>
    public void Body(Serializer serializer, object? message)
    {
        if (serializer is IDirectSerializer direct) direct.Write(message!, this);
        else Raw(serializer.ToBinary(message!));
    }

    /// <summary>Leaves 4 bytes for a length; <see cref="Patch"/> fills in what was written since.</summary>
    public int Reserve()
    {
        Take(4);
        return _at;
    }

    public void Patch(int head) => BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(head - 4), _at - head);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Take(int count)
    {
        if (_buffer.Length - _at < count) Grow(count);
        var span = _buffer.AsSpan(_at, count);
        _at += count;
        return span;
    }

    private void Grow(int count)
    {
        var bigger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, checked(_at + count)));
        Span.CopyTo(bigger);
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = bigger;
    }
}
