using Eos.Kernel;
using Eos.Logs;

namespace Eos.Tests.Unit.Logs;

public class LogStateTests
{
    [Fact]
    public void The_oldest_lines_go()
    {
        var log = Enumerable.Range(0, 10).Aggregate(LogState.Of(Severity.Info), (l, i) => l.Add(Line(i, Severity.Info), 3));
        Assert.Equal(["7", "8", "9"], Texts(log, Severity.Debug, ""));
        Assert.Empty(Texts(LogState.Of(Severity.Info).Add(Line(1, Severity.Error), 0), Severity.Debug, ""));
    }

    [Fact]
    public void Lines_are_found_by_time_gravity_and_words_and_the_newest_fit()
    {
        var log = LogState.Of(Severity.Info).Add(Line(1, Severity.Info), 9).Add(Line(2, Severity.Error), 9).Add(Line(3, Severity.Warning), 9);
        Assert.Equal(["2", "3"], Texts(log, Severity.Notice, ""));
        Assert.Equal(["2"], Texts(log, Severity.Error, "USER/X"));
        Assert.Empty(Texts(log, Severity.Error, "y"));
        Assert.Equal("3", Assert.Single(log.Find(Line(3, Severity.Info).At, Severity.Debug, "", 1000)).Text);
        Assert.Equal("3", Assert.Single(log.Find(Instant.Epoch, Severity.Debug, "", 20)).Text);
    }

    [Fact]
    public void Ignored_sources_are_not_kept() =>
        Assert.Empty(Texts((LogState.Of(Severity.Info) with { Ignored = ["user/X"] }).Add(Line(1, Severity.Error), 9), Severity.Debug, ""));

    [Theory]
    [InlineData("*", true)]
    [InlineData("here:1", true)]
    [InlineData("node1", true)]
    [InlineData("/eos/here:1/fst", true)]
    [InlineData("/eos/*/fst", true)]
    [InlineData("/eos/*/mgm", false)]
    [InlineData("here:2", false)]
    [InlineData(".", false)]
    public void A_node_knows_whether_it_is_meant(string wanted, bool isMeant) =>
        Assert.Equal(isMeant, LogRules.IsMeant(wanted, "here:1", "node1", new HashSet<string> { "fst" }, isHere: false));

    private static LogLine Line(int number, Severity severity) => new(Instant.Epoch + TimeSpan.FromSeconds(number), severity, "akka://eos/user/x", $"{number}");

    private static string[] Texts(LogState log, Severity least, string word) => [.. log.Find(Instant.Epoch, least, word, 1000).Select(l => l.Text)];
}
