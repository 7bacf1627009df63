using Eos.Fst;
using Eos.Kernel;

namespace Eos.Tests.Properties;

public class ChecksumProperties
{
    private static readonly int[] Lengths = [0, 1, 15, 16, 31, 32, 33, 63, 64, 65, 5535, 5536, 5537, 5600, 20_000, 70_001];

    [Fact]
    public void How_a_stream_is_cut_does_not_change_the_value()
    {
        var random = new Random(1);
        foreach (var type in Enum.GetValues<ChecksumType>().Where(ChecksumStream.Knows))
        {
            foreach (var length in Lengths)
            {
                var bytes = Bytes(random, length);
                using var sum = ChecksumStream.Of(type);
                for (var at = 0; at < length;)
                {
                    var piece = Math.Min(length - at, random.Next(1, 3000));
                    sum.Append(bytes.AsSpan(at, piece));
                    at += piece;
                }

                Assert.Equal(Hex(type, bytes), sum.FinishValue().Hex);
            }
        }
    }

    [Fact]
    public void Adler_equals_its_definition_also_where_sums_are_largest()
    {
        var random = new Random(2);
        foreach (var length in Lengths)
        {
            var worst = new byte[length];
            Array.Fill(worst, byte.MaxValue);
            foreach (var bytes in new[] { Bytes(random, length), worst })
            {
                ulong a = 1, b = 0;
                foreach (var x in bytes) (a, b) = ((a + x) % 65521, (b + (a + x) % 65521) % 65521);
                Assert.Equal((uint)(b << 16 | a), Adler32.Update(1, bytes));
                Assert.Equal(Adler32.Update(0xfff0fff0, bytes), Slow(0xfff0fff0, bytes));
            }
        }
    }

    [Fact]
    public void Adlers_of_two_halves_combine_to_that_of_the_whole()
    {
        var random = new Random(3);
        for (var i = 0; i < 300; i++)
        {
            var bytes = Bytes(random, random.Next(0, 200_000));
            var cut = random.Next(0, bytes.Length + 1);
            var (first, second) = (Adler32.Update(1, bytes.AsSpan(0, cut)), Adler32.Update(1, bytes.AsSpan(cut)));
            Assert.Equal(Adler32.Update(1, bytes), Adler32.Combine(first, second, bytes.Length - cut));
        }
    }

    [Fact]
    public void Table_driven_sums_equal_their_bit_by_bit_definitions()
    {
        var random = new Random(4);
        foreach (var length in Lengths)
        {
            var bytes = Bytes(random, length);
            Assert.Equal(Reflected(bytes, 0xedb88320).ToString("x8"), Hex(ChecksumType.Crc32, bytes));
            Assert.Equal(Reflected(bytes, 0x82f63b78).ToString("x8"), Hex(ChecksumType.Crc32C, bytes));
            Assert.Equal(Forward(bytes, 0x42f0e1eba9ea3693).ToString("x16"), Hex(ChecksumType.Crc64, bytes));
        }
    }

    private static string Hex(ChecksumType type, byte[] bytes) => ChecksumStream.Of(type, bytes).Hex;

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static uint Slow(uint start, byte[] bytes)
    {
        ulong a = start & 0xffff, b = start >> 16;
        foreach (var x in bytes) (a, b) = (a + x, b + a + x);
        return bytes.Length == 0 ? start : (uint)(b % 65521 << 16 | a % 65521);
    }

    private static uint Reflected(byte[] bytes, uint polynomial)
    {
        var crc = uint.MaxValue;
        foreach (var x in bytes)
        {
            crc ^= x;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? crc >> 1 ^ polynomial : crc >> 1;
        }

        return ~crc;
    }

    private static ulong Forward(byte[] bytes, ulong polynomial)
    {
        var crc = 0ul;
        foreach (var x in bytes)
        {
            crc ^= (ulong)x << 56;
            for (var bit = 0; bit < 8; bit++) crc = crc >> 63 != 0 ? crc << 1 ^ polynomial : crc << 1;
        }

        return crc;
    }
}
