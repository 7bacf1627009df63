using Eos.Tests.Support.Raft;

namespace Eos.Tests.Simulation;

/// <summary>The real machine replicated by simulated members: nodes with drifting clocks take a shard one after the other, and what they send comes late.</summary>
public class FencingSimulation
{
    [Fact]
    public void No_two_activations_of_an_entity_both_write_and_nothing_acknowledged_is_lost()
    {
        var (activations, fenced, acknowledged, roles) = (0, 0, 0, 0);
        for (ulong seed = 1; seed <= 60; seed++)
        {
            var writers = Show(seed, Forgotten.Nothing);
            (activations, fenced, acknowledged, roles) = (activations + writers.Activations, fenced + writers.Fenced, acknowledged + writers.Answered, roles + writers.Roles.Count);
        }
        Assert.True(
            activations > 150 && fenced > 30 && acknowledged > 2_000 && roles > 50,
            $"{activations} activations wrote, {fenced} appends were fenced, {acknowledged} events acknowledged, the role was had {roles} times");
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void A_rule_that_is_forgotten_is_noticed(int forgotten)
    {
        for (ulong seed = 1; seed <= 100; seed++)
            if (Record.Exception(() => Show(seed, (Forgotten)forgotten)) is Violation) return;
        Assert.Fail($"a hundred films without {(Forgotten)forgotten} showed no violation");
    }

    private static Writers Show(ulong seed, Forgotten forgotten) =>
        (Writers)(Film.Of(seed) with { Plot = seed % 4 == 0 ? Plot.HandOvers : Plot.Users, Voters = 3 + (int)(seed % 3), Users = world => new Writers(world, forgotten) }).Show().Clients;
}
