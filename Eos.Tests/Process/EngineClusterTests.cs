using System.Diagnostics;
using Eos.Tests.Support;
using Xunit.Abstractions;

// not Eos.Tests.Process: that would hide System.Diagnostics.Process from all tests
namespace Eos.Tests.Processes;

/// <summary>Three real processes on loopback with the settings of hocon/akka.conf.</summary>
[Collection(ProcessesCollection.Name)]
public class EngineClusterTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_killed_node_is_removed_within_ten_seconds_and_comes_back()
    {
        await using var cluster = await EngineCluster.Start(3, "");
        var clock = Stopwatch.StartNew();
        using var machine = new MachineClock();
        await cluster[2].Kill();
        var missed = await cluster.Hears(0, $"EVENT UnreachableMember {cluster.Ports[2]}", clock);
        var removed = await cluster.Hears(0, $"EVENT MemberRemoved {cluster.Ports[2]}", clock);
        var promised = machine.Elapsed;
        await cluster.Hears(1, $"EVENT MemberRemoved {cluster.Ports[2]}");
        output.WriteLine($"kill -9: missed after {missed.TotalSeconds:f1} s, removed after {removed.TotalSeconds:f1} s");
        Assert.InRange(promised, TimeSpan.Zero, TimeSpan.FromSeconds(10));

        cluster.Restart(2);
        await cluster.Hears(2, "UP");
        await cluster.Hears(0, $"EVENT MemberUp {cluster.Ports[2]}");
    }

    [Fact]
    public async Task A_killed_node_that_is_back_before_it_is_missed_replaces_its_old_self()
    {
        await using var cluster = await EngineCluster.Start(3, "");
        await cluster[0].Kill();
        cluster.Restart(0);
        await cluster.Hears(0, "UP");
        await cluster.Hears(1, $"EVENT MemberRemoved {cluster.Ports[0]}");
        await cluster.Hears(1, $"EVENT MemberUp {cluster.Ports[0]}");
    }

    [Fact]
    public async Task A_node_paused_for_two_seconds_stays_a_member()
    {
        await using var cluster = await EngineCluster.Start(3, "");
        cluster[1].Pause();
        await Watch(TimeSpan.FromSeconds(2));
        cluster[1].Continue();
        await Watch(TimeSpan.FromSeconds(8));
        for (var i = 0; i < 3; i++)
        {
            Assert.DoesNotContain(cluster[i].Said, l => l.StartsWith("EVENT MemberDowned", StringComparison.Ordinal) || l.StartsWith("EVENT MemberRemoved", StringComparison.Ordinal) || l == "DEAD");
            Assert.Equal(3, (await cluster[i].Ask("members", "MEMBERS", TimeSpan.FromSeconds(60))).Split(":Up").Length - 1);
        }
    }

    [Fact]
    public async Task A_node_paused_until_it_is_removed_starts_anew_by_itself_and_joins()
    {
        await using var cluster = await EngineCluster.Start(3, "");
        cluster[2].Pause();
        await cluster.Hears(0, $"EVENT MemberRemoved {cluster.Ports[2]}");
        cluster[2].Continue();
        var clock = Stopwatch.StartNew();
        var dead = await cluster.Hears(2, "DEAD", clock);
        await cluster.Hears(2, "UP");
        output.WriteLine($"SIGCONT after removal: old incarnation ended after {dead.TotalSeconds:f1} s, member again after {clock.Elapsed.TotalSeconds:f1} s");
        await cluster.Hears(0, $"EVENT MemberUp {cluster.Ports[2]}");
    }

    [Fact]
    public async Task A_node_that_reaches_no_majority_ends_and_joins_again_when_it_can()
    {
        await using var cluster = await EngineCluster.Start(3, "");
        var clock = Stopwatch.StartNew();
        cluster[0].Pause();
        cluster[1].Pause();
        var dead = await cluster.Hears(2, "DEAD", clock);
        output.WriteLine($"the minority ended itself after {dead.TotalSeconds:f1} s");
        cluster[0].Continue();
        cluster[1].Continue();
        await cluster.Hears(2, "UP");
        await cluster.Hears(0, $"EVENT MemberUp {cluster.Ports[2]}");
        Assert.DoesNotContain("DEAD", cluster[0].Said);
        Assert.DoesNotContain("DEAD", cluster[1].Said);
    }

    [Fact]
    public async Task A_downed_node_starts_anew_by_itself_and_joins()
    {
        await using var cluster = await EngineCluster.Start(3, "");
        await cluster[0].Say($"down {cluster.Ports[1]}");
        await cluster.Hears(1, "DEAD");
        await cluster.Hears(1, "UP");
        await cluster.Hears(0, $"EVENT MemberRemoved {cluster.Ports[1]}");
        await cluster.Hears(0, $"EVENT MemberUp {cluster.Ports[1]}");
    }

    /// <summary>Lets the world go on for a while: it is the absence of an event that is awaited.</summary>
    private static async Task Watch(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync();
    }
}
