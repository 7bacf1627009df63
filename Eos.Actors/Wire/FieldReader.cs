using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace Eos.Wire;

/// <summary>
/// Reads protobuf wire format by field number. What is unknown is skipped, what is absent is zero, empty or null.
/// Malformed bytes are an <see cref="InvalidDataException"/>.
/// </summary>
public sealed class FieldReader
{
    /// <summary>Fields for which a thread keeps room from one message to the next.</summary>
    private const int MostScratch = 4096;

    private static readonly FieldReader Nothing = new(ReadOnlyMemory<byte>.Empty);
    [ThreadStatic]
    private static Field[]? _scratch;

    private readonly ReadOnlyMemory<byte> _body;
    private readonly Field[] _fields;
    private readonly WireContract? _contract;

    public FieldReader(ReadOnlyMemory<byte> body)
    {
        _body = body;
        var span = body.Span;
        var (found, count) = (_scratch ??= new Field[32], 0);
        for (var at = 0; at < span.Length; count++)
        {
            if (count == found.Length) Array.Resize(ref found, 2 * count);
            var tag = Varint(span, ref at);
            var (number, kind) = ((int)(tag >> 3), (WireKind)(tag & 7));
            if (number == 0) throw new InvalidDataException("field number 0");
            switch (kind)
            {
                case WireKind.Varint:
                    found[count] = new Field(number, kind, Varint(span, ref at));
                    break;
                case WireKind.Fixed64:
                    found[count] = new Field(number, kind, BinaryPrimitives.ReadUInt64LittleEndian(Next(span, ref at, 8)));
                    break;
                case WireKind.Fixed32:
                    found[count] = new Field(number, kind, BinaryPrimitives.ReadUInt32LittleEndian(Next(span, ref at, 4)));
                    break;
                case WireKind.Bytes:
                    var length = Varint(span, ref at);
                    if (length > (ulong)(span.Length - at)) throw new InvalidDataException("a field is longer than its message");
                    found[count] = new Field(number, kind, (ulong)at << 32 | length);
                    at += (int)length;
                    break;
                default:
                    throw new InvalidDataException($"wire kind {(int)kind}");
            }
        }
        _fields = found.AsSpan(0, count).ToArray();
        if (found.Length <= MostScratch) _scratch = found;
    }

    /// <summary>An empty message whose reading is written down.</summary>
    internal FieldReader(WireContract contract) : this(ReadOnlyMemory<byte>.Empty) => _contract = contract;

    /// <param name="Value">The number; of bytes, where they start and, in the lower half, how many there are.</param>
    private readonly record struct Field(int Number, WireKind Kind, ulong Value);

    public ulong UInt(int field) => Optional(field, "uint") ?? 0;
    public uint UInt32(int field) => checked((uint)UInt(field));
    public ulong? Optional(int field) => Optional(field, "uint?");

    public long Int(int field)
    {
        var raw = Optional(field, "int") ?? 0;
        return (long)(raw >> 1) ^ -(long)(raw & 1);
    }

    public bool Flag(int field) => (Optional(field, "flag") ?? 0) != 0;

    public double Real(int field)
    {
        Note(field, "real");
        return Last(field, WireKind.Fixed64) is { } found ? BitConverter.UInt64BitsToDouble(found.Value) : 0;
    }

    public string Text(int field)
    {
        Note(field, "text");
        return Last(field, WireKind.Bytes) is { } found ? Encoding.UTF8.GetString(Slice(found).Span) : "";
    }

    public ReadOnlyMemory<byte> Bytes(int field)
    {
        Note(field, "bytes");
        return Last(field, WireKind.Bytes) is { } found ? Slice(found) : default;
    }

    /// <summary>A message within the message; of an absent one, all is absent.</summary>
    public T Part<T>(int field, Shape<T> shape)
    {
        Note(field, shape);
        return shape.Read(Last(field, WireKind.Bytes) is { } found ? new FieldReader(Slice(found)) : Nothing);
    }

