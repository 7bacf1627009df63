using System.Buffers.Binary;
using System.Text;

namespace Eos.Kv;

/// <summary>
/// Where things lie in the system space. `l` lease; `n` client = session, `o` client number = outcome, `x` time client = when to look at a session;
/// `j` slot id = end of a journal, `e` slot id number = event; `p` slot id number time = snapshot, `q` slot id number time chunk = its bytes, `g` slot id key = a page of snapshots; `i` index key slot
/// id = row of an index; `k` counter; `c` key = configuration, `v` = its version. Texts are UTF-8, numbers big-endian;
/// an id before another part has its length first.
/// </summary>
internal static class SystemKeys
{
    public static readonly byte[] Leases = "l"u8.ToArray();
    public static readonly byte[] Reviews = "x"u8.ToArray();
    public static readonly byte[] Configuration = "c"u8.ToArray();
    public static readonly byte[] Journals = "j"u8.ToArray();
    public static readonly byte[] Version = "v"u8.ToArray();

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    public static byte[] Lease(ReadOnlySpan<byte> name) => [(byte)'l', .. name];
    public static byte[] Counter(ReadOnlySpan<byte> name) => [(byte)'k', .. name];
    public static byte[] Setting(ReadOnlySpan<byte> key) => [(byte)'c', .. key];

    public static byte[] Session(Guid client) => Join('n', client);
    public static byte[] Outcomes(Guid client) => Join('o', client);
    public static byte[] Outcome(Guid client, ulong number) => Join('o', client, Keys.Number(number));
    public static byte[] Review(TimeSpan at, Guid client) => [(byte)'x', .. Time(at), .. client.ToByteArray(bigEndian: true)];

    /// <summary>The end of a journal; what follows the first byte is the id behind its slot.</summary>
    public static byte[] Journal(ReadOnlySpan<byte> id)
    {
        var key = new byte[3 + id.Length];
        key[0] = (byte)'j';
        BinaryPrimitives.WriteUInt16BigEndian(key.AsSpan(1), Slots.Of(id));
        id.CopyTo(key.AsSpan(3));
        return key;
    }

    /// <summary>Everything of one kind about an id; the key has room for further parts behind it.</summary>
    public static byte[] OfId(char kind, ReadOnlySpan<byte> id, int room = 0)
    {
        var key = new byte[7 + id.Length + room];
        key[0] = (byte)kind;
        BinaryPrimitives.WriteUInt16BigEndian(key.AsSpan(1), Slots.Of(id));
        BinaryPrimitives.WriteInt32BigEndian(key.AsSpan(3), id.Length);
        id.CopyTo(key.AsSpan(7));
        return key;
    }

    public static byte[] Events(ReadOnlySpan<byte> id) => OfId('e', id);

    public static byte[] Event(ReadOnlySpan<byte> id, long number)
    {
        var key = OfId('e', id, 8);
        BinaryPrimitives.WriteInt64BigEndian(key.AsSpan(7 + id.Length), number);
        return key;
    }

    public static byte[] Snapshots(ReadOnlySpan<byte> id) => OfId('p', id);

    public static byte[] Snapshot(ReadOnlySpan<byte> id, ReadOnlySpan<byte> version) => [.. OfId('p', id), .. version];

    public static byte[] Chunk(ReadOnlySpan<byte> id, ReadOnlySpan<byte> version, int chunk)
    {
        var key = OfId('q', id, version.Length + 4);
        version.CopyTo(key.AsSpan(7 + id.Length));
        BinaryPrimitives.WriteInt32BigEndian(key.AsSpan(key.Length - 4), chunk);
        return key;
    }

    public static byte[] Pages(ReadOnlySpan<byte> id) => OfId('g', id);

    public static byte[] Page(ReadOnlySpan<byte> id, ulong key)
    {
        var row = OfId('g', id, 8);
        BinaryPrimitives.WriteUInt64BigEndian(row.AsSpan(7 + id.Length), key);
        return row;
    }

    /// <summary>Ordered as times of both signs are.</summary>
    public static byte[] Time(long value) => Keys.Number((ulong)value ^ 1UL << 63);
    public static byte[] Time(TimeSpan value) => Time(value.Ticks);
    public static long Time(ReadOnlySpan<byte> bytes) => (long)(Keys.Number(bytes) ^ 1UL << 63);

    private static byte[] Join(char kind, Guid client, ReadOnlySpan<byte> rest = default)
    {
        var key = new byte[17 + rest.Length];
        key[0] = (byte)kind;
        client.TryWriteBytes(key.AsSpan(1), bigEndian: true, out _);
        rest.CopyTo(key.AsSpan(17));
        return key;
    }
}
