using Eos.Services;

namespace Eos.Tests.Unit.Services;

public class CompactionRulesTests
{
    private static readonly CompactionState Master = CompactionState.Start with { IsMaster = true };

    [Fact]
    public void It_is_off_then_starts_then_compacts_and_is_off_again()
    {
        Assert.Equal("status=off waitstart=0 interval=0 ratio=1.0:1", Master.Text(At(0)));
        var set = CompactionRules.Set(Master, new UpkeepProtocol.Set(true, At(100), At(0)), At(10));
        Assert.Equal("status=starting waitstart=60 interval=0 ratio=1.0:1", set.Text(At(50)));
        Assert.False(CompactionRules.Tick(set, At(109)).Begins);
        var (running, begins) = CompactionRules.Tick(set, At(110));
        Assert.True(begins);
        Assert.False(CompactionRules.Tick(running, At(111)).Begins);
        Assert.Equal("status=compacting waitstart=0 interval=0 ratio=1.0:1", running.Text(At(111)));
        Assert.Equal("status=off waitstart=0 interval=0 ratio=3.4:1", CompactionRules.Ended(running, 340, 100, "", At(120)).Text(At(130)));
    }

    [Fact]
    public void With_an_interval_it_waits_for_the_next_time_until_it_is_switched_off()
    {
        var (running, _) = CompactionRules.Tick(CompactionRules.Set(Master, new UpkeepProtocol.Set(true, At(0), At(60)), At(0)), At(0));
        var waiting = CompactionRules.Ended(running, 100, 100, "no space", At(5));
        Assert.Equal("status=wait waitstart=60 interval=60 ratio=1.0:1 failed=\"no space\"", waiting.Text(At(5)));
        Assert.True(CompactionRules.Tick(waiting, At(65)).Begins);
        Assert.Equal("off", CompactionRules.Set(waiting, new UpkeepProtocol.Set(false, At(0), At(0)), At(6)).Phase);
        Assert.Equal("off", CompactionRules.Ended(CompactionRules.Set(running, new UpkeepProtocol.Set(false, At(0), At(0)), At(1)), 2, 1, "", At(5)).Phase);
    }

    [Fact]
    public void Elsewhere_than_on_the_master_it_is_blocked()
    {
        var set = CompactionRules.Set(CompactionState.Start, new UpkeepProtocol.Set(true, At(0), At(60)), At(0));
        Assert.Equal("blocked", set.Phase);
        Assert.False(CompactionRules.Tick(set, At(10)).Begins);
        Assert.True(CompactionRules.Tick(set with { IsMaster = true }, At(10)).Begins);
    }

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);
}
