namespace Eos.Kernel;

/// <summary>The checksum algorithms of EOS. The numbers are those of the layout id; append only.</summary>
public enum ChecksumType
{
    None = 1,
    Adler32 = 2,
    Crc32 = 3,
    Md5 = 4,
    Sha1 = 5,
    Crc32C = 6,
    Crc64 = 7,
    Sha256 = 8,
    XxHash64 = 9,
    Blake3 = 10,
    Hwh64 = 11,
}

/// <summary>A checksum of a whole file: lower-case hexadecimal, empty for <see cref="ChecksumType.None"/>.</summary>
public sealed record Checksum(ChecksumType Type, string Hex)
{
    public static readonly Checksum None = new(ChecksumType.None, "");
}

/// <summary>The words for checksum algorithms, as EOS spells them.</summary>
public static class ChecksumNames
{
    public static string Name(this ChecksumType type) => type switch
    {
        ChecksumType.None => "none",
        ChecksumType.Adler32 => "adler",
        ChecksumType.Crc32 => "crc32",
        ChecksumType.Md5 => "md5",
        ChecksumType.Sha1 => "sha",
        ChecksumType.Crc32C => "crc32c",
        ChecksumType.Crc64 => "crc64",
        ChecksumType.Sha256 => "sha256",
        ChecksumType.XxHash64 => "xxhash64",
        ChecksumType.Blake3 => "blake3",
        ChecksumType.Hwh64 => "hwh64",
        _ => $"checksum{(int)type}",
    };

    /// <summary>Reads a name as EOS spells it, `adler32` and `sha1` too; false for anything else.</summary>
    public static bool TryParse(string name, out ChecksumType type)
    {
        var wanted = name.ToLowerInvariant() switch { "adler32" => "adler", "sha1" => "sha", var other => other };
        foreach (var candidate in Enum.GetValues<ChecksumType>())
        {
            if (candidate.Name() != wanted) continue;
            type = candidate;
            return true;
        }
        type = default;
        return false;
    }
}
