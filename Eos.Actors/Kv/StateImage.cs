using System.Buffers.Binary;
using Eos.Kernel;
using Eos.Raft;
using Eos.Wire;

namespace Eos.Kv;

/// <summary>
/// A snapshot's bytes: eight bytes that say what it is, the length of the mark, the mark, then each row in the order of keys as length of key, length of value, key,
/// value, then a key length of all ones, and CRC-32C over everything before it. Numbers have four bytes, the least significant first.
/// </summary>
internal static class StateImage
{
    private const uint End = uint.MaxValue;
    private const int Longest = 1 << 30;

    private static ReadOnlySpan<byte> Magic => "EosSnap1"u8;

    private sealed record Head(string Cluster, StateMark Mark);

    private static readonly Shape<Head> HeadShape = new(
        "kv-image-head",
        (v, w) =>
        {
            w.Text(1, v.Cluster);
            w.UInt(2, v.Mark.Position.Term.Value);
            w.UInt(3, v.Mark.Position.Index.Value);
            w.Int(4, v.Mark.LogTime.Ticks);
            w.Part(5, RaftWire.Members, v.Mark.Membership);
            w.UInt(6, v.Mark.Machine.Applied.Value);
            w.Int(7, v.Mark.Machine.LogTime.Ticks);
            w.UInt(8, v.Mark.Machine.Digest.High);
            w.UInt(9, v.Mark.Machine.Digest.Low);
            w.Int(10, v.Mark.Machine.Digest.Rows);
        },
        r => new Head(r.Text(1), new StateMark(
            new LogPosition(new Term(r.UInt(2)), new LogIndex(r.UInt(3))), TimeSpan.FromTicks(r.Int(4)), r.Part(5, RaftWire.Members),
            new KvMark(new LogIndex(r.UInt(6)), TimeSpan.FromTicks(r.Int(7)), new KvDigest(r.UInt(8), r.UInt(9), r.Int(10))))));

    /// <summary>Writes rows as they come.</summary>
    public static void Write(Stream target, string cluster, StateMark mark, IEnumerable<KvRow> rows)
    {
        var output = new Sum(target);
        var head = HeadShape.Encode(new Head(cluster, mark));
        output.Write(Magic);
        output.Number((uint)head.Length);
        output.Write(head);
        foreach (var row in rows)
        {
            output.Number((uint)row.Key.Length);
            output.Number((uint)row.Value.Length);
            output.Write(row.Key.Span);
            output.Write(row.Value.Span);
        }
        output.Number(End);
        output.Number(output.Value);
    }

    /// <summary>Reads the mark, then gives the rows to <paramref name="store"/> one by one. What it returns is checked: rows that came are those of the mark.</summary>
    /// <exception cref="InvalidDataException">It is not whole, not this cluster's, or its rows are not those that its mark tells of.</exception>
    public static StateMark Read(Stream source, string cluster, Action<StateMark> begin, Action<byte[], byte[]> store)
    {
        var input = new Sum(source);
        if (!input.Read(Magic.Length).AsSpan().SequenceEqual(Magic)) throw new InvalidDataException("it is no snapshot, or one of another version");
        var head = HeadShape.Decode(input.Read(input.Number()));
        if (head.Cluster != cluster) throw new InvalidDataException($"it is of cluster {head.Cluster}");
        begin(head.Mark);
        var (digest, last) = (default(KvDigest), Array.Empty<byte>());
        for (var length = input.Number(); length != End; length = input.Number())
        {
            var size = input.Number();
            var (key, value) = (input.Read(length), input.Read(size));
            if (digest.Rows > 0 && last.AsSpan().SequenceCompareTo(key) >= 0) throw new InvalidDataException("its rows are out of order");
            digest = digest.With(key, value);
            store(key, value);
            last = key;
        }
        var expected = input.Value;
        if (input.Number() != expected) throw new InvalidDataException("its checksum is wrong");
        if (digest != head.Mark.Machine.Digest) throw new InvalidDataException($"its rows have the digest {digest} instead of {head.Mark.Machine.Digest}");
        return head.Mark;
    }

    /// <summary>A stream with the checksum of what went through it.</summary>
    private sealed class Sum(Stream stream)
    {
        private uint _crc = Castagnoli.Start;

        public uint Value => ~_crc;

        public void Write(ReadOnlySpan<byte> bytes)
        {
            _crc = Castagnoli.Update(_crc, bytes);
            stream.Write(bytes);
        }

        public void Number(uint value)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
            Write(bytes);
        }

        public byte[] Read(uint count) => count <= Longest ? Read((int)count) : throw new InvalidDataException($"a length of {count}");

        public byte[] Read(int count)
        {
            var bytes = new byte[count];
            try
            {
                stream.ReadExactly(bytes);
            }
            catch (EndOfStreamException e)
            {
                throw new InvalidDataException("it is cut off", e);
            }
            _crc = Castagnoli.Update(_crc, bytes);
            return bytes;
        }

        public uint Number() => BinaryPrimitives.ReadUInt32LittleEndian(Read(4));
    }
}
