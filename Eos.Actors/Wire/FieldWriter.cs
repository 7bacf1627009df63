using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Eos.Wire;

/// <summary>Writes protobuf wire format. Absent and zero are the same: zero, empty and null are not written, except by <see cref="Optional"/>.</summary>
/// <param name="room">Bytes expected; what is longer costs a copy.</param>
public sealed class FieldWriter(int room = 256)
{
    private byte[] _buffer = new byte[room];
    private int _length;

    /// <summary>What is written so far, without a copy: the writer must not be used any more.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    public byte[] ToArray() => _buffer.AsSpan(0, _length).ToArray();

    /// <summary>Forgets what is written, to be used again; false if its buffer has become too large to be kept.</summary>
    internal bool Clear(int mostRoom)
    {
        _length = 0;
        return _buffer.Length <= mostRoom;
    }

    public void UInt(int field, ulong value)
    {
        if (value == 0) return;
        Optional(field, value);
    }

    /// <summary>Zero is written too: null and zero differ.</summary>
    public void Optional(int field, ulong? value)
    {
        if (value is not { } known) return;
        Tag(field, WireKind.Varint);
        Varint(known);
    }

    /// <summary>Signed, small when near zero (zigzag).</summary>
    public void Int(int field, long value) => UInt(field, (ulong)(value << 1) ^ (ulong)(value >> 63));

    public void Flag(int field, bool value) => UInt(field, value ? 1u : 0u);

    public void Real(int field, double value)
    {
        if (value == 0) return;
        Tag(field, WireKind.Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(Take(8), value);
    }

    public void Text(int field, string value)
    {
        if (value.Length == 0) return;
        Tag(field, WireKind.Bytes);
        var size = Encoding.UTF8.GetByteCount(value);
        Varint((ulong)size);
        Encoding.UTF8.GetBytes(value, Take(size));
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) return;
        Tag(field, WireKind.Bytes);
        Varint((ulong)value.Length);
        value.CopyTo(Take(value.Length));
    }

    /// <summary>The sixteen bytes of an id, in the order in which it is read aloud.</summary>
    public void Id(int field, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        Bytes(field, bytes);
    }

    /// <summary>A message within the message; null is not written.</summary>
    public void Part<T>(int field, Shape<T> shape, T? value) where T : class
    {
        if (value is not null) Nested(field, shape, value);
    }

    /// <summary>A value within the message.</summary>
    public void Value<T>(int field, Shape<T> shape, T value) where T : struct => Nested(field, shape, value);

    /// <summary>Each as a message of the same field number, in order.</summary>
    public void Parts<T>(int field, Shape<T> shape, IEnumerable<T> values)
    {
        foreach (var value in values) Nested(field, shape, value);
    }

    /// <summary>Packed: one field with all numbers.</summary>
    public void UInts(int field, IReadOnlyCollection<ulong> values)
    {
        if (values.Count == 0) return;
        Tag(field, WireKind.Bytes);
        Varint((ulong)values.Sum(VarintSize));
        foreach (var value in values) Varint(value);
    }

    /// <summary>Packed: one field with all strings, each behind its length; empty ones too.</summary>
    public void ByteStrings(int field, ImmutableArray<ReadOnlyMemory<byte>> values)
    {
        if (values.IsEmpty) return;
        Tag(field, WireKind.Bytes);
        var size = 0;
        foreach (var value in values) size += VarintSize((ulong)value.Length) + value.Length;
        Varint((ulong)size);
        foreach (var value in values)
        {
            Varint((ulong)value.Length);
            value.Span.CopyTo(Take(value.Length));
        }
    }

    /// <summary>A number before all fields, for bytes that say themselves what they are.</summary>
    public void Kind(uint kind) => Varint(kind);

    private void Nested<T>(int field, Shape<T> shape, T value)
    {
        Tag(field, WireKind.Bytes);
        var start = _length;
        shape.Write(value, this);
        var size = _length - start;
        var prefix = VarintSize((ulong)size);
        Take(prefix);
        _buffer.AsSpan(start, size).CopyTo(_buffer.AsSpan(start + prefix));
        _length = start;
        Varint((ulong)size);
        _length = start + prefix + size;
    }

    private void Tag(int field, WireKind kind) => Varint((ulong)field << 3 | (uint)kind);

    private void Varint(ulong value)
    {
        var target = Take(VarintSize(value));
        for (var i = 0; i < target.Length - 1; i++, value >>= 7) target[i] = (byte)(value | 0x80);
        target[^1] = (byte)value;
    }

    private static int VarintSize(ulong value) => value == 0 ? 1 : (70 - System.Numerics.BitOperations.LeadingZeroCount(value)) / 7;

    private Span<byte> Take(int size)
    {
        if (_length + size > _buffer.Length) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + size));
        _length += size;
        return _buffer.AsSpan(_length - size, size);
    }
}

/// <summary>The kinds of field in protobuf's wire format.</summary>
public enum WireKind
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}
