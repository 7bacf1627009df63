using Eos.Kernel;

namespace Eos.Fst;

/// <summary>
/// Checksums in HTTP's <c>Digest</c> header (RFC 3230): <c>adler32=1a2b3c4d,md5=…</c>. The short sums are hexadecimal there,
/// MD5, SHA-1 and SHA-256 are base64; hexadecimal of the right length is understood for these too.
/// </summary>
public static class DigestHeader
{
    /// <summary>One header value; empty for no checksum.</summary>
    public static string Write(Checksum checksum) => checksum.Type switch
    {
        _ when checksum.Hex.Length == 0 => "",
        ChecksumType.Md5 or ChecksumType.Sha1 or ChecksumType.Sha256 => $"{Name(checksum.Type)}={Convert.ToBase64String(Convert.FromHexString(checksum.Hex))}",
        _ => $"{Name(checksum.Type)}={checksum.Hex}",
    };

    /// <summary>All checksums of a header value whose algorithm is known; null if one of these is malformed.</summary>
    public static IReadOnlyList<Checksum>? Read(string header)
    {
        var found = new List<Checksum>();
        foreach (var part in header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) return null;
            if (!TryParseName(part[..equals], out var type)) continue;
            if (Value(type, part[(equals + 1)..]) is not { } hex) return null;
            found.Add(new Checksum(type, hex));
        }

        return found;
    }

    /// <summary>A checksum's value, hexadecimal or base64, as lower-case hexadecimal of the right length; null if it is neither.</summary>
    public static string? Value(ChecksumType type, string text)
    {
        var size = ChecksumStream.SizeOf(type);
        if (text.Length <= 2 * size && text.Length > 2 * size - 8 && text.Length > 0 && text.All(char.IsAsciiHexDigit)) return text.ToLowerInvariant().PadLeft(2 * size, '0');
        var bytes = new byte[size];
        return Convert.TryFromBase64String(text, bytes, out var written) && written == size ? Convert.ToHexStringLower(bytes) : null;
    }

    private static bool TryParseName(string name, out ChecksumType type) =>
        ChecksumNames.TryParse(name.Equals("sha-256", StringComparison.OrdinalIgnoreCase) ? "sha256" : name, out type) && ChecksumStream.Knows(type) && type != ChecksumType.None;

    private static string Name(ChecksumType type) => type switch
    {
        ChecksumType.Adler32 => "adler32",
        ChecksumType.Sha256 => "sha-256",
        _ => type.Name(),
    };
}
