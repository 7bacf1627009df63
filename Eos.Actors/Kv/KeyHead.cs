using System.Buffers.Binary;

namespace Eos.Kv;

/// <summary>What a key of the user space holds. The numbers are stored: append only.</summary>
public enum KeyType
{
    None = 0,
    String = 1,
    Hash = 2,
    Set = 3,
    Deque = 4,
    LocalityHash = 5,
    Lease = 6,
    VersionedHash = 7,
}

/// <summary>The descriptor of a key that holds many things.</summary>
/// <param name="Size">How many.</param>
/// <param name="First">Deque: the place of its first element. Versioned hash: its version.</param>
internal readonly record struct KeyHead(KeyType Type, ulong Size, ulong First)
{
    public static KeyHead Of(ReadOnlySpan<byte> bytes) =>
        new((KeyType)bytes[0], BinaryPrimitives.ReadUInt64BigEndian(bytes[1..]), BinaryPrimitives.ReadUInt64BigEndian(bytes[9..]));

    public byte[] ToBytes()
    {
        var bytes = new byte[17];
        bytes[0] = (byte)Type;
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(1), Size);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(9), First);
        return bytes;
    }

    /// <summary>As TYPE names it.</summary>
    public static string Name(KeyType type) => type switch
    {
        KeyType.String => "string",
        KeyType.Hash => "hash",
        KeyType.Set => "set",
        KeyType.Deque => "deque",
        KeyType.LocalityHash => "locality hash",
        KeyType.Lease => "lease",
        KeyType.VersionedHash => "versioned hash",
        _ => "none",
    };
}
