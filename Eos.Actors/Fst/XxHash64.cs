using System.Buffers.Binary;
using System.Numerics;
using Eos.Kernel;

namespace Eos.Fst;

/// <summary>xxHash64 with seed 0 (Yann Collet's xxHash specification 0.1.1): four lanes over 32-byte stripes.</summary>
public sealed class XxHash64() : ChecksumStream(ChecksumType.XxHash64)
{
    private const ulong P1 = 0x9E3779B185EBCA87, P2 = 0xC2B2AE3D27D4EB4F, P3 = 0x165667B19E3779F9, P4 = 0x85EBCA77C2B2AE63, P5 = 0x27D4EB2F165667C5;
    private readonly byte[] _rest = new byte[32];
    private ulong _a = unchecked(P1 + P2), _b = P2, _c, _d = unchecked(0 - P1);
    private int _held;
    private ulong _length;

    /// <inheritdoc />
    public override void Append(ReadOnlySpan<byte> bytes)
    {
        _length += (ulong)bytes.Length;
        if (_held > 0)
        {
            var taken = Math.Min(32 - _held, bytes.Length);
            bytes[..taken].CopyTo(_rest.AsSpan(_held));
            _held += taken;
            bytes = bytes[taken..];
            if (_held < 32) return;
            Stripes(_rest);
            _held = 0;
        }

        var whole = bytes.Length & ~31;
        Stripes(bytes[..whole]);
        bytes[whole..].CopyTo(_rest);
        _held = bytes.Length - whole;
    }

    /// <inheritdoc />
    public override byte[] Finish()
    {
        var h = _length >= 32
            ? Merge(Merge(Merge(Merge(
                BitOperations.RotateLeft(_a, 1) + BitOperations.RotateLeft(_b, 7) + BitOperations.RotateLeft(_c, 12) + BitOperations.RotateLeft(_d, 18),
                _a), _b), _c), _d)
            : P5;
        h += _length;
        var rest = _rest.AsSpan(0, _held);
        for (; rest.Length >= 8; rest = rest[8..]) h = BitOperations.RotateLeft(h ^ Round(0, BinaryPrimitives.ReadUInt64LittleEndian(rest)), 27) * P1 + P4;
        if (rest.Length >= 4)
        {
            h = BitOperations.RotateLeft(h ^ BinaryPrimitives.ReadUInt32LittleEndian(rest) * P1, 23) * P2 + P3;
            rest = rest[4..];
        }

        foreach (var x in rest) h = BitOperations.RotateLeft(h ^ x * P5, 11) * P1;
        h = (h ^ h >> 33) * P2;
        h = (h ^ h >> 29) * P3;
        var value = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(value, h ^ h >> 32);
        return value;
    }

    private void Stripes(ReadOnlySpan<byte> bytes)
    {
        var (a, b, c, d) = (_a, _b, _c, _d);
        for (; bytes.Length >= 32; bytes = bytes[32..])
        {
            a = Round(a, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            b = Round(b, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
            c = Round(c, BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]));
            d = Round(d, BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
        }

        (_a, _b, _c, _d) = (a, b, c, d);
    }

    private static ulong Round(ulong lane, ulong word) => BitOperations.RotateLeft(lane + word * P2, 31) * P1;

    private static ulong Merge(ulong h, ulong lane) => (h ^ Round(0, lane)) * P1 + P4;
}
