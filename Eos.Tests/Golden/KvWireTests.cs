using Eos.Kv;
using Eos.Tests.Support;
using Eos.Wire;
using static Eos.Kv.KvProtocol;
using static Eos.Kv.SystemProtocol;

namespace Eos.Tests.Golden;

/// <summary>The bytes in the logs of replicated groups, kind by kind.</summary>
public class KvWireTests
{
    /// <summary>Each line: type, bytes in hexadecimal. Lines are added, never changed.</summary>
    [Fact]
    public void Every_kind_of_entry_question_and_answer_has_its_bytes_for_ever()
    {
        RepositoryFile.MustEqual(
            "Eos.Tests/Golden/kv.txt",
            string.Concat(KvWire.Manifests.Select(m => $"{m.Name} {Convert.ToHexStringLower(Encode(Samples.Of(m.Type, new Random(42))).Span)}\n")));
        foreach (var line in File.ReadAllLines(RepositoryFile.Path("Eos.Tests/Golden/kv.txt")))
        {
            var bytes = Convert.FromHexString(line[(line.IndexOf(' ') + 1)..]);
            Assert.Equal(bytes, Encode(Decode(line, bytes)).ToArray());
        }
    }

    [Fact]
    public void Every_entry_question_and_answer_has_a_kind()
    {
        var types = typeof(SystemProtocol).GetNestedTypes().Concat(typeof(KvProtocol).GetNestedTypes())
            .Where(t => t.IsClass && (t.IsAssignableTo(typeof(IEntry)) || t.IsAssignableTo(typeof(IQuestion)) || t.IsAssignableTo(typeof(IAnswer))));
        Assert.Empty(types.Except(KvWire.Manifests.Select(m => m.Type)));
    }

    [Fact]
    public void What_a_later_release_wrote_stops_the_reader()
    {
        Assert.Equal(200u, Assert.Throws<UnknownKindException>(() => KvWire.DecodeEntry(new byte[] { 0xc8, 1 })).Kind);
        Assert.Throws<UnknownKindException>(() => KvWire.DecodeEntry(new byte[] { 0 }));
        Assert.Throws<UnknownKindException>(() => KvWire.DecodeQuestion(new byte[] { 99 }));
        Assert.Throws<UnknownKindException>(() => KvWire.DecodeAnswer(new byte[] { 99 }));
        Assert.Throws<InvalidDataException>(() => KvWire.DecodeEntry(default));
    }

    [Fact]
    public void A_write_is_encoded_into_one_buffer_and_its_words_share_the_bytes_when_read()
    {
        var entry = new UserCommands([Request.Of("set", "key", new string('x', 100_000)), Request.Of("incr", "")]);
        var bytes = KvWire.Encode(entry);
        var before = GC.GetAllocatedBytesForCurrentThread();
        KvWire.Encode(entry);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, bytes.Length, bytes.Length + 2_000);

        before = GC.GetAllocatedBytesForCurrentThread();
        var copy = (UserCommands)KvWire.DecodeEntry(bytes);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000);
        Assert.True(Samples.Same(entry, copy));
        Assert.Equal("", copy.Requests[1].Text(1));
    }

    private static ReadOnlyMemory<byte> Encode(object value) => value switch
    {
        IEntry x => KvWire.Encode(x),
        IQuestion x => KvWire.Encode(x),
        _ => KvWire.Encode((IAnswer)value),
    };

    private static object Decode(string name, byte[] bytes) => name.Split('.')[1] switch
    {
        "entry" => KvWire.DecodeEntry(bytes),
        "question" => KvWire.DecodeQuestion(bytes),
        _ => KvWire.DecodeAnswer(bytes),
    };
}
