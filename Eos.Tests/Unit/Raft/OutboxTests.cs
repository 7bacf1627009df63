using Eos.Kernel;
using Eos.Raft;
using Eos.Tests.Support;
using static Eos.Raft.RaftProtocol;

namespace Eos.Tests.Unit.Raft;

public class OutboxTests
{
    private static readonly MemberId A = new("a:1");
    private static readonly Term Term = new(1);

    [Fact]
    public void Entries_that_follow_each_other_are_one_message_until_it_is_full()
    {
        var outbox = new Outbox(1000);
        for (var i = 1ul; i <= 20; i++) outbox.Add(A, Append(i));
        var posted = Posted(outbox).Cast<Append>().ToList();
        Assert.Equal(2, posted.Count);
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (ulong)i), posted.SelectMany(p => p.Batches).Select(b => b.First.Value));
        Assert.All(posted, p => Assert.Equal(p.Previous.Index.Next, p.Batches[0].First));
        Assert.Equal(20, posted[^1].SentAt.Nanoseconds);
    }

    [Fact]
    public void The_last_acknowledgement_says_it_all()
    {
        var outbox = new Outbox(1000);
        outbox.Add(A, new Appended(Term, new LogIndex(5), new Instant(1)));
        outbox.Add(A, new Appended(Term, new LogIndex(3), new Instant(2)));
        outbox.Add(A, new Rejected(Term, new LogIndex(9), LogPosition.Start, new Instant(3)));
        outbox.Add(A, new Appended(new Term(2), new LogIndex(1), new Instant(4)));
        Assert.Equal(
            [new Appended(Term, new LogIndex(5), new Instant(2)), new Rejected(Term, new LogIndex(9), LogPosition.Start, new Instant(3)), new Appended(new Term(2), new LogIndex(1), new Instant(4))],
            Posted(outbox));
        Assert.Empty(Posted(outbox));
    }

    [Fact]
    public void Entries_with_a_hole_between_them_stay_apart()
    {
        var outbox = new Outbox(1 << 20);
        outbox.Add(A, Append(1));
        outbox.Add(A, Append(3));
        Assert.Equal(2, Posted(outbox).Count);
    }

    private static Append Append(ulong index) => new(
        Term, new LogPosition(index == 1 ? new Term(0) : Term, new LogIndex(index - 1)), [RaftLogs.Batch(1, index)], new LogIndex(index), new Instant((long)index));

    private static List<IPeerMessage> Posted(Outbox outbox)
    {
        var posted = new List<IPeerMessage>();
        outbox.Post((_, m) => posted.Add(m));
        return posted;
    }
}
