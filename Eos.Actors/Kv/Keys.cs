using System.Buffers.Binary;

namespace Eos.Kv;

/// <summary>
/// Where things lie in a key space. User space: `k` key = descriptor (strings and leases whole), `f` key field = value (hash, set, deque, versioned hash),
/// `d` key hint field = value and `i` key field = hint (locality hash), `e` deadline key (leases that will end), `c` key = value (configuration).
/// Keys before another part have their length first (4 bytes), so that no key's rows mix with another's.
/// </summary>
internal static class Keys
{
    public static readonly byte[] Descriptors = "k"u8.ToArray();
    public static readonly byte[] Expirations = "e"u8.ToArray();
    public static readonly byte[] Configuration = "c"u8.ToArray();

    public static byte[] Descriptor(ReadOnlySpan<byte> key) => [(byte)'k', .. key];
    public static byte[] Config(ReadOnlySpan<byte> key) => [(byte)'c', .. key];
    public static byte[] Fields(ReadOnlySpan<byte> key) => Sized('f', key);
    public static byte[] Field(ReadOnlySpan<byte> key, ReadOnlySpan<byte> field) => [.. Sized('f', key), .. field];
    public static byte[] Localities(ReadOnlySpan<byte> key) => Sized('d', key);
    public static byte[] Locality(ReadOnlySpan<byte> key, ReadOnlySpan<byte> hint, ReadOnlySpan<byte> field) => [.. Sized('d', key), .. Hinted(hint, field)];
    public static byte[] Hints(ReadOnlySpan<byte> key) => Sized('i', key);
    public static byte[] Hint(ReadOnlySpan<byte> key, ReadOnlySpan<byte> field) => [.. Sized('i', key), .. field];
    public static byte[] Expiration(ulong deadline, ReadOnlySpan<byte> key) => [(byte)'e', .. Number(deadline), .. key];

    /// <summary>Eight bytes, the most significant first: ordered as the numbers are.</summary>
    public static byte[] Number(ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }

    public static ulong Number(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64BigEndian(bytes);

    /// <summary>Hint, then field, ordered as the pair is: a zero byte in the hint becomes 0 255, and 0 0 ends it.</summary>
    public static byte[] Hinted(ReadOnlySpan<byte> hint, ReadOnlySpan<byte> field)
    {
        var bytes = new List<byte>(hint.Length + field.Length + 2);
        foreach (var b in hint)
        {
            bytes.Add(b);
            if (b == 0) bytes.Add(255);
        }
        bytes.Add(0);
        bytes.Add(0);
        bytes.AddRange(field);
        return [.. bytes];
    }

    /// <summary>Takes apart what <see cref="Hinted"/> joined.</summary>
    public static (byte[] Hint, byte[] Field) Unhinted(ReadOnlySpan<byte> bytes)
    {
        var hint = new List<byte>(bytes.Length);
        var at = 0;
        for (; bytes[at] != 0 || bytes[at + 1] != 0; at++)
        {
            hint.Add(bytes[at]);
            if (bytes[at] == 0) at++;
        }
        return ([.. hint], bytes[(at + 2)..].ToArray());
    }

    private static byte[] Sized(char kind, ReadOnlySpan<byte> key)
    {
        var bytes = new byte[5 + key.Length];
        bytes[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), key.Length);
        key.CopyTo(bytes.AsSpan(5));
        return bytes;
    }
}
