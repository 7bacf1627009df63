using System.Buffers.Binary;
using System.Text;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>
/// The indexes of the namespace: their names, keys and values, which are stored and never change. Numbers are big-endian, so that rows are ordered by them.
/// <code>
///   files     file               directory, name    the name is empty: the file was removed and waits for its replicas to be deleted
///   dirs      directory          parent, name
///   fs        filesystem, file   directory          a replica of a file
///   unlinked  filesystem, file   directory          a replica that waits to be deleted
///   due       directory          nothing            its parent may not know the last version of its totals
///   quota     directory          nothing            a quota node
/// </code>
/// </summary>
public static class NamespaceIndex
{
    public const string Files = "files";
    public const string Directories = "dirs";
    public const string Replicas = "fs";
    public const string Unlinked = "unlinked";
    public const string Due = "due";
    public const string QuotaNodes = "quota";

    /// <summary>A directory and a name there.</summary>
    public readonly record struct Spot(DirectoryId Directory, string Name);

    public static byte[] Key(FileId file) => Number(file.Value);

    public static byte[] Key(DirectoryId directory) => Number(directory.Value);

    /// <summary>Also what all keys of replicas on that filesystem begin with, if no file is given.</summary>
    public static byte[] Key(FsId fs, FileId? file = null)
    {
        var key = new byte[file is null ? 4 : 12];
        BinaryPrimitives.WriteUInt32BigEndian(key, fs.Value);
        if (file is { } id) BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(4), id.Value);
        return key;
    }

    public static byte[] Value(Spot spot)
    {
        var value = new byte[8 + Encoding.UTF8.GetByteCount(spot.Name)];
        BinaryPrimitives.WriteUInt64BigEndian(value, spot.Directory.Value);
        Encoding.UTF8.GetBytes(spot.Name, value.AsSpan(8));
        return value;
    }

    public static Spot SpotOf(ReadOnlySpan<byte> value) => new(DirectoryOf(value), Encoding.UTF8.GetString(value[8..]));

    public static DirectoryId DirectoryOf(ReadOnlySpan<byte> value) => new(BinaryPrimitives.ReadUInt64BigEndian(value));

    /// <summary>The file that a key of <see cref="Replicas"/> or <see cref="Unlinked"/> names.</summary>
    public static FileId FileOf(ReadOnlySpan<byte> key) => new(BinaryPrimitives.ReadUInt64BigEndian(key[4..]));

    /// <summary>The filesystem that such a key names.</summary>
    public static FsId FsOf(ReadOnlySpan<byte> key) => new(BinaryPrimitives.ReadUInt32BigEndian(key));

    /// <summary>A row of <see cref="Files"/>, <see cref="Directories"/> or <see cref="Replicas"/> in words.</summary>
    public static string Describe(string index, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => index switch
    {
        Files => $"file {new FileId(BinaryPrimitives.ReadUInt64BigEndian(key))} as '{SpotOf(value).Name}' in {DirectoryOf(value)}",
        Directories => $"directory {DirectoryOf(key)} as '{SpotOf(value).Name}' in {DirectoryOf(value)}",
        _ => $"replica of file {FileOf(key)} on filesystem {FsOf(key)} in {DirectoryOf(value)}",
    };

    private static byte[] Number(ulong number)
    {
        var key = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(key, number);
        return key;
    }
}
