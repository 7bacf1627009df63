using System.Security.Cryptography;
using Eos.Kernel;

namespace Eos.Fst;

/// <summary>A checksum that is fed a stream of bytes piece by piece; how the stream is cut does not change the value.</summary>
/// <remarks>Not thread-safe: one stream, one instance. Make it with <see cref="Of"/>.</remarks>
public abstract class ChecksumStream(ChecksumType type) : IDisposable
{
    /// <summary>The algorithm.</summary>
    public ChecksumType Type { get; } = type;

    /// <summary>Takes the next bytes of the stream.</summary>
    public abstract void Append(ReadOnlySpan<byte> bytes);

    /// <summary>The value of all bytes so far, most significant byte first; the stream ends here.</summary>
    public abstract byte[] Finish();

    /// <summary>The value as a checksum of a file.</summary>
    public Checksum FinishValue() => new(Type, Convert.ToHexStringLower(Finish()));

    /// <summary>A fresh checksum of the type; <see cref="ArgumentOutOfRangeException"/> unless <see cref="Knows"/> it.</summary>
    public static ChecksumStream Of(ChecksumType type) => type switch
    {
        ChecksumType.None => new NoChecksum(),
        ChecksumType.Adler32 => new Adler32(),
        ChecksumType.Crc32 => new Crc32(),
        ChecksumType.Crc32C => new Crc32C(),
        ChecksumType.Crc64 => new Crc64(),
        ChecksumType.XxHash64 => new XxHash64(),
        ChecksumType.Md5 => new Digest(type, HashAlgorithmName.MD5),
        ChecksumType.Sha1 => new Digest(type, HashAlgorithmName.SHA1),
        ChecksumType.Sha256 => new Digest(type, HashAlgorithmName.SHA256),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no such checksum type"),
    };

    /// <summary>Whether this build computes the type (blake3 and hwh64 are not).</summary>
    public static bool Knows(ChecksumType type) => type is >= ChecksumType.None and <= ChecksumType.XxHash64;

    /// <summary>The checksum of one piece of memory.</summary>
    public static Checksum Of(ChecksumType type, ReadOnlySpan<byte> bytes)
    {
        using var sum = Of(type);
        sum.Append(bytes);
        return sum.FinishValue();
    }

    /// <summary>Length of a value in bytes.</summary>
    public static int SizeOf(ChecksumType type) => type switch
    {
        ChecksumType.None => 0,
        ChecksumType.Adler32 or ChecksumType.Crc32 or ChecksumType.Crc32C => 4,
        ChecksumType.Crc64 or ChecksumType.XxHash64 => 8,
        ChecksumType.Md5 => 16,
        ChecksumType.Sha1 => 20,
        ChecksumType.Sha256 => 32,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no such checksum type"),
    };

    /// <inheritdoc />
    public virtual void Dispose() => GC.SuppressFinalize(this);

    private sealed class NoChecksum() : ChecksumStream(ChecksumType.None)
    {
        public override void Append(ReadOnlySpan<byte> bytes) { }

        public override byte[] Finish() => [];
    }

    private sealed class Digest(ChecksumType type, HashAlgorithmName name) : ChecksumStream(type)
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
