using Eos.Tests.Support.Raft;

namespace Eos.Tests.Simulation;

public class RaftSimulation
{
    /// <summary>The films of every test run; `./eos chaos --sim` shows as many more as there is time for.</summary>
    public const ulong Seeds = 1000;

    /// <summary>Of each plot of its own, those in which a rule that other films hardly meet is missed.</summary>
    public const ulong SeedsOfAPlot = 300;

    [Fact]
    public void Five_members_stay_safe() => Assert.Null(Films.Show(Films.Seeds(1, Seeds)));

    [Fact]
    public void A_group_with_one_voter_stays_safe() => Assert.Null(Films.Show(Films.Seeds(1, SeedsOfAPlot), of: Film.Alone));

    [Fact]
    public void Members_whose_clocks_differ_much_stay_safe() => Assert.Null(Films.Show(Films.Seeds(1, SeedsOfAPlot), of: Film.OfClocks));

    [Fact]
    public void The_group_gets_work_done_between_the_faults()
    {
        var answered = Enumerable.Range(1, 20).Select(seed => Film.Of((ulong)seed) with { Plot = Plot.Anything }).Select(f => f.Show().Clients.Answered).Order().ToList();
        Assert.True(answered[10] > 100, $"median of answered operations in a film: {answered[10]}");
    }

    [Fact]
    public void After_the_faults_one_leads_and_all_agree()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            var world = (Film.Of(seed) with { Drops = 0 }).Show();
            var voters = world.Members.Where(m => m.State.Lead is not null).ToList();
            Assert.True(voters.Count == 1, $"seed {seed}: {voters.Count} leaders after the calm: " + string.Join(" | ", world.Members.Select(m => $"{m.Id} {m.State.Role} t{m.State.Term} v[{string.Join(",", m.State.Membership.Voters)}] last {m.State.Log.Last.Index}")));
            foreach (var id in voters[0].State.Membership.Voters)
                Assert.True(world.Member(id).Machine.Encode().SequenceEqual(voters[0].Machine.Encode()), $"seed {seed}: {id} differs from the leader: " +
                    string.Join(" | ", world.Members.Select(m => $"{m.Id} {m.State.Role} last {m.State.Log.Last} base {m.State.Log.Base} committed {m.State.Committed} stored {m.State.StoredUpTo} applied {m.Applied}")) +
                    " | " + string.Join(" ", voters[0].State.Lead!.Peers.Select(p => $"{p.Key}:{p.Value.Mode} match {p.Value.Match} next {p.Value.Next} inflight {p.Value.InFlightCount} offset {p.Value.Offset}")));
        }
    }
}
