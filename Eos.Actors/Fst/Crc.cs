using System.Buffers.Binary;
using Eos.Kernel;

namespace Eos.Fst;

/// <summary>CRC-32 as in zip and Ethernet (polynomial 04c11db7, reflected): sixteen table look-ups for sixteen bytes.</summary>
public sealed class Crc32() : ChecksumStream(ChecksumType.Crc32)
{
    private const uint Polynomial = 0xedb88320;
    private static readonly uint[] Tables = MakeTables();
    private uint _crc = uint.MaxValue;

    /// <inheritdoc />
    public override void Append(ReadOnlySpan<byte> bytes)
    {
        var crc = _crc;
        var t = Tables.AsSpan();
        while (bytes.Length >= 16)
        {
            var w0 = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            var w1 = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            var w2 = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
            var w3 = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
            crc = Word(t[(12 * 256)..], w0) ^ Word(t[(8 * 256)..], w1) ^ Word(t[(4 * 256)..], w2) ^ Word(t, w3);
            bytes = bytes[16..];
        }

        foreach (var x in bytes) crc = t[(int)((crc ^ x) & 0xff)] ^ crc >> 8;
        _crc = crc;
    }

    /// <inheritdoc />
    public override byte[] Finish()
    {
        var value = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(value, ~_crc);
        return value;
    }

    private static uint Word(ReadOnlySpan<uint> four, uint w) =>
        four[(int)(3 * 256 + (w & 0xff))] ^ four[(int)(2 * 256 + (w >> 8 & 0xff))] ^ four[(int)(256 + (w >> 16 & 0xff))] ^ four[(int)(w >> 24)];

    private static uint[] MakeTables()
    {
        var tables = new uint[16 * 256];
        for (var i = 0u; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? crc >> 1 ^ Polynomial : crc >> 1;
            tables[i] = crc;
        }

        for (var i = 256; i < tables.Length; i++) tables[i] = tables[i - 256] >> 8 ^ tables[tables[i - 256] & 0xff];
        return tables;
    }
}

/// <summary>CRC-32C (Castagnoli): one machine instruction for eight bytes where the processor has it.</summary>
public sealed class Crc32C() : ChecksumStream(ChecksumType.Crc32C)
{
    private uint _crc = Castagnoli.Start;

    /// <inheritdoc />
    public override void Append(ReadOnlySpan<byte> bytes) => _crc = Castagnoli.Update(_crc, bytes);

    /// <inheritdoc />
    public override byte[] Finish()
    {
        var value = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(value, ~_crc);
        return value;
    }
}

/// <summary>CRC-64 of ECMA-182 (polynomial 42f0e1eba9ea3693, not reflected, start 0): eight table look-ups for eight bytes.</summary>
public sealed class Crc64() : ChecksumStream(ChecksumType.Crc64)
{
    private const ulong Polynomial = 0x42f0e1eba9ea3693;
    private static readonly ulong[] Tables = MakeTables();
    private ulong _crc;

    /// <inheritdoc />
    public override void Append(ReadOnlySpan<byte> bytes)
    {
        var crc = _crc;
        var t = Tables.AsSpan();
        while (bytes.Length >= 8)
        {
            var w = BinaryPrimitives.ReadUInt64BigEndian(bytes) ^ crc;
            crc = 0;
            for (var k = 0; k < 8; k++) crc ^= t[k * 256 + (int)(w >> 8 * k & 0xff)];
            bytes = bytes[8..];
        }

        foreach (var x in bytes) crc = t[(int)((crc >> 56 ^ x) & 0xff)] ^ crc << 8;
        _crc = crc;
    }

    /// <inheritdoc />
    public override byte[] Finish()
    {
        var value = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(value, _crc);
        return value;
    }

    private static ulong[] MakeTables()
    {
        var tables = new ulong[8 * 256];
        for (var i = 0; i < 256; i++)
        {
            var crc = (ulong)i << 56;
            for (var bit = 0; bit < 8; bit++) crc = crc >> 63 != 0 ? crc << 1 ^ Polynomial : crc << 1;
            tables[i] = crc;
        }

        for (var i = 256; i < tables.Length; i++) tables[i] = tables[i - 256] << 8 ^ tables[(int)(tables[i - 256] >> 56)];
        return tables;
    }
}
