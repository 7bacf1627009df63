using Eos.Raft;
using Eos.Tests.Support.Raft;
using static Eos.Raft.RaftProtocol;
using static Eos.Tests.Support.Raft.OneMember;

namespace Eos.Tests.Unit.Raft;

/// <summary>Which changes of the membership a leader takes.</summary>
public sealed class MembersTests
{
    [Theory]
    [InlineData(Change.Remove)]
    [InlineData(Change.Demote)]
    public void A_leader_changes_others_and_not_itself(Change change)
    {
        var member = new OneMember();
        member.Leads();
        member.Has(Third, member.Last);
        Assert.Equal<Effect>(new NotTaken(7, Self, "cannot perform membership changes on current leader"), Assert.Single(member.Do(now => new ChangeMembership(now, 7, change, Self))));
        Assert.Contains(Self, member.State.Membership.Voters);
        Assert.Single(member.Do(now => new ChangeMembership(now, 8, change, Third)).OfType<Taken>());
        Assert.DoesNotContain(Third, member.State.Membership.Voters);
    }
}
