using Eos.Cli.Shell;

namespace Eos.Tests.Unit.Cli;

public class LineBufferTests
{
    private static LineBuffer Typed(string text)
    {
        var line = new LineBuffer();
        foreach (var c in text) line.Press(new ConsoleKeyInfo(c, ConsoleKey.None, false, false, false));
        return line;
    }

    private static KeyOutcome Press(LineBuffer line, ConsoleKey key, bool control = false, bool alt = false) =>
        line.Press(new ConsoleKeyInfo('\0', key, false, alt, control));

    [Fact]
    public void Keys_insert_at_the_cursor()
    {
        var line = Typed("lls");
        Press(line, ConsoleKey.Home);
        Press(line, ConsoleKey.Delete);
        Press(line, ConsoleKey.E, control: true);
        line.Press(new ConsoleKeyInfo('!', ConsoleKey.None, false, false, false));
        Assert.Equal(("ls!", 3), (line.Text, line.Cursor));
    }

    [Fact]
    public void What_is_cut_can_be_pasted_elsewhere()
    {
        var line = Typed("cp a b");
        Press(line, ConsoleKey.W, control: true);
        Press(line, ConsoleKey.A, control: true);
        Press(line, ConsoleKey.Y, control: true);
        Assert.Equal(("bcp a ", 1), (line.Text, line.Cursor));
    }

    [Fact]
    public void Words_are_jumped_over_and_cut_in_both_directions()
    {
        var line = Typed("one two three");
        Press(line, ConsoleKey.B, alt: true);
        Press(line, ConsoleKey.B, alt: true);
        Assert.Equal(4, line.Cursor);
        Press(line, ConsoleKey.D, alt: true);
        Assert.Equal("one  three", line.Text);
        Press(line, ConsoleKey.K, control: true);
        Assert.Equal("one ", line.Text);
        Press(line, ConsoleKey.U, control: true);
        Assert.Equal("", line.Text);
    }

    [Fact]
    public void The_cursor_stays_within_the_line()
    {
        var line = Typed("x");
        Press(line, ConsoleKey.RightArrow);
        Press(line, ConsoleKey.LeftArrow);
        Press(line, ConsoleKey.LeftArrow);
        Press(line, ConsoleKey.Backspace);
        Assert.Equal(("x", 0), (line.Text, line.Cursor));
    }

    [Fact]
    public void Control_d_ends_the_input_only_on_an_empty_line()
    {
        Assert.Equal(KeyOutcome.EndOfInput, Press(Typed(""), ConsoleKey.D, control: true));
        Assert.Equal(KeyOutcome.Edited, Press(Typed("x"), ConsoleKey.D, control: true));
    }

    [Fact]
    public void Control_c_gives_the_line_up() => Assert.Equal(KeyOutcome.Abandon, Press(Typed("x"), ConsoleKey.C, control: true));
}
