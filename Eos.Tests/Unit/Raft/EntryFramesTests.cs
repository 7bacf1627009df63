using Eos.Raft;
using Eos.Tests.Support;

namespace Eos.Tests.Unit.Raft;

public class EntryFramesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(16383)]
    [InlineData(16384)]
    [InlineData(2097151)]
    [InlineData(2097152)]
    public void What_is_written_is_read(int length)
    {
        var entries = new[] { RaftLogs.Payload(1, length), [7], [], RaftLogs.Payload(2, length) };
        ReadOnlyMemory<byte> payload = EntryFrames.Write([.. entries.Select(e => new Entry(e))]);
        Assert.Equal(entries.Sum(e => EntryFrames.SizeOf(e.Length)), payload.Length);
        foreach (var entry in entries)
        {
            Assert.True(EntryFrames.TryRead(ref payload, out var read));
            Assert.Equal(entry, read.ToArray());
        }
        Assert.False(EntryFrames.TryRead(ref payload, out _));
    }

    [Fact]
    public void Payloads_that_end_within_an_entry_are_refused()
    {
        var whole = EntryFrames.Write([new Entry(RaftLogs.Payload(1, 300))]);
        foreach (var cut in new[] { 1, 2, 100 })
            Assert.Throws<InvalidDataException>(() => Read(whole.AsMemory(0, whole.Length - cut)));
        Assert.Throws<InvalidDataException>(() => Read(whole.AsMemory(0, 1)));
        Assert.Throws<InvalidDataException>(() => Read(new byte[] { 0xff, 0xff, 0xff, 0xff, 0xff, 0x01 }));
    }

    private static void Read(ReadOnlyMemory<byte> payload)
    {
        while (EntryFrames.TryRead(ref payload, out _))
        {
        }
    }

    private sealed record Entry(byte[] Bytes) : ISubmission
    {
        ReadOnlyMemory<byte> ISubmission.Entry => Bytes;

        public void Applied(object outcome) => throw new InvalidOperationException();

        public void Refused(MemberId? leader, string why) => throw new InvalidOperationException();

        public void Unknown(string why) => throw new InvalidOperationException();
    }
}
