using System.Text;

namespace Eos.Namespace;

/// <summary>An entry as bytes: what pages keep in memory and in the store. The name comes first, so that it is found without reading the rest.</summary>
internal static class EntryRecord
{
    private const byte NameTag = 1 << 3 | 2;

    public static byte[] Of(DirectoryEntry entry) => RecordShapes.Entry.Encode(entry);

    public static DirectoryEntry Read(byte[] record) => RecordShapes.Entry.Decode(record);

    /// <summary>The name in UTF-8.</summary>
    public static ReadOnlySpan<byte> Name(ReadOnlySpan<byte> record)
    {
        if (record.IsEmpty || record[0] != NameTag) return default;
        int length = record[1] & 0x7f, at = 2;
        if (record[1] >= 0x80) length |= record[at++] << 7;
        return record.Slice(at, length);
    }

    public static string NameOf(byte[] record) => Encoding.UTF8.GetString(Name(record));

    public static int NameBytes(string name) => Encoding.UTF8.GetByteCount(name);
}
