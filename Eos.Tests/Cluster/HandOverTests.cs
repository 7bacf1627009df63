using Eos.Raft;
using Eos.Tests.Support;
using Eos.Tests.Support.Raft;
using static Eos.Raft.RaftNodeProtocol;

namespace Eos.Tests.Cluster;

/// <summary>Members that are asked to stop: another leads first, and whoever waits for an answer gets one.</summary>
[Collection(ClustersCollection.Name)]
public class HandOverTests
{
    [Fact]
    public async Task A_leader_that_is_to_stop_hands_over_while_it_lives()
    {
        await using var group = await TestGroup.Start(3);
        // whoever leads: on a busy machine that may change by itself
        await Eventually.Is(async () => await (await group.Leader()).Change(new Retire()), said => said == "done", "another stands");
        await group.Leader();
    }

    [Fact]
    public async Task A_leader_without_others_goes_on_until_it_ends()
    {
        await using var group = await TestGroup.Start(1);
        Assert.Equal("no other full node can lead now", await group[0].Change(new Retire()));
        Assert.Equal((Fate.Applied, ""), await Fates(group[0].Submit("a=1")));
    }

    [Fact]
    public async Task Every_write_is_answered_when_the_system_of_the_leader_ends_in_good_order()
    {
        await using var group = await TestGroup.Start(3);
        var leader = await group.Leader();
        var submissions = Enumerable.Range(0, 1000).Select(i => leader.Submit($"k{i}={i}")).ToList();
        await submissions[300].Answer.WaitAsync(Eventually.Patience);
        var stopped = leader.Stop();
        var fates = await Task.WhenAll(submissions.Select(Fates)).WaitAsync(Eventually.Patience);
        await stopped;
        await group.Leader();
        var state = $";{await group.Agreed()};";
        for (var i = 0; i < fates.Length; i++)
            if (fates[i].Fate != Fate.Unknown) Assert.True(state.Contains($";k{i}={i};") == (fates[i].Fate == Fate.Applied), $"k{i}: {fates[i]}");
    }

    [Fact]
    public async Task A_member_that_has_ended_refuses_at_once()
    {
        await using var group = await TestGroup.Start(1);
        var before = group[0].Submit("a=1");
        Assert.Equal("done", await group[0].Change(new End()));
        await before.Answer.WaitAsync(Eventually.Patience);
        Assert.Equal(Fate.Refused, (await Fates(group[0].Submit("b=1"))).Fate);
        Assert.Null(await group[0].Read("a"));
        Assert.Equal("done", await group[0].Change(new End()));
        Assert.Equal("the member is shut down", (await group[0].Describe()).Health.Stopped);
    }

    private static async Task<(Fate Fate, string Text)> Fates(TestSubmission s)
    {
        var (fate, text, _) = await s.Answer.WaitAsync(Eventually.Patience);
        return (fate, text);
    }
}
