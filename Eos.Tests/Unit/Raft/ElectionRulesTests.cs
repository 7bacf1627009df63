using Eos.Kernel;
using Eos.Raft;
using Eos.Tests.Support.Raft;
using static Eos.Raft.RaftProtocol;
using static Eos.Tests.Support.Raft.OneMember;

namespace Eos.Tests.Unit.Raft;

/// <summary>Rules of elections that keep a group at work and not safe, so that no film notices when they are missing.</summary>
public sealed class ElectionRulesTests
{
    private readonly OneMember _member = new();

    [Theory]
    [InlineData(1, 4, false, true)]
    [InlineData(2, 4, false, true)]
    [InlineData(1, 5, false, false)]
    [InlineData(1, 6, true, false)]
    [InlineData(2, 5, true, false)]
    public void A_voter_vetoes_who_would_lose_what_it_knows_to_be_committed(ulong term, ulong index, bool granted, bool veto)
    {
        _member.Follows(Second, new Term(1), LogPosition.Start, entries: 6, committed: new LogIndex(5));
        var vote = _member.Answers<Vote>(Third, new AskVote(new Term(3), new LogPosition(new Term(term), new LogIndex(index)), ByTransfer: true));
        Assert.Equal(new Vote(new Term(3), granted, veto), vote);
    }

    /// <summary>It waits a whole election time, for those that can lead; the votes that it has do not elect it any more.</summary>
    [Fact]
    public void Who_is_vetoed_gives_up()
    {
        _member.Stands();
        var (term, asked) = (_member.State.Term, _member.Now);
        Assert.Contains("vetoes", Assert.Single(_member.Hears(Third, new Vote(term, Granted: false, Veto: true)).OfType<Note>()).Text);
        _member.Hears(Second, new Vote(term, Granted: true, Veto: false));
        Assert.Equal((RoleKind.Follower, term), (_member.State.Role, _member.State.Term));
        Assert.True(_member.State.Deadline - asked >= _member.State.Settings.ElectionMin);
    }

    [Fact]
    public void Who_is_merely_refused_asks_again_soon_and_may_still_be_elected()
    {
        _member.Stands();
        var term = _member.State.Term;
        _member.Hears(Third, new Vote(term, Granted: false, Veto: false));
        Assert.True(_member.State.Deadline - _member.Now <= _member.State.Settings.Heartbeat * 1.5);
        _member.Hears(Second, new Vote(term, Granted: true, Veto: false));
        Assert.Equal(RoleKind.Leader, _member.State.Role);
    }

    /// <summary>Its followers still refuse challengers, so it does: one that only it would elect must not raise the term.</summary>
    [Fact]
    public void A_deposed_leader_refuses_challengers_for_as_long_as_its_followers_do()
    {
        _member.Leads();
        _member.Hears(Second, new Alive(_member.State.Term, _member.Now));
        var contact = _member.Now;
        _member.Do(now => new DiskFails(now));
        _member.Do(now => new DiskWorks(now));
        Assert.Equal(RoleKind.Follower, _member.State.Role);
        _member.Pass(_member.State.Settings.ElectionMin - TimeSpan.FromMilliseconds(1));
        Assert.False(Elects());
        _member.Pass(TimeSpan.FromMilliseconds(1));
        Assert.Equal(_member.State.Settings.ElectionMin, _member.Now - contact);
        Assert.True(Elects());

        bool Elects() => _member.Answers<PreVote>(Third, new AskPreVote(_member.State.Term.Next, _member.State.Log.Last)).Granted;
    }
}
