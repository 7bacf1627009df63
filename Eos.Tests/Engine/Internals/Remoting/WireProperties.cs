using System.Buffers;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Remote;
using Akka.Serialization;
using FsCheck;
using FsCheck.Fluent;

namespace Eos.Tests.Engine.Internals.Remoting;

/// <summary>The encodings of the engine's own messages: they come back as they were, and garbage is an error and nothing worse.</summary>
public sealed class WireProperties : IAsyncLifetime
{
    private readonly ExtendedActorSystem _system = (ExtendedActorSystem)ActorSystem.Create("wire", ConfigurationFactory.ParseString("akka.loglevel = WARNING"));

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    private delegate T Read<out T>(ref WireReader reader);

    private void ComesBack<T>(T value, Action<WireWriter, T> write, Read<T> read)
    {
        var writer = new WireWriter(_system, 16);
        write(writer, value);
        var reader = new WireReader(_system, writer.Span);
        Assert.Equal(value, read(ref reader));
        Assert.True(reader.AtEnd);
        writer.Release();
    }

    [Fact]
    public void Every_value_comes_back() => Check.QuickThrowOnFailure(Prop.ForAll(
        ArbMap.Default.ArbFor<(int, long, ulong, string, byte[], bool)>(), value =>
        {
            var (number, large, natural, text, bytes, flag) = value;
            ComesBack(number, (w, v) => w.Int(v), (ref WireReader r) => r.Int());
            ComesBack(large, (w, v) => w.Long(v), (ref WireReader r) => r.Long());
            ComesBack(natural, (w, v) => w.ULong(v), (ref WireReader r) => r.ULong());
            ComesBack(flag, (w, v) => w.Bool(v), (ref WireReader r) => r.Bool());
            ComesBack(bytes ?? [], (w, v) => w.Blob(v), (ref WireReader r) => r.Blob().ToArray());
            if (text is null || !text.Any(char.IsSurrogate)) ComesBack(text, (w, v) => w.Text(v), (ref WireReader r) => r.TextOrNull());
        }));

    [Fact]
    public void The_largest_and_smallest_numbers_come_back()
    {
        foreach (var n in new[] { long.MinValue, long.MaxValue, 0, -1, 1, int.MinValue, int.MaxValue }) ComesBack(n, (w, v) => w.Long(v), (ref WireReader r) => r.Long());
        ComesBack(ulong.MaxValue, (w, v) => w.ULong(v), (ref WireReader r) => r.ULong());
        ComesBack(TimeSpan.MinValue, (w, v) => w.Time(v), (ref WireReader r) => r.Time());
        ComesBack(-0.5, (w, v) => w.Double(v), (ref WireReader r) => r.Double());
    }

    [Fact]
    public void Garbage_is_a_serialization_error_and_nothing_worse() => Check.One(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(
        ArbMap.Default.ArbFor<(byte, byte[])>(), garbage =>
        {
            var (which, bytes) = garbage;
            var reader = new WireReader(_system, bytes);
            try
            {
                switch (which % 6)
                {
                    case 0:
                        reader.TextOrNull();
                        break;
                    case 1:
                        reader.Blob();
                        break;
                    case 2:
                        reader.Payload();
                        break;
                    case 3:
                        reader.Count();
                        break;
                    case 4:
                        reader.Int();
                        break;
                    default:
                        reader.Double();
                        break;
                }
            }
            catch (SerializationException)
            {
                // As it should be.
            }
        }));

    [Fact]
    public void Garbage_instead_of_an_introduction_is_refused_in_words() => Check.QuickThrowOnFailure(Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            foreach (var body in new[] { bytes, [.. "AKEM"u8, Handshake.Version, .. bytes] })
                Assert.Contains("Akka.Embedded", Assert.Throws<RefusedException>(() => Handshake.ReadHello(_system, body, 1)).Message);
        }));

    [Fact]
    public void A_proof_convinces_only_with_its_key_and_its_hellos()
    {
        byte[] opener = [1, 2, 3], acceptor = [4, 5];
        var proof = Handshake.OpenerProof("key", opener, acceptor, 7);
        Assert.True(Handshake.CheckOpener("key", opener, acceptor, proof, out var received));
        Assert.Equal(7UL, received);
        Assert.False(Handshake.CheckOpener("other", opener, acceptor, proof, out _));
        Assert.False(Handshake.CheckOpener("key", [1, 2, 4], acceptor, proof, out _));
        Assert.False(Handshake.CheckOpener("key", opener, [4, 6], proof, out _));
        Assert.False(Handshake.CheckOpener("key", [1, 2], [3, 4, 5], proof, out _));
        proof[0]++;
        Assert.False(Handshake.CheckOpener("key", opener, acceptor, proof, out _));
    }

    [Fact]
    public void Frames_are_cut_alike_however_the_bytes_arrive() => Check.QuickThrowOnFailure(Prop.ForAll(
        ArbMap.Default.ArbFor<(NonEmptyArray<byte>[], PositiveInt)>(), input =>
        {
            var (bodies, size) = input;
            var stream = bodies.SelectMany(b => Frames.Whole(b.Get[0], b.Get.AsSpan(1))).ToArray();
            var buffer = Cut(stream, size.Get);
            var taken = new List<byte[]>();
            while (Frames.TryTake(ref buffer, 1000, out var frame)) taken.Add(frame.ToArray());
            return taken.Count == bodies.Length && taken.Zip(bodies).All(p => p.First.SequenceEqual(p.Second.Get)) && buffer.IsEmpty;
        }));

    [Fact]
    public void A_nest_of_messages_too_deep_is_refused()
    {
        object message = "core";
        for (var i = 0; i < 200; i++) message = new Status.Success(message);
        var bytes = _system.Serialization.Serialize(message);
        Assert.Throws<SerializationException>(() => _system.Serialization.Deserialize(bytes, 16, "SS"));
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is null) return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }

    private static ReadOnlySequence<byte> Cut(byte[] bytes, int size)
    {
        if (bytes.Length == 0) return default;
        Piece? first = null, last = null;
        for (var at = 0; at < bytes.Length; at += size)
        {
            last = new Piece(bytes.AsMemory(at, Math.Min(size, bytes.Length - at)), last);
            first ??= last;
        }
        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
    }
}
