using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Eos.Host.Resp;

/// <summary>Which version of the Redis protocol a connection's answers have (HELLO).</summary>
public enum RespVersion
{
    Two = 2,
    Three = 3,
}

/// <summary>Writes answers. What version 2 has no word for is said in its nearest: maps, sets and pushes as arrays, truth as 1 or 0, doubles as text.</summary>
public sealed class RespWriter(IBufferWriter<byte> output)
{
    public RespVersion Version { get; set; } = RespVersion.Two;

    private bool IsThree => Version == RespVersion.Three;

    /// <summary>A word or two such as OK; an end of line within becomes a blank.</summary>
    public void Simple(string text) => Line('+', text);

    /// <summary>"ERR what is wrong": a code in capitals, then text.</summary>
    public void Error(string text) => Line('-', text);

    public void Integer(long value) => Header(':', value);

    public void Bulk(ReadOnlySpan<byte> value)
    {
        Header('$', value.Length);
        output.Write(value);
        output.Write("\r\n"u8);
    }

    public void Bulk(string value) => Bulk(Encoding.UTF8.GetBytes(value));

    public void Null() => output.Write(IsThree ? "_\r\n"u8 : "$-1\r\n"u8);

    /// <summary>No array, where an array is expected (EXEC that did not run).</summary>
    public void NullArray() => output.Write(IsThree ? "_\r\n"u8 : "*-1\r\n"u8);

    public void Boolean(bool value) => output.Write(IsThree ? value ? "#t\r\n"u8 : "#f\r\n"u8 : value ? ":1\r\n"u8 : ":0\r\n"u8);

    public void Double(double value)
    {
        var text = double.IsPositiveInfinity(value) ? "inf" : double.IsNegativeInfinity(value) ? "-inf" : double.IsNaN(value) ? "nan" : value.ToString("R", CultureInfo.InvariantCulture);
        if (IsThree) Line(',', text);
        else Bulk(text);
    }

    /// <summary>Text for people; version 3 says that it is plain.</summary>
    public void Verbatim(string text)
    {
        if (!IsThree)
        {
            Bulk(text);
            return;
        }
        var bytes = Encoding.UTF8.GetBytes("txt:" + text);
        Header('=', bytes.Length);
        output.Write(bytes);
        output.Write("\r\n"u8);
    }

    /// <summary>So many answers follow.</summary>
    public void Array(int count) => Header('*', count);

    /// <summary>So many pairs of answers follow.</summary>
    public void Map(int pairs) => Header(IsThree ? '%' : '*', IsThree ? pairs : 2L * pairs);

    public void Set(int count) => Header(IsThree ? '~' : '*', count);

    /// <summary>What nobody asked for: a published message.</summary>
    /// <param name="always">The client understands a push in version 2 as well.</param>
    public void Push(int count, bool always = false) => Header(IsThree || always ? '>' : '*', count);

    private void Header(char kind, long value)
    {
        var span = output.GetSpan(24);
        span[0] = (byte)kind;
        Utf8Formatter.TryFormat(value, span[1..], out var digits);
        (span[digits + 1], span[digits + 2]) = ((byte)'\r', (byte)'\n');
        output.Advance(digits + 3);
    }

    private void Line(char kind, string text)
    {
        var clean = text.AsSpan().ContainsAny('\r', '\n') ? text.Replace('\r', ' ').Replace('\n', ' ') : text;
        var span = output.GetSpan(Encoding.UTF8.GetMaxByteCount(clean.Length) + 3);
        span[0] = (byte)kind;
        var length = Encoding.UTF8.GetBytes(clean, span[1..]) + 1;
        (span[length], span[length + 1]) = ((byte)'\r', (byte)'\n');
        output.Advance(length + 2);
    }
}
