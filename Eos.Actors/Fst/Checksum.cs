using System.Security.Cryptography;

namespace Eos.Fst;

/// <summary>Checksum algorithms of a file; the values are EOS's layout-id bits 0-3 (common/LayoutId.hh).</summary>
public enum ChecksumType : byte
{
    None = 1,
    Adler32 = 2,
    Crc32 = 3,
    Md5 = 4,
    Sha1 = 5,
    Crc32c = 6,
    Crc64 = 7,
    Sha256 = 8,
    XxHash64 = 9,
}

/// <summary>A checksum that is fed a stream of bytes piece by piece; how the stream is cut does not change the value.</summary>
/// <remarks>Not thread-safe: one stream, one instance. Make it with <see cref="Of"/>.</remarks>
public abstract class Checksum(ChecksumType type) : IDisposable
{
    /// <summary>The algorithm.</summary>
    public ChecksumType Type { get; } = type;

    /// <summary>Takes the next bytes of the stream.</summary>
    public abstract void Append(ReadOnlySpan<byte> bytes);

    /// <summary>The value of all bytes so far, most significant byte first; the stream ends here.</summary>
    public abstract byte[] Finish();

    /// <summary>The value as lower-case hexadecimal; empty for <see cref="ChecksumType.None"/>.</summary>
    public string FinishHex() => Convert.ToHexStringLower(Finish());

    /// <summary>A fresh checksum of the type.</summary>
    public static Checksum Of(ChecksumType type) => type switch
    {
        ChecksumType.None => new NoChecksum(),
        ChecksumType.Adler32 => new Adler32(),
        ChecksumType.Crc32 => new Crc32(),
        ChecksumType.Crc32c => new Crc32c(),
        ChecksumType.Crc64 => new Crc64(),
        ChecksumType.XxHash64 => new XxHash64(),
        ChecksumType.Md5 => new Digest(type, HashAlgorithmName.MD5),
        ChecksumType.Sha1 => new Digest(type, HashAlgorithmName.SHA1),
        ChecksumType.Sha256 => new Digest(type, HashAlgorithmName.SHA256),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no such checksum type"),
    };

    /// <summary>The value of one piece of memory as lower-case hexadecimal.</summary>
    public static string Hex(ChecksumType type, ReadOnlySpan<byte> bytes)
    {
        using var sum = Of(type);
        sum.Append(bytes);
        return sum.FinishHex();
    }

    /// <summary>EOS's short name of the type (<c>adler</c>, <c>crc32c</c>, …).</summary>
    public static string NameOf(ChecksumType type) => type switch
    {
        ChecksumType.Adler32 => "adler",
        ChecksumType.Sha1 => "sha",
        _ => type.ToString().ToLowerInvariant(),
    };

    /// <summary>The type a name stands for; both EOS's short names and the usual ones (<c>adler</c>, <c>adler32</c>, <c>sha</c>, <c>sha1</c>, …).</summary>
    public static bool TryParseName(string name, out ChecksumType type)
    {
        (var known, type) = name.ToLowerInvariant().Replace("-", "", StringComparison.Ordinal) switch
        {
            "none" => (true, ChecksumType.None),
            "adler" or "adler32" => (true, ChecksumType.Adler32),
            "crc32" => (true, ChecksumType.Crc32),
            "crc32c" => (true, ChecksumType.Crc32c),
            "crc64" => (true, ChecksumType.Crc64),
            "md5" => (true, ChecksumType.Md5),
            "sha" or "sha1" => (true, ChecksumType.Sha1),
            "sha256" => (true, ChecksumType.Sha256),
            "xxhash64" => (true, ChecksumType.XxHash64),
            _ => (false, ChecksumType.None),
        };
        return known;
    }

    /// <summary>Length of a value in bytes.</summary>
    public static int SizeOf(ChecksumType type) => type switch
    {
        ChecksumType.None => 0,
        ChecksumType.Adler32 or ChecksumType.Crc32 or ChecksumType.Crc32c => 4,
        ChecksumType.Crc64 or ChecksumType.XxHash64 => 8,
        ChecksumType.Md5 => 16,
        ChecksumType.Sha1 => 20,
        ChecksumType.Sha256 => 32,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no such checksum type"),
    };

    /// <inheritdoc />
    public virtual void Dispose() => GC.SuppressFinalize(this);

    private sealed class NoChecksum() : Checksum(ChecksumType.None)
    {
        public override void Append(ReadOnlySpan<byte> bytes) { }

        public override byte[] Finish() => [];
    }

    private sealed class Digest(ChecksumType type, HashAlgorithmName name) : Checksum(type)
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(name);

        public override void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

        public override byte[] Finish() => _hash.GetHashAndReset();

        public override void Dispose()
        {
            _hash.Dispose();
            base.Dispose();
        }
    }
}
