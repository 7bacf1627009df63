using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Raft;
using static Eos.Raft.RaftProtocol;

namespace Eos.Tests.Unit.Raft;

public class RaftStartTests
{
    private static readonly MemberId A = new("a:1");
    private static readonly Membership Founders = Membership.Of([A, new MemberId("b:1"), new MemberId("c:1")]);
    private static readonly Membership Later = Founders with { Epoch = 3 };

    [Fact]
    public void Who_is_in_the_list_founds_the_group_who_is_not_waits_and_no_list_is_a_group_of_one()
    {
        Assert.Equal([A], RaftStart.Founders(A, []).Voters);
        Assert.Equal(3, RaftStart.Founders(A, [.. Founders.Voters]).Voters.Count);
        Assert.Empty(RaftStart.Founders(new MemberId("d:1"), [.. Founders.Voters]).All);
    }

    [Fact]
    public void An_empty_member_starts_from_the_founders()
    {
        var s = Start(Log(0, 0), At(0, 0));
        Assert.Equal((LogIndex.None, Founders), s.Memberships[^1]);
        Assert.True(s.IsVoter);
    }

    [Fact]
    public void One_that_has_always_been_alone_stands_at_once_others_wait()
    {
        var now = new Instant(1_000_000);
        var alone = Membership.Of([A]);
        Assert.Equal(RoleKind.Leader, RaftStep.Next(Start(Log(0, 0), At(0, 0), alone), new Tick(now)).State.Role);
        Assert.Equal(RoleKind.Leader, RaftStep.Next(Start(Log(1, 9), At(1, 6) with { Membership = alone }), new Tick(now)).State.Role);
        Assert.Equal(RoleKind.Follower, RaftStep.Next(Start(Log(1, 9), At(1, 6) with { Membership = alone with { Epoch = 4 } }), new Tick(now)).State.Role);
        Assert.Equal(RoleKind.Follower, RaftStep.Next(Start(Log(0, 0), At(0, 0)), new Tick(now)).State.Role);
    }

    [Fact]
    public void One_that_elects_itself_tells_observers_nothing_of_a_term_that_its_disk_may_not_have()
    {
        var (now, observer) = (new Instant(1_000_000), new MemberId("o:1"));
        var alone = Membership.Of([A]) with { Observers = [observer] };
        var leader = RaftStep.Next(Start(Log(0, 0), At(0, 0), alone), new Tick(now)).State;
        var proposed = RaftStep.Next(leader, new Propose(now, 1, 1, new byte[4]));
        Assert.DoesNotContain(proposed.Effects, e => e is Send);
        now += leader.Settings.Heartbeat;
        Assert.DoesNotContain(RaftStep.Next(proposed.State, new Tick(now)).Effects, e => e is Send);

        var stored = RaftStep.Next(proposed.State, new Stored(now, new LogPosition(leader.Term, leader.Lead!.ServesFrom))).State;
        var told = RaftStep.Next(stored, new Tick(now)).Effects.OfType<Send>().ToList();
        Assert.Contains(told, s => s.To == observer && s.Message is Append);
        Assert.Contains(told, s => s.To == observer && s.Message is Heartbeat);
    }

    [Fact]
    public void The_state_says_who_belongs_to_the_group_and_the_log_what_came_later()
    {
        var old = Membership.Of([A]) with { Epoch = 1 };
        var s = Start(Log(1, 10, (4, old), (8, Later)), At(1, 6) with { Membership = old with { Epoch = 2 } });
        Assert.Equal([6ul, 8], s.Memberships.Select(m => m.At.Value));
        Assert.Equal((2ul, 3ul), (s.Memberships[0].Membership.Epoch, s.Membership.Epoch));
        Assert.Equal((6ul, 6ul, 10ul), (s.Committed.Value, s.AppliedUpTo.Value, s.StoredUpTo.Value));
    }

    [Fact]
    public void A_log_that_ends_before_the_state_is_refused_unless_a_snapshot_was_on_its_way()
    {
        Assert.Contains("lost entries", Assert.Throws<RaftLogRefused>(() => Start(Log(1, 5), At(1, 6))).Message);
        Assert.Contains("raft-add-observer", Assert.Throws<RaftLogRefused>(() => Start(Log(1, 5) with { Expected = At(1, 7).Position }, At(1, 6))).Message);
        var s = Start(Log(1, 5) with { Expected = At(2, 9).Position }, At(2, 9));
        Assert.Equal((At(2, 9).Position, At(2, 9).Position, 9ul), (s.Log.Base, s.Log.Last, s.Memberships[^1].At.Value));
    }

    [Fact]
    public void A_state_that_ends_before_the_log_begins_or_is_another_members_is_refused()
    {
        var trimmed = Log(1, 9) with { View = Log(1, 9).View.StartAfter(At(1, 7).Position) };
        Assert.Contains("lost what was applied", Assert.Throws<RaftLogRefused>(() => Start(trimmed, At(1, 6))).Message);
        Assert.Contains("not of one member", Assert.Throws<RaftLogRefused>(() => Start(Log(2, 9), At(1, 6))).Message);
        Assert.Contains("/data/qdb", Assert.Throws<RaftLogRefused>(() => Start(Log(2, 9), At(1, 6))).Message);
    }

    private static RaftState Start(RaftLogContents log, SnapshotInfo state, Membership? founders = null)
    {
        var times = RaftSettings.From(new Settings(Settings.Reference, "eos.raft"));
        return RaftStart.Of(A, times, log, state, founders ?? Founders, 1, new Instant(1_000_000), "/data/qdb");
    }

    private static SnapshotInfo At(ulong term, ulong index) => new(new LogPosition(new Term(term), new LogIndex(index)), TimeSpan.FromTicks(5), Founders, 0);

    private static RaftLogContents Log(ulong term, ulong last, params (ulong At, Membership Membership)[] memberships)
    {
        var view = last == 0 ? LogView.Empty : new LogView(LogPosition.Start, [(new Term(term), new LogIndex(1))], [], At(term, last).Position);
        return new RaftLogContents(new Term(term), null, view, [.. memberships.Select(m => (new LogIndex(m.At), m.Membership))], TimeSpan.FromTicks(9), LogPosition.Start, "folder",
            ImmutableDictionary<MemberId, MemberTrace>.Empty);
    }
}
