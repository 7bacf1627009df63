using System.Text;
using Eos.Kernel;
using Eos.Tests.Support;
using static Eos.Kv.SystemProtocol;

namespace Eos.Tests.Unit.Kv;

public class PersistedSnapshotTests
{
    private readonly KvBench _kv = new();
    private readonly Fence _fence;

    public PersistedSnapshotTests()
    {
        _fence = new Fence("s", _kv.Give<LeaseGranted>(new AcquireLease("s", "a", TimeSpan.FromMinutes(1))).Token);
        _kv.Give<Claimed>(new ClaimJournal("d", _fence));
    }

    private PutSnapshot Chunk(long number, long time, int chunk, int chunks, string bytes = "x") =>
        new("d", _fence, number, time, chunk, chunks, Encoding.UTF8.GetBytes(bytes));

    private (long, long, int) Find(long max = long.MaxValue, long maxTime = long.MaxValue)
    {
        var found = _kv.Ask<SnapshotFound>(new FindSnapshot("d", 0, max, long.MinValue, maxTime));
        return (found.SequenceNr, found.Timestamp, found.Chunks);
    }

    private string? Read(long number, int chunk) =>
        _kv.Ask<SnapshotBytes>(new ReadSnapshot("d", number, chunk)).Bytes is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;

    [Fact]
    public void A_snapshot_is_there_once_all_its_chunks_are_in_any_order_and_repeated()
    {
        _kv.Give<Done>(Chunk(5, 100, 2, 3, "c"));
        _kv.Give<Done>(Chunk(5, 100, 0, 3, "a"));
        _kv.Give<Done>(Chunk(5, 100, 0, 3, "a"));
        Assert.Equal((0, 0, 0), Find());
        Assert.Null(Read(5, 0));
        _kv.Give<Done>(Chunk(5, 100, 1, 3, ""));
        Assert.Equal((5, 100, 3), Find());
        Assert.Equal(("a", "", "c", null), (Read(5, 0), Read(5, 1), Read(5, 2), Read(5, 3)));
    }

    [Fact]
    public void The_newest_within_the_bounds_is_found()
    {
        foreach (var (number, time) in new[] { (3L, 30L), (7, 70), (5, -50) }) _kv.Give<Done>(Chunk(number, time, 0, 1));
        Assert.Equal((7, 70, 1), Find());
        Assert.Equal((5, -50, 1), Find(max: 6));
        Assert.Equal((3, 30, 1), Find(max: 4));
        Assert.Equal((5, -50, 1), Find(maxTime: 29));
        _kv.Give<Done>(new DropSnapshots("d", _fence, 4, 7, 0, 100));
        Assert.Equal((5, -50, 1), Find());
        _kv.Give<Done>(new DropSnapshots("d", _fence, 0, long.MaxValue, long.MinValue, long.MaxValue));
        Assert.Equal((0, 0, 0), Find());
    }

    [Fact]
    public void A_snapshot_of_the_same_number_replaces_the_older_only_when_it_is_complete()
    {
        _kv.Give<Done>(Chunk(5, 100, 0, 1, "old"));
        _kv.Give<Done>(Chunk(5, 200, 0, 2, "new"));
        Assert.Equal("old", Read(5, 0));
        _kv.Give<Done>(Chunk(5, 200, 1, 2));
        Assert.Equal("new", Read(5, 0));
        Assert.Equal((0, 0, 0), Find(maxTime: 199));
    }

    [Fact]
    public void What_was_begun_and_not_completed_goes_with_the_next_one()
    {
        _kv.Give<Done>(Chunk(4, 1, 0, 1));
        var rows = _kv.Store.Count;
        _kv.Give<Done>(Chunk(5, 1, 0, 3));
        _kv.Give<Done>(Chunk(5, 1, 2, 3));
        _kv.Give<Done>(Chunk(6, 1, 0, 1));
        Assert.Equal(rows + 2, _kv.Store.Count);
        Assert.Equal((4, 1, 1), Find(max: 5));
    }

    [Fact]
    public void Only_who_claimed_the_journal_writes_and_only_what_can_be()
    {
        var other = new Fence("t", _kv.Give<LeaseGranted>(new AcquireLease("t", "a", TimeSpan.FromMinutes(1))).Token);
        Assert.Equal(Errno.Stale, _kv.Give<Refused>(Chunk(1, 1, 0, 1) with { Fence = other }).Why);
        Assert.Equal(Errno.Stale, _kv.Give<Refused>(new DropSnapshots("d", other, 0, 9, 0, 9)).Why);
        Assert.Equal(Errno.Invalid, _kv.Give<Refused>(Chunk(1, 1, 1, 1)).Why);
        Assert.Equal(Errno.Invalid, _kv.Give<Refused>(Chunk(-1, 1, 0, 1)).Why);
        _kv.Give<Done>(Chunk(1, 1, 0, 2));
        Assert.Equal(Errno.Invalid, _kv.Give<Refused>(Chunk(1, 1, 0, 3)).Why);
    }
}
