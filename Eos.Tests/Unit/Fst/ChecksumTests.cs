using System.Text;
using Eos.Fst;
using Eos.Kernel;

namespace Eos.Tests.Unit.Fst;

public class ChecksumTests
{
    [Theory]
    [InlineData(ChecksumType.None, "")]
    [InlineData(ChecksumType.Adler32, "091e01de")]
    [InlineData(ChecksumType.Crc32, "cbf43926")]
    [InlineData(ChecksumType.Crc32C, "e3069283")]
    [InlineData(ChecksumType.Crc64, "6c40df5f0b497347")]
    [InlineData(ChecksumType.Md5, "25f9e794323b453885f5181f1b624d0b")]
    [InlineData(ChecksumType.Sha1, "f7c3bc1d808e04732adf679965ccc34ca7ae3441")]
    [InlineData(ChecksumType.Sha256, "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225")]
    [InlineData(ChecksumType.XxHash64, "8cb841db40e6ae83")]
    public void The_check_string_has_the_published_value(ChecksumType type, string value)
    {
        Assert.Equal(value, Hex(type, "123456789"u8));
        Assert.Equal(value.Length, 2 * ChecksumStream.SizeOf(type));
    }

    [Theory]
    [InlineData(ChecksumType.Adler32, "00000001")]
    [InlineData(ChecksumType.Crc32, "00000000")]
    [InlineData(ChecksumType.Crc32C, "00000000")]
    [InlineData(ChecksumType.XxHash64, "ef46db3751d8e999")]
    [InlineData(ChecksumType.Md5, "d41d8cd98f00b204e9800998ecf8427e")]
    public void An_empty_file_has_the_value_of_no_bytes(ChecksumType type, string value) => Assert.Equal(value, Hex(type, []));

    [Fact]
    public void A_longer_text_has_the_known_values()
    {
        var text = Encoding.ASCII.GetBytes("Nobody inspects the spammish repetition");
        Assert.Equal("fbcea83c8a378bf1", Hex(ChecksumType.XxHash64, text));
    }

    [Fact]
    public void What_is_not_known_is_said_so()
    {
        Assert.False(ChecksumStream.Knows(ChecksumType.Blake3));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChecksumStream.Of(ChecksumType.Blake3));
    }

    private static string Hex(ChecksumType type, ReadOnlySpan<byte> bytes) => ChecksumStream.Of(type, bytes).Hex;
}
