using Eos.Cli.Shell;

namespace Eos.Tests.Unit.Cli;

public class HistoryTests
{
    [Fact]
    public void Browsing_goes_back_and_comes_back_to_the_unfinished_line()
    {
        var history = History.Load(null);
        history.Add("first");
        history.Add("second");
        Assert.Equal("second", history.Older("unfin"));
        Assert.Equal("first", history.Older("second"));
        Assert.Null(history.Older("first"));
        Assert.Equal("second", history.Newer());
        Assert.Equal("unfin", history.Newer());
        Assert.Null(history.Newer());
    }

    [Fact]
    public void Empty_lines_and_repetitions_are_not_kept()
    {
        var history = History.Load(null);
        foreach (var line in new[] { "ls", "ls", "  ", "pwd", "ls" }) history.Add(line);
        Assert.Equal(["ls", "pwd", "ls"], history.Lines);
    }

    [Fact]
    public void The_search_finds_the_newest_line_that_contains_the_text()
    {
        var history = History.Load(null);
        foreach (var line in new[] { "ls a", "cat b", "ls c" }) history.Add(line);
        Assert.Equal(2, history.Find("ls", 3));
        Assert.Equal(0, history.Find("ls", 2));
        Assert.Equal(-1, history.Find("ls", 0));
    }

    [Fact]
    public void A_history_is_read_back_from_its_file()
    {
        var folder = Directory.CreateTempSubdirectory("eos-history").FullName;
        try
        {
            var file = Path.Combine(folder, "new", "history");
            var history = History.Load(file);
            history.Add("ls 'ä b'");
            history.Save();
            Assert.Equal(["ls 'ä b'"], History.Load(file).Lines);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