    /// <summary>A message within the message, or null.</summary>
    public T? OptionalPart<T>(int field, Shape<T> shape) where T : class
    {
        Note(field, shape, "?");
        return Last(field, WireKind.Bytes) is { } found ? shape.Read(new FieldReader(Slice(found))) : null;
    }

    /// <summary>A value within the message, or null.</summary>
    public T? OptionalValue<T>(int field, Shape<T> shape) where T : struct
    {
        Note(field, shape, "?");
        return Last(field, WireKind.Bytes) is { } found ? shape.Read(new FieldReader(Slice(found))) : null;
    }

    public ImmutableArray<T> Parts<T>(int field, Shape<T> shape)
    {
        Note(field, shape, "*");
        var count = 0;
        foreach (var f in _fields)
            if (f.Number == field && f.Kind == WireKind.Bytes) count++;
        if (count == 0) return [];
        var (values, next) = (new T[count], 0);
        foreach (var f in _fields)
            if (f.Number == field && f.Kind == WireKind.Bytes) values[next++] = shape.Read(new FieldReader(Slice(f)));
        return ImmutableCollectionsMarshal.AsImmutableArray(values);
    }

    public ImmutableArray<ulong> UInts(int field)
    {
        Note(field, "uint*");
        var values = ImmutableArray.CreateBuilder<ulong>();
        if (Last(field, WireKind.Bytes) is not { } found) return [];
        var span = Slice(found).Span;
        for (var at = 0; at < span.Length;) values.Add(Varint(span, ref at));
        return values.ToImmutable();
    }

    public ImmutableArray<ReadOnlyMemory<byte>> ByteStrings(int field)
    {
        Note(field, "bytes*");
        if (Last(field, WireKind.Bytes) is not { } found) return [];
        var body = Slice(found);
        var span = body.Span;
        var count = 0;
        for (var at = 0; at < span.Length; count++)
        {
            var length = Length(span, ref at);
            at += length;
        }
        var values = new ReadOnlyMemory<byte>[count];
        for (int at = 0, i = 0; i < count; i++)
        {
            var length = Length(span, ref at);
            values[i] = body.Slice(at, length);
            at += length;
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(values);
    }

    /// <summary>The number that <see cref="FieldWriter.Kind"/> wrote, and the fields behind it.</summary>
    public static uint Kind(ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> fields)
    {
        var at = 0;
        var kind = Varint(bytes.Span, ref at);
        fields = bytes[at..];
        return checked((uint)kind);
    }

    private static int Length(ReadOnlySpan<byte> span, ref int at)
    {
        var length = Varint(span, ref at);
        return length <= (ulong)(span.Length - at) ? (int)length : throw new InvalidDataException("a string is longer than its field");
    }

    private ulong? Optional(int field, string kind)
    {
        Note(field, kind);
        return Last(field, WireKind.Varint)?.Value;
    }

    private Field? Last(int field, WireKind kind)
    {
        for (var i = _fields.Length - 1; i >= 0; i--)
            if (_fields[i].Number == field && _fields[i].Kind == kind) return _fields[i];
        return null;
    }

    private void Note(int field, string kind) => _contract?.Field(field, kind);

    private void Note<T>(int field, Shape<T> shape, string suffix = "")
    {
        if (_contract is null) return;
        _contract.Field(field, shape.Name + suffix);
        _contract.Describe(shape.Name, r => shape.Read(r));
    }

    private ReadOnlyMemory<byte> Slice(Field field) => _body.Slice((int)(field.Value >> 32), (int)(uint)field.Value);

    private static ReadOnlySpan<byte> Next(ReadOnlySpan<byte> span, ref int at, int size)
    {
        if (span.Length - at < size) throw new InvalidDataException("a message ends within a field");
        at += size;
        return span.Slice(at - size, size);
    }

    private static ulong Varint(ReadOnlySpan<byte> span, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at == span.Length) throw new InvalidDataException("a message ends within a number");
            var b = span[at++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return value;
        }
        throw new InvalidDataException("a number has more than ten bytes");
    }
}
