using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Eos.Host.Resp;

namespace Eos.Tests.Unit.Resp;

public class RespReaderTests
{
    private static readonly RespLimits Limits = new(1 << 20, 100, 2 << 20, 1024, 4 << 20);

    /// <summary>All commands in the text, each as its words with a bar between.</summary>
    private static string[] Read(string text, RespLimits? limits = null)
    {
        var (reader, found) = (new RespReader(limits ?? Limits), new List<string>());
        var buffer = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(text));
        while (reader.TryRead(ref buffer, out var command)) found.Add(string.Join('|', command.Words.Select(w => Encoding.Latin1.GetString(w.Span))));
        return [.. found];
    }

    private static string Refusal(string text) => Assert.Throws<RespProtocolException>(() => Read(text)).Message;

    [Fact]
    public void Arrays_of_bulk_strings_are_commands_also_with_empty_words_and_any_bytes() =>
        Assert.Equal(["SET|a\r\nb|", "GET|\0\xff"], Read("*3\r\n$3\r\nSET\r\n$4\r\na\r\nb\r\n$0\r\n\r\n*2\r\n$3\r\nGET\r\n$2\r\n\0\xff\r\n"));

    [Theory]
    [InlineData("PING\r\n", "PING")]
    [InlineData("  SET  a\tb \n", "SET|a|b")]
    [InlineData("SET \"a b\" 'c\\'d' \"\\x41\\n\\\"\"\r\n", "SET|a b|c'd|A\n\"")]
    [InlineData("SET a \"\"\r\n", "SET|a|")]
    [InlineData("\r\n\r\nPING\r\n", "PING")]
    [InlineData("*0\r\n*-1\r\nPING\r\n", "PING")]
    public void Lines_typed_by_hand_are_commands_and_empty_ones_are_nothing(string text, string words) => Assert.Equal([words], Read(text));

    [Theory]
    [InlineData("*2\r\n$3\r\nGET\r\n$1")]
    [InlineData("*2\r\n$3\r\nGET\r\n$5\r\nab")]
    [InlineData("*1\r\n$4\r\nPING\r")]
    [InlineData("PIN")]
    [InlineData("*")]
    public void Half_a_request_waits(string text) => Assert.Empty(Read(text));

    [Theory]
    [InlineData("*x\r\n", "invalid multibulk length")]
    [InlineData("*\r\n", "invalid multibulk length")]
    [InlineData("*101\r\n", "invalid multibulk length")]
    [InlineData("*99999999999999999999\r\n", "invalid multibulk length")]
    [InlineData("*111111111111111111111111111111111111", "too big mbulk count string")]
    [InlineData("*1\r\nPING\r\n", "expected '$', got 'P'")]
    [InlineData("*1\r\n$-1\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$4194305\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$1073741824\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$2\r\nabXX", "invalid bulk length")]
    [InlineData("SET \"a\r\n", "unbalanced quotes")]
    [InlineData("SET \"a\"b\r\n", "unbalanced quotes")]
    public void What_is_no_request_is_a_protocol_error(string text, string why) => Assert.StartsWith("Protocol error: " + why, Refusal(text));

    [Fact]
    public void One_request_has_a_bound_as_a_whole()
    {
        var word = "$1048576\r\n" + new string('x', 1 << 20) + "\r\n";
        Assert.Single(Read("*2\r\n" + word + word));
        Assert.Contains("too big request", Refusal("*5\r\n" + word + word + word + word + "$1\r\n"));
        Assert.Contains("too big inline", Refusal(new string('x', 1025)));
    }

    [Theory]
    [InlineData(2, 1_500_000, "an argument has 1500000 bytes, the limit is 1048576")]
    [InlineData(4, 1_048_576, "the arguments have 3145728 bytes or more, the limit is 2097152")]
    public void A_request_that_is_too_large_is_read_over_and_those_behind_it_are_whole(int words, int size, string why)
    {
        var large = $"*{words}\r\n" + string.Concat(Enumerable.Repeat($"${size}\r\n{new string('x', size)}\r\n", words));
        var (reader, found, all) = (new RespReader(Limits), new List<RespCommand>(), Encoding.Latin1.GetBytes("PING\r\n" + large + "*2\r\n$3\r\nGET\r\n$1\r\na\r\n"));
        var rest = new byte[0];
        foreach (var piece in all.Chunk(100_000))
        {
            var buffer = new ReadOnlySequence<byte>((byte[])[.. rest, .. piece]);
            while (reader.TryRead(ref buffer, out var command)) found.Add(command);
            rest = buffer.ToArray();
        }
        Assert.Equal([null, why, null], found.Select(c => c.Refusal));
        Assert.Equal(words, found[1].Words.Length);
        Assert.Equal("a", Encoding.Latin1.GetString(found[2].Words[1].Span));
    }

    [Fact]
    public async Task Requests_before_a_malformed_one_are_given_out_and_a_closed_pipe_ends_it()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync("PING\r\nECHO a\r\n*1\r\nX"u8.ToArray());
        var (reader, found) = (new RespReader(Limits), new List<RespCommand>());
        Assert.True(await reader.ReadAsync(pipe.Reader, found, 1, default));
        Assert.Single(found);
        await Assert.ThrowsAsync<RespProtocolException>(async () => await reader.ReadAsync(pipe.Reader, found, 10, default));
        Assert.Equal(2, found.Count);

        var closed = new Pipe();
        await closed.Writer.WriteAsync("PING\r\nPIN"u8.ToArray());
        await closed.Writer.CompleteAsync();
        reader = new RespReader(Limits);
        Assert.True(await reader.ReadAsync(closed.Reader, found, 10, default));
        Assert.False(await reader.ReadAsync(closed.Reader, found, 10, default));
    }
}
