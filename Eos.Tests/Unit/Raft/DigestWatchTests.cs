using Eos.Raft;

namespace Eos.Tests.Unit.Raft;

public class DigestWatchTests
{
    private static readonly LogIndex At = new(100);

    [Theory]
    [InlineData("x x x", 2, DigestWatch.Verdict.Agree)]
    [InlineData("x", 2, DigestWatch.Verdict.Agree)]
    [InlineData("x y", 2, DigestWatch.Verdict.Differ)]
    [InlineData("x x y", 2, DigestWatch.Verdict.Differ)]
    [InlineData("x y y", 2, DigestWatch.Verdict.Alone)]
    [InlineData("x y z", 2, DigestWatch.Verdict.Differ)]
    [InlineData("x y y", 3, DigestWatch.Verdict.Differ)]
    public void A_member_is_alone_when_a_quorum_agrees_on_something_else(string digests, int quorum, DigestWatch.Verdict verdict)
    {
        var watch = DigestWatch.Empty;
        var number = 0;
        foreach (var digest in digests.Split(' ')) watch = watch.Hear(new MemberId($"m:{number++}"), At, digest);
        Assert.Equal(verdict, watch.Judge(new MemberId("m:0"), At, quorum));
    }

    [Fact]
    public void What_is_long_ago_is_forgotten()
    {
        var watch = DigestWatch.Empty;
        for (var i = 1ul; i <= 100; i++) watch = watch.Hear(new MemberId("m:1"), new LogIndex(i * 100), "x");
        Assert.InRange(watch.Told.Count, 1, 16);
        Assert.Equal(10_000ul, watch.Told.Keys.Last().Value);
    }
}
