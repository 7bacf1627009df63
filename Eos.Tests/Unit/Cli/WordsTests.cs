using Eos.Cli.Shell;

namespace Eos.Tests.Unit.Cli;

public class WordsTests
{
    [Theory]
    [InlineData("ls  -l /eos", new[] { "ls", "-l", "/eos" })]
    [InlineData("cat 'a b' \"c'd\"", new[] { "cat", "a b", "c'd" })]
    [InlineData("x a\\ b \"\\\"\" ''", new[] { "x", "a b", "\"", "" })]
    [InlineData("   ", new string[0])]
    public void A_line_is_split_as_a_shell_splits_it(string line, string[] expected)
    {
        Assert.True(Words.TrySplit(line, out var words, out _));
        Assert.Equal(expected, words);
    }

    [Fact]
    public void An_open_quote_is_named()
    {
        Assert.False(Words.TrySplit("ls 'abc", out _, out var problem));
        Assert.Contains("'", problem);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("it's")]
    [InlineData("q\"uote")]
    [InlineData("back\\slash")]
    public void A_quoted_word_is_read_back_as_it_was(string word)
    {
        Assert.True(Words.TrySplit(Words.Quote(word), out var words, out _));
        Assert.Equal(word, Assert.Single(words));
    }

    [Fact]
    public void The_last_word_is_found_behind_escaped_blanks() => Assert.Equal((4, "/a b/c"), Words.Last("cat /a\\ b/c"));
}
