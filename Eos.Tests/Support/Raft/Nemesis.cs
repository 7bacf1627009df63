using Eos.Raft;
using static Eos.Raft.RaftProtocol;

namespace Eos.Tests.Support.Raft;

/// <summary>What goes wrong in a film: accidents at any moment, and those of its plot just when they hurt.</summary>
internal sealed class Nemesis(World world)
{
    private readonly HashSet<(MemberId, Term)> _late = [];
    private TimeSpan _until;

    private Chances Chances => world.Chances;

    public void Start(TimeSpan until)
    {
        _until = until;
        Accidents();
        switch (world.Film.Plot)
        {
            case Plot.Restarts:
                Often(100, 400, () => NotHeard(200, 500, oneWay: false));
                break;
            case Plot.HandOvers:
                Often(20, 200, HandOver);
                break;
            case Plot.Clocks:
                Often(300, 900, () => world.Net.Split([.. world.Members.Where(m => m == world.Leader).Select(m => m.Id)], oneWay: false, Chances.Between(200, 500)));
                break;
            case Plot.Memberships:
                Often(10, 80, Rearrange);
                break;
        }
    }

    private bool Over => world.Agenda.Now >= _until;

    /// <summary>How much longer than others that message is under way.</summary>
    public TimeSpan HoldsUp(MemberId from, IPeerMessage message) => world.Film.Plot switch
    {
        Plot.Elections when message is AskVote && _late.Contains((from, message.Term)) => Chances.Between(60, 380),
        Plot.HandOvers when message is StandNow or AskVote { ByTransfer: true } && Chances.Of(0.3) => Chances.Between(20, 300),
        _ => TimeSpan.Zero,
    };

    public void Sees(MemberId from, MemberId to, IPeerMessage message)
    {
        if (Over) return;
        switch (world.Film.Plot, message)
        {
            case (Plot.Restarts, AskPreVote or AskVote) when Chances.Of(0.5):
                // The voter was restarted and does not remember when it heard its leader.
                world.Agenda.After(Chances.Between(0, 3), () => Bounce(world.Member(to), 0.2, 2));
                break;
            case (Plot.Elections, AskVote) when Chances.Of(0.3):
                _late.Add((from, message.Term));
                break;
            case (Plot.Elections, Vote { Granted: true }) when Chances.Of(0.5):
                // The voter dies with its vote under way and is back before a late request; its leader reaches nobody.
                world.Net.Split([to], oneWay: true, Chances.Between(100, 500));
                world.Agenda.After(Chances.Between(0, 5), () => Bounce(world.Member(from), 1, 6));
                break;
            case (Plot.Elections, Append { Batches.IsEmpty: true }) when Chances.Of(0.1):
                // A leader that has its marker on its own disk only.
                world.Net.Split([from], oneWay: false, Chances.Between(30, 120));
                world.Agenda.After(Chances.Between(8, 60), () => Bounce(world.Member(from), 1, 40));
                break;
            case (Plot.Elections, Append) when Chances.Of(0.15):
                // A leader that reached one or two with some of what it has, and nobody with this.
                world.Net.Split([from], oneWay: false, Chances.Between(60, 300));
                world.Agenda.After(Chances.Between(1, 60), () => Bounce(world.Member(from), 1, 100));
                break;
            case (Plot.Alone, Append) when Chances.Of(0.1):
                world.Agenda.After(Chances.Between(0, 20), () => Bounce(world.Member(from), 1, 10));
                break;
            case (Plot.HandOvers, StandNow) when Chances.Of(0.5):
                world.Agenda.After(Chances.Between(0, 15), () => world.Net.Split([from], oneWay: Chances.Of(0.3), Chances.Between(100, 500)));
                break;
        }
    }

    private void Often(double fromMs, double toMs, Action what)
    {
        if (Over) return;
        what();
        world.Agenda.After(Chances.Between(fromMs, toMs), () => Often(fromMs, toMs, what));
    }

    /// <summary>One follower stops hearing a leader that the others hear well.</summary>
    private void NotHeard(double fromMs, double toMs, bool oneWay)
    {
        if (world.Leader is not { } leader) return;
        var (follower, time) = (Chances.Pick(world.Members).Id, Chances.Between(fromMs, toMs));
        world.Net.Cut(leader.Id, follower, time);
        if (!oneWay) world.Net.Cut(follower, leader.Id, time);
    }

    private void HandOver()
    {
        if (world.Leader is { Paused: false } leader)
            leader.Input(new Transfer(leader.Now, ISimClients.NoTag, Chances.Pick(world.Members).Id));
    }

    private void Rearrange()
    {
        foreach (var leader in world.Members.Where(m => m is { Up: true, Paused: false, State.Role: RoleKind.Leader }).ToList())
            leader.Input(new ChangeMembership(leader.Now, ISimClients.NoTag, (Change)Chances.Below(4), Chances.Pick(world.Members).Id));
        if (Chances.Of(0.1)) SplitAnyhow(oneWay: false, Chances.Between(100, 900));
    }

    private void SplitAnyhow(bool oneWay, TimeSpan time) =>
        world.Net.Split(world.Members.Where(_ => Chances.Of(0.5)).Select(m => m.Id).ToHashSet(), oneWay, time);

    /// <summary>Crashes that member and starts it again.</summary>
    private void Bounce(SimMember victim, double fromMs, double toMs)
    {
        if (Over || !victim.Up) return;
        victim.Crash();
        world.Agenda.After(Chances.Between(fromMs, toMs), () => { if (!victim.Up) victim.Boot(); });
    }

    private void Accidents()
    {
        if (Over) return;
        var victim = Chances.Pick(world.Members);
        switch (Chances.Below(10))
        {
            case 0 or 1:
                if (Chances.Of(0.4)) Bounce(victim, 1, 20);
                else Bounce(victim, 20, 1500);
                break;
            case 2 or 3 when victim.Up:
                victim.Pause();
                world.Agenda.After(Chances.Between(20, 1500), victim.Resume);
                break;
            case 4:
                SplitAnyhow(oneWay: Chances.Of(0.4), Chances.Between(50, 1500));
                break;
            case 5 when victim is { Up: true, Paused: false }:
                victim.Input(new ChangeMembership(victim.Now, ISimClients.NoTag, (Change)Chances.Below(4), Chances.Pick(world.Members).Id));
                break;
            case 6 when victim is { Up: true, Paused: false }:
                victim.Input(new Transfer(victim.Now, ISimClients.NoTag, Chances.Pick(world.Members).Id));
                break;
            case 7 when world.Leader is { } leader:
                leader.Pause();
                world.Agenda.After(Chances.Between(100, 1500), leader.Resume);
                break;
            case 8 when world.Leader is { } leader:
                Bounce(leader, 20, 800);
                break;
            case 9:
                NotHeard(300, 1500, oneWay: true);
                break;
        }
        world.Agenda.After(world.Film.Plot == Plot.Users ? Chances.Between(500, 2_500) : Chances.Between(50, 500), Accidents);
    }
}
