using Eos.Raft;
using static Eos.Tests.Support.RaftLogs;

namespace Eos.Tests.Unit.Raft;

public class LogViewTests
{
    [Fact]
    public void The_tail_forgets_batches_by_number_and_by_size_and_counts_what_it_holds()
    {
        var log = LogView.Empty;
        for (var i = 1ul; i <= 20; i++) log = log.Append(Batch(1, i, bytes: 100));
        Assert.Same(log, log.Shorten(10, 1000));
        Assert.Equal((9, 900L), Held(log.Shorten(9, 100_000)));
        Assert.Equal((5, 500L), Held(log.Shorten(100, 500)));
        Assert.Equal((1, 100L), Held(log.Shorten(100, 10)));
        Assert.Equal((15, 1500L), Held(log.TruncateFrom(new LogIndex(16))));
        Assert.Equal((8, 800L), Held(log.StartAfter(new LogPosition(new Term(1), new LogIndex(12)))));
        Assert.Equal((0, 0L), Held(log.StartAfter(new LogPosition(new Term(2), new LogIndex(30)))));
    }

    private static (int Batches, long Bytes) Held(LogView log) => (log.Tail.Count, log.TailBytes);
}
