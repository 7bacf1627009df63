using Eos.Tests.Support;
using Eos.Tests.Support.Chaos;
using Xunit.Abstractions;

namespace Eos.Tests.Processes;

/// <summary>The namespace against its model while nodes are killed; `./eos chaos --trees` is the same for as long as wanted.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class TreeChaosTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_namespace_behaves_like_a_tree_in_memory_while_nodes_are_killed() =>
        Assert.Empty(await new TreeChaos((ulong)Random.Shared.NextInt64(), output.WriteLine).RunAsync(rounds: 2));
}
