using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Eos.Kernel;

namespace Eos.Fst;

/// <summary>Adler-32 (RFC 1950): two running sums modulo 65521. EOS's default checksum.</summary>
/// <remarks>With AVX2 it takes 32 bytes a step; sums are reduced every 5 536 bytes, the most that cannot overflow 32 bits.</remarks>
public sealed class Adler32() : ChecksumStream(ChecksumType.Adler32)
{
    private const uint Modulus = 65521;
    private const int Run = 5536;
    private uint _value = 1;

    /// <summary>The value so far; 1 for no bytes.</summary>
    public uint Value => _value;

    /// <inheritdoc />
    public override void Append(ReadOnlySpan<byte> bytes) => _value = Update(_value, bytes);

    /// <inheritdoc />
    public override byte[] Finish()
    {
        var value = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(value, _value);
        return value;
    }

    /// <summary>The value of <c>first ‖ second</c> from the values of both and the length of the second. O(1).</summary>
    public static uint Combine(uint first, uint second, long secondLength)
    {
        var length = (uint)(secondLength % Modulus);
        var a = (first & 0xffff) + (second & 0xffff) + Modulus - 1;
        var b = (ulong)length * (first & 0xffff) + (first >> 16) + (second >> 16) + Modulus - length;
        return (uint)(b % Modulus) << 16 | a % Modulus;
    }

    /// <summary>Goes on from a value over more bytes.</summary>
    public static uint Update(uint value, ReadOnlySpan<byte> bytes)
    {
        var a = value & 0xffff;
        var b = value >> 16;
        while (!bytes.IsEmpty)
        {
            var run = bytes[..Math.Min(bytes.Length, Run)];
            bytes = bytes[run.Length..];
            if (Avx2.IsSupported && run.Length >= 64)
            {
                var whole = run.Length & ~31;
                Vectors(ref a, ref b, run[..whole]);
                run = run[whole..];
            }

            foreach (var x in run)
            {
                a += x;
                b += a;
            }

            a %= Modulus;
            b %= Modulus;
        }

        return b << 16 | a;
    }

    /// <summary>32 bytes a step: SAD gives the plain sum, multiply-add with weights 32…1 the sum of positions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Vectors(ref uint a, ref uint b, ReadOnlySpan<byte> bytes)
    {
        var weights = Vector256.Create(
            32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17,
            16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, (sbyte)1);
        var ones = Vector256.Create((short)1);
        var zero = Vector256<byte>.Zero;
        var sums = Vector256<uint>.Zero;      // plain sums of the bytes before this step
        var befores = Vector256<uint>.Zero;   // sum over steps of `sums`: each counts 32 times
        var places = Vector256<int>.Zero;
        ref var at = ref MemoryMarshal.GetReference(bytes);
        for (nuint i = 0; i < (nuint)bytes.Length; i += 32)
        {
            var chunk = Vector256.LoadUnsafe(ref at, i);
            befores += sums;
            sums += Avx2.SumAbsoluteDifferences(chunk, zero).AsUInt32();
            places += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(chunk, weights), ones);
        }

        b += a * (uint)bytes.Length + 32 * Vector256.Sum(befores) + (uint)Vector256.Sum(places);
        a += Vector256.Sum(sums);
    }
}
