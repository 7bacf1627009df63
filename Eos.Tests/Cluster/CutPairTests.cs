using Eos.Tests.Support;

namespace Eos.Tests.Cluster;

/// <summary>Two of three nodes do not hear each other, and both reach the third, which leads the group: nobody's session is over.</summary>
[Collection(ClustersCollection.Name)]
public sealed class CutPairTests
{
    [Fact]
    public async Task One_of_the_two_begins_anew_and_is_back_when_it_reaches_all()
    {
        await using var nodes = await HostedNodes.StartedAsync(3, "qdb", [.. PatientGroup.Settings, "eos.formation.member-look-interval=500ms", "eos.formation.cut-looks=3"]);
        await Eventually.Is(() => SeenAsync(nodes), seen => seen.All(members => members.Count == 3), "all are members");

        var leader = await nodes.LeaderAsync();
        var (a, b) = ((leader + 1) % 3, (leader + 2) % 3);
        nodes.Links[a, b].Cut();
        nodes.Links[b, a].Cut();
        await Eventually.Is(
            () => SeenAsync(nodes),
            seen => seen[leader].Count == 2 && (seen[a].SequenceEqual(seen[leader]) || seen[b].SequenceEqual(seen[leader])) && nodes.Incarnations(a) + nodes.Incarnations(b) > 2,
            "two that hear each other are the cluster, and one has begun anew");

        nodes.Links.Heal();
        await Eventually.Is(() => SeenAsync(nodes), seen => seen.All(members => members.Count == 3), "all are members again");
    }

    private static Task<List<IReadOnlyList<string>>> SeenAsync(HostedNodes nodes) => Task.FromResult(Enumerable.Range(0, nodes.Count).Select(nodes.Up).ToList());
}
