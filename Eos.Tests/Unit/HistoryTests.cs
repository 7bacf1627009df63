using Eos.Tests.Support;
using Eos.Tests.Support.Chaos;

namespace Eos.Tests.Unit;

/// <summary>The harness of `./eos chaos` notices a store that lies, and believes one that does not.</summary>
public class HistoryTests
{
    private static readonly HistoryClient.Work Work = new(Keys: 3, TimeSpan.Zero, TimeSpan.FromSeconds(30));

    [Theory]
    [InlineData(nameof(Lie.None), null)]
    [InlineData(nameof(Lie.DoesNotKnow), null)]
    [InlineData(nameof(Lie.ForgetsWrites), "chaos:")]
    [InlineData(nameof(Lie.ReadsThePast), "chaos:")]
    [InlineData(nameof(Lie.CountsTwice), "was given twice")]
    public async Task A_lie_is_noticed(string lie, string? fault)
    {
        using var store = new LyingStore(Enum.Parse<Lie>(lie));
        var history = new History();
        using var end = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 4).Select(_ => new HistoryClient(history, [store.Port], Work)).ToList();
        var runs = clients.Select(c => c.RunAsync(end.Token)).ToList();
        await Eventually.True(() => history.Acknowledged > 5000, "5000 operations");
        await end.CancelAsync();
        await Task.WhenAll(runs);
        clients.ForEach(c => c.Dispose());
        if (fault is null) Assert.Null(history.Fault());
        else Assert.Contains(fault, history.Fault());
        if (lie == nameof(Lie.DoesNotKnow)) Assert.True(history.Unknown > 5);
    }

    [Fact]
    public void A_counter_that_goes_back_or_skips_is_noticed()
    {
        var back = new History();
        var start = History.Now;
        back.Counted("c", 1, start);
        back.Counted("c", 3, start);
        Assert.Contains("skipped", back.Fault());
        back.MayHaveCounted("c", start);
        Assert.Null(back.Fault());
        back.Counted("c", 2, History.Now);
        Assert.Contains("after a greater number", back.Fault());
    }
}
