using System.Text;
using Eos.Kv;

namespace Eos.Host.Resp;

/// <summary>Answers of the machine as bytes. The machine knows arrays only; clients of version 3 get what Redis gives them: maps and sets.</summary>
internal static class ReplyText
{
    public static void Write(RespWriter output, Reply reply, Request request)
    {
        if (output.Version == RespVersion.Three && reply is Reply.ArrayValue array && ShapeOf(request[0]) is { } shape)
        {
            if (shape == '%') output.Map(array.Items.Length / 2);
            else output.Set(array.Items.Length);
            foreach (var item in array.Items) Write(output, item);
            return;
        }
        Write(output, reply);
    }

    public static void Write(RespWriter output, Reply reply)
    {
        switch (reply)
        {
            case Reply.SimpleString x: output.Simple(x.Value); break;
            case Reply.ErrorReply x: output.Error(x.Message); break;
            case Reply.IntegerValue x: output.Integer(x.Value); break;
            case Reply.BulkString x: output.Bulk(x.Value.Span); break;
            case Reply.ArrayValue x:
                output.Array(x.Items.Length);
                foreach (var item in x.Items) Write(output, item);
                break;
            default: output.Null(); break;
        }
    }

    private static char? ShapeOf(ReadOnlySpan<byte> name) =>
        Ascii.EqualsIgnoreCase(name, "hgetall") || Ascii.EqualsIgnoreCase(name, "config-getall") ? '%'
        : Ascii.EqualsIgnoreCase(name, "smembers") ? '~'
        : null;
}
