using Akka.Actor;
using Eos.Tests.Support;
using static Eos.Kv.SystemProtocol;
using static Eos.Raft.RaftNodeProtocol;

namespace Eos.Tests.Cluster;

/// <summary>Whatever happens to leaders, what a client asks for happens once, and is answered.</summary>
[Collection(ClustersCollection.Name)]
public sealed class KvExactlyOnceTests
{
    private const int Numbers = 4_000;

    /// <summary>Numbers are taken one by one while the leadership moves and leaders end; in the end as many are taken as were asked for.</summary>
    [Fact]
    public async Task Every_entry_happens_once_while_leaders_come_and_go()
    {
        await using var nodes = await KvNodes.Start(members: 3, others: 1);
        await nodes.Leader();
        var (beside, away) = (TakeMany(nodes[0]), TakeMany(nodes[3]));
        for (var round = 0; !beside.IsCompleted || !away.IsCompleted || round < 4; round++)
        {
            var leader = await nodes.Leader();
            if (leader == nodes[0] || round % 2 == 0)
            {
                var next = nodes.All.Take(3).First(n => n != leader);
                await Eventually.Is(
                    async () =>
                    {
                        await leader.Member.Ask<object>(new HandOver(next.Id), Eventually.Patience);   // refused while that one lags behind
                        return (await leader.Describe()).Leadership.Serves;
                    },
                    serves => !serves, "the leader steps down");
            }
            else
            {
                await leader.Stop();
                await nodes.Leader();
                await leader.Start();
            }
        }
        var taken = (await beside).Concat(await away).ToList();
        Assert.Equal(2 * Numbers, taken.Distinct().Count());
        Assert.Equal(new NumbersTaken(taken.Max() + 1, 1), await nodes[3].Client.DoAsync(new TakeNumbers("c", 1)));
        Assert.Equal((ulong)taken.Count, taken.Max() - taken.Min() + 1);
    }

    /// <summary>Some at a time, so that there is always something under way.</summary>
    private static async Task<List<ulong>> TakeMany(KvNode node)
    {
        var client = node.Client;
        var taken = new List<ulong>();
        for (var i = 0; i < Numbers; i += 40)
            foreach (var answer in await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => client.DoAsync(new TakeNumbers("c", 1)))))
                taken.Add(Assert.IsType<NumbersTaken>(answer).First);
        return taken;
    }
}
