using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using Akka.Cluster.Tools.Client;
using Akka.Configuration;
using Eos.Tests.Support;
using Xunit.Abstractions;

namespace Eos.Tests.Processes;

/// <summary>
/// Sharded persistent entities on three real processes that share one SQLite journal file: they move off a dead node and keep
/// their state, while publish/subscribe and a cluster client go on.
/// </summary>
[Collection(ProcessesCollection.Name)]
public class EngineShardingTests(ITestOutputHelper output)
{
    private const int Entities = 60;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Theory]
    [InlineData(2, "the youngest")]
    [InlineData(0, "the oldest, which hosts the coordinator")]
    public async Task Entities_of_a_killed_node_answer_elsewhere_with_their_state(int victim, string who)
    {
        using var folder = new TemporaryFolder();
        await using var cluster = await StartedAsync(folder);
        var others = Enumerable.Range(0, 3).Where(i => i != victim).ToArray();
        var asker = others[0];
        for (var round = 1; round <= 2; round++) await AllSay(cluster, asker, "add", round);
        var before = await Where(cluster, asker);
        Assert.True(before.ContainsKey(cluster.Ports[victim]), "the victim hosts entities");
        using var outsider = Outsider();
        var client = Client(outsider, cluster.Ports[victim]);
        await client.Ask<string>(new ClusterClient.Send("/user/echo", "hello"), Patience);
        await News(cluster, asker, others, "before");

        var clock = Stopwatch.StartNew();
        using var machine = new MachineClock();
        await cluster[victim].Kill();
        var answers = ServedAfter(client, cluster.Ports[victim], clock);
        var removing = RemovedAsync();
        await News(cluster, asker, others, "while");
        await AllSay(cluster, asker, "get", 2);
        var (moved, movedPromised) = (clock.Elapsed, machine.Elapsed);
        var (removed, removedPromised) = await removing;
        var served = await answers;
        output.WriteLine($"kill -9 of {who}: removed after {removed.TotalSeconds:f1} s, all {Entities} entities answer after {moved.TotalSeconds:f1} s, the client is served by another after {served.TotalSeconds:f1} s");
        Assert.InRange(removedPromised, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.InRange(movedPromised, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.Equal(others.Select(i => cluster.Ports[i]).Order(), (await Where(cluster, asker)).Keys.Order());

        cluster.Restart(victim);
        await cluster.Hears(victim, "UP");
        await AllSay(cluster, victim, "add", 3);
        await cluster.Hears(victim, "SUBSCRIBED");
        await News(cluster, asker, [0, 1, 2], "after");
        await outsider.Terminate();

        async Task<(TimeSpan, TimeSpan)> RemovedAsync() => (await cluster.Hears(others[1], $"EVENT MemberRemoved {cluster.Ports[victim]}", clock), machine.Elapsed);
    }

    /// <summary>Three nodes that all may get entities: which comes to host some depends on who is known when the first are placed.</summary>
    private static async Task<EngineCluster> StartedAsync(TemporaryFolder folder)
    {
        var cluster = await EngineCluster.Start(3, folder.Of("journal.db"));
        try
        {
            await Eventually.Is(() => cluster[0].Ask("regions", "REGIONS", Patience), said => said == "REGIONS 3", "three regions are known");
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    [Fact]
    public async Task A_pause_of_two_seconds_moves_no_entity_and_loses_no_state()
    {
        using var folder = new TemporaryFolder();
        await using var cluster = await StartedAsync(folder);
        await AllSay(cluster, 0, "add", 1);
        var before = await Where(cluster, 0);

        cluster[2].Pause();
        using (var timer = new PeriodicTimer(TimeSpan.FromSeconds(2))) await timer.WaitForNextTickAsync();
        cluster[2].Continue();
        var clock = Stopwatch.StartNew();
        await AllSay(cluster, 0, "add", 2);
        output.WriteLine($"SIGSTOP of 2 s: all entities answer {clock.Elapsed.TotalSeconds:f1} s after SIGCONT");
        var after = await Where(cluster, 0);
        Assert.Equal(before[cluster.Ports[2]], after[cluster.Ports[2]]);
        for (var i = 0; i < 3; i++) Assert.DoesNotContain(cluster[i].Said, l => l.StartsWith("EVENT MemberDowned", StringComparison.Ordinal) || l == "DEAD");
    }

    /// <summary>Asks until every entity has answered, and checks what it says.</summary>
    private static async Task AllSay(EngineCluster cluster, int node, string word, int expected)
    {
        // "add" is asked once: a repetition would add again
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var line = await cluster[node].Ask($"all {word} {Entities} {(word == "add" ? 100_000 : 500)}", "ALL", Patience);
            if (line.StartsWith($"ALL answered={Entities} ", StringComparison.Ordinal))
            {
                Assert.Equal(Enumerable.Range(0, Entities).Select(i => $"e{i}={expected}"), line.Split(' ').Skip(2));
                return;
            }
            Assert.True(clock.Elapsed < Patience && word != "add", $"{word}: {line}\n{cluster[node].Transcript()}");
        }
    }

    /// <summary>How many entities each port hosts.</summary>
    private static async Task<Dictionary<int, int>> Where(EngineCluster cluster, int node)
    {
        var line = await cluster[node].Ask($"all where {Entities} 20000", "ALL", Patience);
        return line.Split(' ').Skip(2).Select(a => Address.Parse(a).Port!.Value).GroupBy(p => p).ToDictionary(g => g.Key, g => g.Count());
    }

    /// <summary>Publishes until each reader has heard it: what is published before a subscription is known everywhere is lost.</summary>
    private static async Task News(EngineCluster cluster, int from, int[] readers, string text)
    {
        foreach (var reader in readers)
        {
            for (var tries = 0; ; tries++)
            {
                try
                {
                    await cluster[from].Say($"publish {text}");
                    await cluster[reader].Heard(l => l == $"NEWS {text}", TimeSpan.FromSeconds(1), "news");
                    break;
                }
                catch (TimeoutException) when (tries < 30)
                {
                    // once more
                }
            }
        }
    }

    /// <summary>When the client first gets an answer again that does not come from the dead node.</summary>
    private static async Task<TimeSpan> ServedAfter(IActorRef client, int dead, Stopwatch clock)
    {
        while (clock.Elapsed < Patience)
        {
            try
            {
                var answer = await client.Ask<string>(new ClusterClient.Send("/user/echo", "again"), TimeSpan.FromMilliseconds(500));
                if (!answer.StartsWith($"{dead}:", StringComparison.Ordinal)) return clock.Elapsed;
            }
            catch (AskTimeoutException)
            {
                // its receptionist is the dead one
            }
        }
        throw new TimeoutException("the client found no other receptionist");
    }

    private static ActorSystem Outsider() => ActorSystem.Create("outsider", ConfigurationFactory.ParseString(
        """
        akka.loglevel = ERROR
        akka.actor.provider = remote
        akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        """).WithFallback(ConfigurationFactory.FromResource("akka.conf", typeof(Eos.Kernel.DirectoryId).Assembly)));

    private static IActorRef Client(ActorSystem outsider, int port)
    {
        var contact = ActorPath.Parse($"akka.tcp://{EngineNode.SystemName}@127.0.0.1:{port}/system/receptionist");
        return outsider.ActorOf(ClusterClient.Props(ClusterClientSettings.Create(outsider).WithInitialContacts(ImmutableHashSet.Create(contact))), "client");
    }
}
