using Eos.Cli.Shell;

namespace Eos.Tests.Unit.Cli;

public class LineFrameTests
{
    [Fact]
    public void The_cursor_is_put_behind_the_prompt_and_what_stands_before_it()
    {
        var row = 0;
        Assert.Equal("\r\e[J> abc\r\e[3C", LineFrame.Draw("> ", "abc", 1, 80, ref row));
        Assert.Equal(0, row);
    }

    [Fact]
    public void A_line_longer_than_the_screen_takes_several_rows_and_is_redrawn_from_the_first()
    {
        var row = 0;
        var first = LineFrame.Draw("> ", "abcdefgh", 8, 4, ref row);
        Assert.Equal(2, row);
        Assert.Equal("\r\e[J> abcdefgh\r\e[2C", first);
        Assert.StartsWith("\e[2A\r\e[J", LineFrame.Draw("> ", "abcdefgh", 0, 4, ref row));
        Assert.Equal(0, row);
    }

    [Fact]
    public void A_full_last_row_makes_the_next_one()
    {
        var row = 0;
        Assert.EndsWith(" \r\e[K\r", LineFrame.Draw("> ", "ab", 2, 4, ref row));
        Assert.Equal(1, row);
    }
}
