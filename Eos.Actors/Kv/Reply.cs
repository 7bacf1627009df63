using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Eos.Kv;

/// <summary>A reply as the Redis protocol knows them. Equal by content.</summary>
public abstract record Reply
{
    public static readonly Reply Ok = new SimpleString("OK");
    public static readonly Reply Nil = new NilValue();
    public static readonly Reply Zero = new IntegerValue(0);
    public static readonly Reply One = new IntegerValue(1);
    public static readonly Reply WrongType = Invalid("WRONGTYPE Operation against a key holding the wrong kind of value");
    public static readonly Reply NotAnInteger = Invalid("value is not an integer or out of range");

    private Reply()
    {
    }

    /// <summary>What it takes in memory, about.</summary>
    public virtual long Size => 32;

    /// <summary>A short text without line ends.</summary>
    public sealed record SimpleString(string Value) : Reply
    {
        public override long Size => 48 + (2L * Value.Length);
        public override string ToString() => "+" + Value;
    }

    /// <summary>A refusal; the first word says which kind.</summary>
    public sealed record ErrorReply(string Message) : Reply
    {
        public override long Size => 48 + (2L * Message.Length);
        public override string ToString() => "-" + Message;
    }

    public sealed record IntegerValue(long Value) : Reply
    {
        public override string ToString() => ":" + Value.ToString(CultureInfo.InvariantCulture);
    }

    public sealed record BulkString(ReadOnlyMemory<byte> Value) : Reply
    {
        public override long Size => 80 + Value.Length;
        public bool Equals(BulkString? other) => other is not null && Value.Span.SequenceEqual(other.Value.Span);
        public override int GetHashCode() => Value.Length;
        public override string ToString() => "$" + Encoding.Latin1.GetString(Value.Span);
    }

    public sealed record ArrayValue(ImmutableArray<Reply> Items) : Reply
    {
        public override long Size
        {
            get
            {
                var sum = 64L;
                foreach (var item in Items) sum += item.Size + 8;
                return sum;
            }
        }

        public bool Equals(ArrayValue? other) => other is not null && Items.AsSpan().SequenceEqual(other.Items.AsSpan());
        public override int GetHashCode() => Items.Length;
        public override string ToString() => "[" + string.Join(' ', Items) + "]";
    }

    public sealed record NilValue : Reply
    {
        public override string ToString() => "nil";
    }

    public static Reply Simple(string value) => new SimpleString(value);

    /// <summary>An error of the general kind: `ERR`, then the message.</summary>
    public static Reply Err(string message) => new ErrorReply("ERR " + message);

    /// <summary>An error in the words that QuarkDB puts before what its storage refuses.</summary>
    public static Reply Invalid(string message) => Err("Invalid argument: " + message);

    public static Reply Integer(long value) => value == 0 ? Zero : value == 1 ? One : new IntegerValue(value);
    public static Reply Integer(ulong value) => Integer((long)value);
    public static Reply Bulk(ReadOnlyMemory<byte> value) => new BulkString(value);
    public static Reply Bulk(string value) => new BulkString(Encoding.UTF8.GetBytes(value));
    public static Reply BulkOrNil(ReadOnlyMemory<byte>? value) => value is { } known ? Bulk(known) : Nil;
    public static Reply Array(params ReadOnlySpan<Reply> items) => new ArrayValue([.. items]);
    public static Reply Array(IEnumerable<Reply> items) => new ArrayValue([.. items]);

    /// <summary>The reply in the second version of the protocol.</summary>
    public byte[] ToBytes()
    {
        var buffer = new ArrayBufferWriter<byte>();
        WriteTo(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes the reply in the second version of the protocol.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        switch (this)
        {
            case SimpleString x: Line(output, '+', x.Value); break;
            case ErrorReply x: Line(output, '-', x.Message); break;
            case IntegerValue x: Number(output, ':', x.Value); break;
            case BulkString x:
                Number(output, '$', x.Value.Length);
                output.Write(x.Value.Span);
                output.Write("\r\n"u8);
                break;
            case ArrayValue x:
                Number(output, '*', x.Items.Length);
                foreach (var item in x.Items) item.WriteTo(output);
                break;
            default: output.Write("$-1\r\n"u8); break;
        }
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote; anything else is a fault.</summary>
    public static Reply FromBytes(ReadOnlyMemory<byte> bytes)
    {
        var at = 0;
        return Read(bytes, ref at);
    }

    private static Reply Read(ReadOnlyMemory<byte> bytes, ref int at)
    {
        var rest = bytes.Span[at..];
        var end = rest.IndexOf("\r\n"u8);
        if (end < 1) throw new InvalidDataException("a stored reply is malformed");
        var kind = rest[0];
        var line = rest[1..end];
        at += end + 2;
        switch (kind)
        {
            case (byte)'+': return Simple(Encoding.UTF8.GetString(line));
            case (byte)'-': return new ErrorReply(Encoding.UTF8.GetString(line));
        }
        if (!Utf8Parser.TryParse(line, out long number, out _)) throw new InvalidDataException("a stored reply is malformed");
        if (kind == ':') return Integer(number);
        if (kind == '$')
        {
            if (number < 0) return Nil;
            var value = bytes.Slice(at, (int)number);
            at += (int)number + 2;
            return Bulk(value);
        }
        var items = ImmutableArray.CreateBuilder<Reply>((int)number);
        for (var i = 0; i < number; i++) items.Add(Read(bytes, ref at));
        return new ArrayValue(items.MoveToImmutable());
    }

    private static void Line(IBufferWriter<byte> output, char kind, string text)
    {
        var room = output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length) + 3);
        room[0] = (byte)kind;
        var length = 1 + Encoding.UTF8.GetBytes(text, room[1..]);
        room[1..length].Replace((byte)'\r', (byte)' ');
        room[1..length].Replace((byte)'\n', (byte)' ');
        "\r\n"u8.CopyTo(room[length..]);
        output.Advance(length + 2);
    }

    private static void Number(IBufferWriter<byte> output, char kind, long value)
    {
        var room = output.GetSpan(24);
        room[0] = (byte)kind;
        Utf8Formatter.TryFormat(value, room[1..], out var digits);
        "\r\n"u8.CopyTo(room[(digits + 1)..]);
        output.Advance(digits + 3);
    }
}
