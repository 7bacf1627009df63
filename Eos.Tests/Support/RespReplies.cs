using System.Text;

namespace Eos.Tests.Support;

/// <summary>A client's view of the answers: strings, numbers, null, truth, and lists of them; the kind of an aggregate is its first item.</summary>
internal static class RespReplies
{
    public static List<object?> Of(ReadOnlySpan<byte> bytes)
    {
        var answers = new List<object?>();
        for (var at = 0; at < bytes.Length;) answers.Add(One(bytes, ref at));
        return answers;
    }

    private static object? One(ReadOnlySpan<byte> bytes, ref int at)
    {
        var end = at + bytes[at..].IndexOf("\r\n"u8);
        Assert.True(end >= at, "an answer without an end");
        var (kind, text) = ((char)bytes[at], Encoding.UTF8.GetString(bytes[(at + 1)..end]));
        at = end + 2;
        switch (kind)
        {
            case '+' or ',': return text;
            case '-': return "-" + text;
            case ':': return long.Parse(text);
            case '_': return null;
            case '#': return text == "t";
            case '$' or '=':
                if (text == "-1") return null;
                var value = Encoding.Latin1.GetString(bytes.Slice(at, int.Parse(text)));
                at += value.Length + 2;
                Assert.Equal("\r\n", Encoding.Latin1.GetString(bytes[(at - 2)..at]));
                return value;
            case '*' or '%' or '~' or '>':
                if (text == "-1") return null;
                var items = new List<object?> { kind };
                for (var left = int.Parse(text) * (kind == '%' ? 2 : 1); left > 0; left--) items.Add(One(bytes, ref at));
                return items;
            default: throw new InvalidDataException($"{kind} begins no answer");
        }
    }
}
