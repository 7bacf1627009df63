using System.Collections.Immutable;
using Eos.Raft;
using static Eos.Raft.RaftProtocol;

namespace Eos.Tests.Unit.Raft;

/// <summary>How much of a log is kept behind a snapshot, in bytes.</summary>
public sealed class LogKeepTests
{
    [Fact]
    public void What_lies_before_a_snapshot_goes_once_so_many_bytes_were_stored_after_it()
    {
        var keep = new LogKeep(1000);
        Store(keep, 900);
        Assert.Equal(0ul, keep.Made(new LogIndex(10)).Value);
        Store(keep, 999);
        Assert.Equal(0ul, keep.Made(new LogIndex(20)).Value);
        Store(keep, 1);
        Assert.Equal(10ul, keep.Made(new LogIndex(21)).Value);
        Store(keep, 5000);
        Assert.Equal(20ul, keep.Made(new LogIndex(30)).Value);
    }

    [Fact]
    public void A_log_that_hardly_grows_keeps_everything_whatever_the_number_of_its_snapshots()
    {
        var keep = new LogKeep(1000);
        for (var i = 1ul; i <= 900; i++)
        {
            Store(keep, 1);
            Assert.Equal(0ul, keep.Made(new LogIndex(i)).Value);
        }
    }

    private static void Store(LogKeep keep, int bytes) =>
        keep.Store(new Persist(new Term(1), null, null, ImmutableArray.Create(new LogBatch(new Term(1), new LogIndex(1), 1, default, BatchKind.Commands, new byte[bytes], null))));
}
