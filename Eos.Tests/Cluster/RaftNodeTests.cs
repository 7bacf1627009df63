using Eos.Raft;
using Eos.Tests.Support;
using Eos.Tests.Support.Raft;
using static Eos.Raft.RaftNodeProtocol;

namespace Eos.Tests.Cluster;

/// <summary>Members as actors: their rules, logs on disk and remoting together.</summary>
[Collection(ClustersCollection.Name)]
public class RaftNodeTests
{
    [Fact]
    public async Task A_member_alone_leads_answers_and_comes_back_with_what_it_had()
    {
        await using var group = await TestGroup.Start(1);
        var only = group[0];
        Assert.Equal((Fate.Applied, ""), await Fates(only.Submit("a=1")));
        Assert.Equal((Fate.Applied, "1"), await Fates(only.Submit("a=2")));
        Assert.Equal("2", await only.Read("a"));
        await only.Stop();
        await only.Start();
        await group.Leader();
        Assert.Equal("2", await only.Read("a"));
        var status = await only.Describe();
        Assert.Equal([only.Id], status.Membership.Voters);
        Assert.Equal(status.Log.LogSize.Previous, status.Log.Applied);
    }

    [Fact]
    public async Task Three_members_elect_replicate_and_outlive_their_leader()
    {
        await using var group = await TestGroup.Start(3);
        var first = await group.Leader();
        var submissions = Enumerable.Range(0, 500).Select(i => first.Submit($"k{i}={i}")).ToList();
        foreach (var s in submissions) Assert.Equal(Fate.Applied, (await Fates(s)).Fate);
        await group.Agreed();
        await first.Stop();
        var second = await group.Leader();
        Assert.NotSame(first, second);
        Assert.Equal("499", await second.Read("k499"));
        await group.Write("after=1");
        await first.Start();
        Assert.Contains("after=1", await group.Agreed());
    }

    private static async Task<(Fate Fate, string Text)> Fates(TestSubmission s)
    {
        var (fate, text, _) = await s.Answer.WaitAsync(Eventually.Patience);
        return (fate, text);
    }
}
