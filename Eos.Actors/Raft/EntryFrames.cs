namespace Eos.Raft;

/// <summary>The payload of a <see cref="BatchKind.Commands"/> batch: of each entry the length, as protobuf's varint, and its bytes.</summary>
public static class EntryFrames
{
    /// <summary>Bytes that an entry takes in a payload.</summary>
    public static int SizeOf(int length) => VarintSize((uint)length) + length;

    /// <summary>One payload of those entries.</summary>
    public static byte[] Write(IReadOnlyList<ISubmission> submissions)
    {
        var size = 0;
        for (var i = 0; i < submissions.Count; i++) size = checked(size + SizeOf(submissions[i].Entry.Length));
        var payload = new byte[size];
        var rest = payload.AsSpan();
        for (var i = 0; i < submissions.Count; i++) rest = Put(rest, submissions[i].Entry.Span);
        return payload;
    }

    /// <summary>Takes the next entry off the front of a payload; false at its end.</summary>
    /// <exception cref="InvalidDataException">The payload ends within an entry, or a length is none.</exception>
    public static bool TryRead(ref ReadOnlyMemory<byte> payload, out ReadOnlyMemory<byte> entry)
    {
        entry = default;
        if (payload.IsEmpty) return false;
        var span = payload.Span;
        var (length, at) = (0u, 0);
        for (var shift = 0; ; shift += 7)
        {
            if (at == span.Length || shift > 28) throw new InvalidDataException("an entry's length is cut off or too long");
            var x = span[at++];
            length |= (uint)(x & 0x7f) << shift;
            if (x < 0x80) break;
        }
        if (length > (uint)(span.Length - at)) throw new InvalidDataException("an entry is longer than its batch");
        entry = payload.Slice(at, (int)length);
        payload = payload[(at + (int)length)..];
        return true;
    }

    private static Span<byte> Put(Span<byte> target, ReadOnlySpan<byte> entry)
    {
        var (value, at) = ((uint)entry.Length, 0);
        for (; value >= 0x80; value >>= 7) target[at++] = (byte)(value | 0x80);
        target[at++] = (byte)value;
        entry.CopyTo(target[at..]);
        return target[(at + entry.Length)..];
    }

    private static int VarintSize(uint value) => value == 0 ? 1 : (38 - System.Numerics.BitOperations.LeadingZeroCount(value)) / 7;
}
