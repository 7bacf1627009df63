using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Eos.Kernel;

/// <summary>CRC-32C: one machine instruction for eight bytes where the processor has it.</summary>
public static class Castagnoli
{
    /// <summary>What a sum starts from; its complement at the end is the value.</summary>
    public const uint Start = uint.MaxValue;

    public static uint Update(uint crc, ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var w in words) crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? w : BinaryPrimitives.ReverseEndianness(w));
        foreach (var x in bytes[(words.Length * 8)..]) crc = BitOperations.Crc32C(crc, x);
        return crc;
    }

    public static uint Of(ReadOnlySpan<byte> bytes) => ~Update(Start, bytes);
}
