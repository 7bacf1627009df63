using Eos.Host.Http;

namespace Eos.Tests.Unit.Http;

public class ByteRangesTests
{
    [Theory]
    [InlineData("bytes=0-0", "0+1")]
    [InlineData("bytes=0-", "0+1000")]
    [InlineData("bytes=999-", "999+1")]
    [InlineData("bytes=990-5000", "990+10")]
    [InlineData("bytes=-10", "990+10")]
    [InlineData("bytes=-5000", "0+1000")]
    [InlineData("bytes=0-9, 20-29,-1", "0+10 20+10 999+1")]
    [InlineData("BYTES=5-6", "5+2")]
    [InlineData("bytes=0-99999999999999999999999", "0+1000")]
    [InlineData("bytes=0-1,2000-3000", "0+2")]
    [InlineData("bytes=1000-", "")]
    [InlineData("bytes=-0", "")]
    [InlineData("bytes=99999999999999999999999-", "")]
    [InlineData("bytes=5-4", null)]
    [InlineData("bytes=", null)]
    [InlineData("bytes=-", null)]
    [InlineData("bytes=a-b", null)]
    [InlineData("bytes=1 - 2", null)]
    [InlineData("bytes=+1-2", null)]
    [InlineData("lines=1-2", null)]
    [InlineData("1-2", null)]
    [InlineData(null, null)]
    public void A_range_header_means(string? header, string? meant)
    {
        var spans = ByteRanges.Parse(header, 1000);
        Assert.Equal(meant, spans is null ? null : string.Join(' ', spans.Select(span => $"{span.First}+{span.Length}")));
    }

    [Fact]
    public void An_empty_file_has_no_ranges()
    {
        Assert.Empty(ByteRanges.Parse("bytes=0-", 0)!);
        Assert.Empty(ByteRanges.Parse("bytes=-5", 0)!);
    }

    [Fact]
    public void Too_many_parts_are_the_whole_file() =>
        Assert.Null(ByteRanges.Parse("bytes=" + string.Join(',', Enumerable.Repeat("0-0", ByteRanges.MostParts + 1)), 1000));
}
