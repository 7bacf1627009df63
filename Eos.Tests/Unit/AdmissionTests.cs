using Eos.Gateway;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Tests.Unit;

public class AdmissionTests
{
    private static OpId Op(ulong number) => new(default, number);

    [Fact]
    public void What_is_over_the_limit_waits_and_runs_in_its_turn()
    {
        var admission = new Admission<int>(2, 2, 10);
        Assert.True(admission.Enter(Op(1), "a", 1));
        Assert.True(admission.Enter(Op(2), "a", 2));
        Assert.False(admission.Enter(Op(3), "b", 3));
        Assert.False(admission.Enter(Op(4), "b", 4));
        Assert.Equal([3], admission.Leave(Op(1)).ToList());
        Assert.Equal([4], admission.Leave(Op(2)).ToList());
        Assert.Empty(admission.Leave(Op(2)));
        Assert.Equal(2, admission.Running);
    }

    [Fact]
    public void What_is_not_wanted_any_more_does_not_get_its_turn()
    {
        var admission = new Admission<int>(1, 1, 10);
        Assert.True(admission.Enter(Op(1), "a", 1));
        Assert.False(admission.Enter(Op(2), "b", 2));
        Assert.False(admission.Enter(Op(3), "b", 3));
        admission.Forget(Op(2));
        admission.Forget(Op(1));
        Assert.Equal([3], admission.Leave(Op(1)).ToList());
    }

    [Fact]
    public void One_client_does_not_keep_out_others()
    {
        var admission = new Admission<int>(10, 1, 10);
        Assert.True(admission.Enter(Op(1), "a", 1));
        Assert.False(admission.Enter(Op(2), "a", 2));
        Assert.True(admission.Enter(Op(3), "b", 3));
        Assert.Equal([2], admission.Leave(Op(1)).ToList());
    }

    [Fact]
    public void A_repetition_that_waits_takes_no_second_place_and_the_queue_is_bounded()
    {
        var admission = new Admission<int>(1, 1, 1);
        Assert.True(admission.Enter(Op(1), "a", 1));
        Assert.False(admission.Enter(Op(2), "a", 2));
        Assert.False(admission.Enter(Op(2), "a", 22));
        Assert.False(admission.Enter(Op(3), "a", 3));
        Assert.Equal((1, 1ul), (admission.Waiting, admission.Overflow));
        Assert.Equal([22], admission.Leave(Op(1)).ToList());
    }

    [Fact]
    public void Statistics_count_windows_and_times()
    {
        var statistics = new CommandStatistics();
        for (var second = 0; second < 100; second++)
            statistics.Add("Stat", new Instant(second * 1_000_000_000L), TimeSpan.FromMilliseconds(second == 50 ? 100 : 10));
        var row = Assert.Single(statistics.Read(new Instant(99_000_000_000)));
        Assert.Equal(100ul, row.Total);
        Assert.Equal([5ul, 60ul, 100ul, 100ul], row.Windows.ToArray());
        Assert.Equal(100, row.MaxMs);
        Assert.Equal(10.9, row.MeanMs, 3);
    }

    [Fact]
    public void Statistics_know_users_groups_and_applications_and_forget_when_they_are_told()
    {
        var statistics = new CommandStatistics();
        for (var second = 0; second < 100; second++)
            statistics.Add("Stat", new Instant(second * 1_000_000_000L), TimeSpan.FromMilliseconds(10), new Caller((uint)(second % 2), 7) { App = "fuse" });
        var rows = statistics.Records(new Instant(99_000_000_000), byOwner: true, byApp: true)
            .Select(r => string.Join(' ', r.Pairs.Select(p => $"{p.Key}={p.Value}"))).ToArray();
        Assert.Equal(
            [
                "uid=all gid=all total.exec.avg=10.00 total.exec.sigma=0.00",
                "uid=all gid=all cmd=Stat total=100 5s=5 60s=60 300s=100 3600s=100 exec=10.00 execsig=0.00 exec99=10.00 execmax=10.00 cumulexecms=1000.00",
                "app=fuse cmd=Stat total=100 5s=5 60s=60 300s=100 3600s=100",
                "uid=all gid=7 cmd=Stat total=100 5s=5 60s=60 300s=100 3600s=100",
                "uid=0 gid=all cmd=Stat total=50 5s=2 60s=30 300s=50 3600s=50",
                "uid=1 gid=all cmd=Stat total=50 5s=3 60s=30 300s=50 3600s=50",
            ],
            rows);
        Assert.Equal(2, statistics.Records(new Instant(99_000_000_000), byOwner: false, byApp: false).Length);
        statistics.Clear();
        Assert.Single(statistics.Records(new Instant(99_000_000_000), byOwner: true, byApp: true));
        Assert.Equal(100ul, statistics.Total("Stat"));
    }

    [Fact]
    public void Reserved_numbers_are_passed_over()
    {
        var stock = new NumberStock(10);
        stock.Add(new IdProtocol.BlockTaken(IdProtocol.Counter.File, 1, 10, default));
        stock.Add(new IdProtocol.BlockTaken(IdProtocol.Counter.File, 21, 10, default));
        Assert.Equal(1ul, stock.Take());
        stock.Reserved = 5;
        Assert.Equal(6ul, stock.Take());
        stock.Reserved = 25;
        Assert.Equal(26ul, stock.Take());
        stock.Reserved = 1000;
        Assert.Null(stock.Take());
    }
}
