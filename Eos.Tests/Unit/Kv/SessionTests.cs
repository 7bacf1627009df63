using Eos.Kernel;
using Eos.Kv;
using Eos.Tests.Support;
using static Eos.Kv.KvProtocol;
using static Eos.Kv.SystemProtocol;

namespace Eos.Tests.Unit.Kv;

public class SessionTests
{
    private readonly KvBench _kv = new();
    private readonly Guid _client = new("00000000-0000-0000-0000-0000000000c1");

    private Once Op(ulong number, IEntry entry, ulong below = 0) => new(new OpId(_client, number), below, entry);

    private static readonly TakeNumbers One = new("n", 1);

    [Fact]
    public void A_repeat_is_answered_as_the_first_time_and_changes_nothing()
    {
        var first = _kv.Give<NumbersTaken>(Op(1, One));
        var digest = _kv.Machine.Mark.Digest;
        Assert.Equal(first, _kv.Give<NumbersTaken>(Op(1, One)));
        _kv.Restart();
        Assert.Equal(first, _kv.Give<NumbersTaken>(Op(1, One, below: 1)));
        Assert.Equal(digest, _kv.Machine.Mark.Digest);
        Assert.Equal(2UL, _kv.Give<NumbersTaken>(Op(2, One)).First);
    }

    [Fact]
    public void Refusals_and_replies_are_repeated_and_nothing_is_published_twice()
    {
        var write = new Once(new OpId(_client, 1), 0, KvBench.Together("vhset h f v", "incr h"));
        var first = _kv.Apply(write);
        Assert.Single(first.Published);
        var again = _kv.Apply(write);
        Assert.Equal(first.Replies.ToArray(), again.Replies.ToArray());
        Assert.Empty(again.Published);
        var refused = _kv.Give<Refused>(Op(2, new RenewLease("l", 9, TimeSpan.FromSeconds(1))));
        _kv.Give<LeaseGranted>(new AcquireLease("l", "a", TimeSpan.FromSeconds(1)));
        Assert.Equal(refused, _kv.Give<Refused>(Op(2, new RenewLease("l", 9, TimeSpan.FromSeconds(1)))));
    }

    [Fact]
    public void What_the_client_has_seen_is_forgotten_and_not_done_again()
    {
        _kv.Give<NumbersTaken>(Op(1, One));
        _kv.Give<NumbersTaken>(Op(3, One));
        var rows = _kv.Store.Count;
        _kv.Give<NumbersTaken>(Op(4, One, below: 4));
        Assert.Equal(rows - 1, _kv.Store.Count);
        _kv.Restart();
        foreach (var late in new ulong[] { 1, 2, 3 }) _kv.Give<NotKept>(Op(late, One));
        Assert.Equal(4UL, _kv.Give<NumbersTaken>(Op(5, One)).First);
    }

    [Fact]
    public void At_the_limit_the_client_must_wait_and_nothing_is_evicted()
    {
        for (var number = 1UL; number <= Sessions.MaxKept; number++) _kv.Give<NumbersTaken>(Op(number, One));
        Assert.Equal(Errno.TryAgain, _kv.Give<Refused>(Op(2_000, One)).Why);
        Assert.Equal(1UL, _kv.Give<NumbersTaken>(Op(1, One)).First);
        Assert.Equal(Sessions.MaxKept + 1UL, _kv.Give<NumbersTaken>(Op(2_000, One, below: 2)).First);
        _kv.Give<NumbersTaken>(new Once(new OpId(Guid.Empty, 1), 0, One));
    }

    [Fact]
    public void Outcomes_are_kept_for_ten_minutes_of_log_time_and_then_nothing_is_done_again()
    {
        _kv.Give<NumbersTaken>(Op(7, One));
        _kv.Now += TimeSpan.FromMinutes(5);
        _kv.Give<NumbersTaken>(Op(8, One));
        _kv.Now += TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1);
        Assert.Equal(1UL, _kv.Give<NumbersTaken>(Op(7, One)).First);
        _kv.Now += TimeSpan.FromTicks(1);
        _kv.Restart();
        _kv.Give<NotKept>(Op(7, One));
        Assert.Equal(2UL, _kv.Give<NumbersTaken>(Op(8, One)).First);
        _kv.Now += TimeSpan.FromMinutes(5);
        _kv.Give<NotKept>(Op(8, One));
        Assert.Equal(3UL, _kv.Give<NumbersTaken>(Op(9, One)).First);
    }

    [Fact]
    public void A_client_that_is_silent_long_enough_leaves_no_row()
    {
        var other = new Once(new OpId(Guid.Empty, 1), 0, KvBench.Together("get x"));
        var rows = _kv.Store.Count;
        _kv.Apply(Op(1, KvBench.Together("get x")));
        for (var minutes = 0; minutes < 3; minutes++)
        {
            _kv.Now += Sessions.Life;
            _kv.Apply(other);
        }
        _kv.Apply(new Once(new OpId(Guid.Empty, 2), 0, KvBench.Together("get x")));
        Assert.DoesNotContain(_kv.Store.Range(new byte[] { (byte)'s' }, new byte[] { (byte)'t' }), row => row.Key.Span.IndexOf(_client.ToByteArray(bigEndian: true)) >= 0);
        Assert.True(_kv.Store.Count > rows);
    }

    [Fact]
    public void An_outcome_that_is_too_large_is_not_kept_but_does_not_happen_twice()
    {
        _kv.Do("set big " + new string('x', Sessions.MaxOutcome));
        var op = Op(1, KvBench.Together("get big", "incr n"));
        Assert.Equal(":1", _kv.Apply(op).Replies[1].ToString());
        _kv.Give<NotKept>(op);
        Assert.Equal("$1", _kv.Do("get n"));
    }

    [Fact]
    public void Once_within_once_is_refused() => Assert.Equal(Errno.Invalid, _kv.Give<Refused>(Op(1, Op(2, One))).Why);
}
