using System.Buffers;
using Eos.Host.Resp;

namespace Eos.Tests.Properties;

public class RespProperties
{
    private static readonly RespLimits Limits = new(20_000, 50, 200_000, 2000, 200_000);

    [Fact]
    public void Commands_survive_any_split_of_their_bytes()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var commands = Enumerable.Range(0, random.Next(1, 20)).Select(_ => Words(random)).ToList();
            var output = new ArrayBufferWriter<byte>();
            var writer = new RespWriter(output);
            foreach (var words in commands)
            {
                writer.Array(words.Length);
                foreach (var word in words) writer.Bulk(word);
            }
            var found = Read(output.WrittenSpan.ToArray(), random);
            Assert.Equal(commands.Count, found.Count);
            foreach (var (words, command) in commands.Zip(found)) Assert.Equal(words, command.Words.Select(w => w.ToArray()));
        }
    }

    [Fact]
    public void Garbage_is_a_protocol_error_or_a_command_and_nothing_else()
    {
        string[] pieces = ["*", "$", "\r\n", "\n", "-1", "1", "2", "0", "3", "99999999999", "PING", "\"", "'", "\\x4", " ", "\0", "\xff", "*1\r\n$1\r\na\r\n"];
        for (var seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            var bytes = random.Next(2) == 0
                ? System.Text.Encoding.Latin1.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => pieces[random.Next(pieces.Length)])))
                : Noise(random, random.Next(1, 300));
            try
            {
                Assert.All(Read(bytes, random), c => Assert.NotEmpty(c.Words));
            }
            catch (RespProtocolException)
            {
            }
        }
    }

    /// <summary>Feeds the bytes in pieces of one to many, each time in segments of any size, some of them empty; what was not consumed comes again.</summary>
    private static List<RespCommand> Read(byte[] bytes, Random random)
    {
        var (reader, found, consumed) = (new RespReader(Limits), new List<RespCommand>(), 0);
        for (var there = 0; there < bytes.Length;)
        {
            there = Math.Min(bytes.Length, there + random.Next(1, random.Next(2) == 0 ? 4 : 5000));
            var buffer = Segments(bytes.AsMemory(consumed, there - consumed), random);
            while (reader.TryRead(ref buffer, out var command)) found.Add(command);
            consumed = there - (int)buffer.Length;
        }
        return found;
    }

    private static ReadOnlySequence<byte> Segments(ReadOnlyMemory<byte> bytes, Random random)
    {
        var first = new Segment(default, 0);
        var last = first;
        for (var at = 0; at < bytes.Length;)
        {
            var size = Math.Min(bytes.Length - at, random.Next(0, random.Next(2) == 0 ? 3 : 4000));
            last = last.Then(bytes.Slice(at, size));
            at += size;
        }
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private static byte[][] Words(Random random) => [.. Enumerable.Range(0, random.Next(1, 10)).Select(_ => Noise(random, random.Next(10) == 0 ? random.Next(20_000) : random.Next(30)))];

    private static byte[] Noise(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long at) => (Memory, RunningIndex) = (memory, at);

        public Segment Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
