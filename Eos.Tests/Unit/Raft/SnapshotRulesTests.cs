using Eos.Kernel;
using Eos.Raft;
using Eos.Tests.Support.Raft;
using static Eos.Raft.RaftProtocol;
using static Eos.Tests.Support.Raft.OneMember;

namespace Eos.Tests.Unit.Raft;

/// <summary>What a leader's log keeps behind the snapshot, and for whom.</summary>
public sealed class SnapshotRulesTests
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    private readonly OneMember _member = new(keepEntries: 10);

    [Fact]
    public void Entries_are_kept_for_a_follower_that_lags_and_comes_further()
    {
        _member.Leads();
        var has = _member.Last;
        for (var i = 0; i < 60; i++)
        {
            Write(5);
            _member.Has(Third, has = has.Next);
            _member.Snapshots();
            Assert.True(_member.State.Log.Base.Index <= has, $"round {i}: the log begins after {_member.State.Log.Base.Index}, the follower has {has}");
        }
        Assert.Equal(has, _member.State.Log.Base.Index);
    }

    /// <summary>As one whose disk refuses: it takes no entries and answers every heartbeat.</summary>
    [Fact]
    public void The_log_stays_bounded_with_a_follower_that_answers_and_takes_nothing()
    {
        _member.Leads();
        _member.Has(Third, _member.Last);
        var stuck = _member.Last;
        for (var i = 0; i < 200; i++)
        {
            Write(5);
            _member.Hears(Third, new Alive(_member.State.Term, _member.Now));
            _member.Snapshots();
            Assert.True(i >= 14 || _member.State.Log.Base.Index <= stuck, $"round {i}: it is given up after {i + 1} s");
            Assert.True(_member.Last - _member.State.Log.Base.Index <= 85, $"round {i}: {_member.Last - _member.State.Log.Base.Index} entries are kept");
        }
        Assert.Equal(10ul, _member.Last - _member.State.Log.Base.Index);
        Assert.Equal(Third, Assert.Single(_member.Do(now => new Tick(now)).OfType<SendSnapshot>()).To);
    }

    [Fact]
    public void Who_lacks_nothing_may_have_been_still_for_as_long_as_it_likes()
    {
        _member.Leads();
        _member.Has(Third, _member.Last);
        var idle = _member.Last;
        for (var i = 0; i < 60; i++)
        {
            _member.Pass(Round);
            foreach (var follower in new[] { Second, Third }) _member.Hears(follower, new Alive(_member.State.Term, _member.Now));
        }
        Write(50);
        _member.Snapshots();
        Assert.True(_member.State.Log.Base.Index <= idle);
    }

    /// <summary>Or it would need the next snapshot when it has this one, for ever.</summary>
    [Fact]
    public void The_entries_after_a_snapshot_that_is_being_sent_are_kept()
    {
        _member.Leads();
        for (var i = 0; i < 20; i++)
        {
            Write(5);
            _member.Snapshots();
        }
        var sent = _member.Hears(Third, new Rejected(_member.State.Term, _member.Last, LogPosition.Start, _member.Now)).OfType<SendSnapshot>().Single().Snapshot;
        for (var received = 1ul; received < sent.Size; received += 10)
        {
            Write(5);
            _member.Hears(Third, new SnapshotProgress(_member.State.Term, sent.Position, received, Installed: false, _member.Now));
            _member.Snapshots();
        }
        Assert.Equal(sent.Position, _member.State.Log.Base);
        var then = _member.Hears(Third, new SnapshotProgress(_member.State.Term, sent.Position, sent.Size, Installed: true, _member.Now));
        Assert.Empty(then.OfType<SendSnapshot>());
        Assert.Equal(sent.Position, then.OfType<Send>().Select(e => e.Message).OfType<Append>().First().Previous);
    }

    /// <summary>While the state takes a snapshot in, which may be long, another leader sends the entries and commits them; on disk the log then begins after the snapshot.</summary>
    [Fact]
    public void A_snapshot_that_is_in_use_only_when_more_is_committed_is_where_the_log_begins()
    {
        var (term, snapshot) = (new Term(1), new LogPosition(new Term(1), new LogIndex(10)));
        _member.Follows(Second, term, LogPosition.Start, entries: 12, committed: new LogIndex(12));
        var told = _member.Do(now => new SnapshotInstalled(now, Second, _member.SnapshotOf(snapshot), now));
        Assert.True(told.OfType<Send>().Select(e => e.Message).OfType<SnapshotProgress>().Single().Installed);
        var s = _member.State;
        Assert.Equal((snapshot, new LogIndex(12)), (s.Log.Base, s.Log.Last.Index));
        Assert.Equal((new LogIndex(12), new LogIndex(12), new LogIndex(12)), (s.Committed, s.CommitTold, s.StoredUpTo));
        Assert.Equal(snapshot, s.Snapshot!.Position);

        _member.Leads();
        var behind = _member.Hears(Third, new Rejected(_member.State.Term, _member.Last.Previous, new LogPosition(term, new LogIndex(3)), _member.Now));
        Assert.Equal(snapshot, Assert.Single(behind.OfType<SendSnapshot>()).Snapshot.Position);
        Assert.Empty(behind.OfType<ReadLog>());
    }

    [Fact]
    public void A_snapshot_that_contradicts_what_is_committed_ends_the_member()
    {
        _member.Follows(Second, new Term(2), LogPosition.Start, entries: 12, committed: new LogIndex(12));
        var other = _member.SnapshotOf(new LogPosition(new Term(1), new LogIndex(10)));
        Assert.Throws<InvalidOperationException>(() => _member.Do(now => new SnapshotInstalled(now, Second, other, now)));
    }

    private void Write(int entries)
    {
        _member.Pass(Round);
        _member.Commits(entries);
    }
}
