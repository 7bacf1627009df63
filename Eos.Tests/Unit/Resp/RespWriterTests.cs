using System.Buffers;
using System.Text;
using Eos.Host.Resp;
using Eos.Tests.Support;

namespace Eos.Tests.Unit.Resp;

public class RespWriterTests
{
    private static string Written(RespVersion version, Action<RespWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(new RespWriter(output) { Version = version });
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void Everything(RespWriter w)
    {
        w.Simple("OK");
        w.Error("ERR two\r\nlines");
        w.Integer(long.MinValue);
        w.Bulk("a\r\nb");
        w.Bulk("");
        w.Null();
        w.NullArray();
        w.Boolean(true);
        w.Double(0.1);
        w.Double(double.NegativeInfinity);
        w.Verbatim("text");
        w.Array(1);
        w.Integer(1);
        w.Map(1);
        w.Bulk("k");
        w.Bulk("v");
        w.Set(0);
        w.Push(1);
        w.Bulk("p");
    }

    [Fact]
    public void Version_2_has_five_kinds() => Assert.Equal(
        "+OK\r\n-ERR two  lines\r\n:-9223372036854775808\r\n$4\r\na\r\nb\r\n$0\r\n\r\n$-1\r\n*-1\r\n:1\r\n$3\r\n0.1\r\n$4\r\n-inf\r\n$4\r\ntext\r\n"
        + "*1\r\n:1\r\n*2\r\n$1\r\nk\r\n$1\r\nv\r\n*0\r\n*1\r\n$1\r\np\r\n",
        Written(RespVersion.Two, Everything));

    [Fact]
    public void Version_3_has_words_for_more() => Assert.Equal(
        "+OK\r\n-ERR two  lines\r\n:-9223372036854775808\r\n$4\r\na\r\nb\r\n$0\r\n\r\n_\r\n_\r\n#t\r\n,0.1\r\n,-inf\r\n=8\r\ntxt:text\r\n"
        + "*1\r\n:1\r\n%1\r\n$1\r\nk\r\n$1\r\nv\r\n~0\r\n>1\r\n$1\r\np\r\n",
        Written(RespVersion.Three, Everything));

    [Theory]
    [InlineData(RespVersion.Two)]
    [InlineData(RespVersion.Three)]
    public void A_client_reads_as_many_answers_as_were_written(RespVersion version) =>
        Assert.Equal(15, RespReplies.Of(Encoding.UTF8.GetBytes(Written(version, Everything))).Count);
}
