using Eos.Cli.Render;

namespace Eos.Tests.Unit.Cli;

public class HumanSizeTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(9_999, "9999")]
    [InlineData(10_000, "10.00k")]
    [InlineData(12_345, "12.35k")]
    [InlineData(999_994, "999.99k")]
    [InlineData(999_996, "1.00M")]
    [InlineData(1_073_741_824, "1.07G")]
    [InlineData(long.MaxValue, "9.22E")]
    public void A_size_is_a_plain_integer_below_ten_thousand_and_has_two_decimals_above(long bytes, string text) =>
        Assert.Equal(text, HumanSize.Of(bytes));

    [Fact]
    public void A_rate_over_no_time_is_zero() => Assert.Equal("0.00 MB/s", HumanSize.Rate(10, TimeSpan.Zero));
}
