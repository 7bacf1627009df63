using Eos.Kernel;
using Eos.Tests.Support.Posix;
using FsCheck;
using FsCheck.Fluent;

namespace Eos.Tests.Scenarios;

/// <summary>Random commands on a small tree, by the real command line, against a model in memory: the same results, the same errnos, the same tree in the end.</summary>
public abstract class ModelBased(ScenarioInstance instance) : Scenario(instance)
{
    private const int Sequences = 12;
    private const int Commands = 60;
    private int _run;

    [Fact]
    public void The_namespace_behaves_like_a_tree_in_memory() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Sequences).WithStartSize(Commands).WithEndSize(Commands),
            Prop.ForAll(Arb.From(Gen.ArrayOf(TreeCommand.Any, Commands), Shorter), RunAsync));

    /// <summary>A sequence that fails is told without the commands that do not matter.</summary>
    private static IEnumerable<TreeCommand[]> Shorter(TreeCommand[] commands) =>
        Enumerable.Range(0, commands.Length).Reverse().Select(i => (TreeCommand[])[.. commands[..i], .. commands[(i + 1)..]]);

    private async Task RunAsync(TreeCommand[] commands)
    {
        var (tree, top, done) = (new PosixTree(), $"{D}/r{++_run}", new List<string>());
        await Ok($"mkdir {top}");
        await Ok($"chmod 777 {top}");
        foreach (var command in commands)
        {
            var expected = tree.Do(command);
            var outcome = await Instance.RunAsync(command.Words(top), "");
            done.Add($"{command}: {outcome.Code}");
            Assert.True(expected.Why.Contains((Errno)outcome.Code), $"{string.Join('\n', done)}\nexpected {string.Join(" or ", expected.Why)}: {outcome.Error}");
            if (command.Verb == TreeVerb.List && expected.Why is [Errno.None]) Assert.Equal(expected.Shown, outcome.Output);
        }
        var found = Lines(await Ok($"find {top}")).Skip(1).Select(line => line.Replace(top, "", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        Assert.Equal(tree.All, found);
    }
}

/// <inheritdoc/>
[Collection(WholeInstance.Name)]
public sealed class ModelBasedOnThree(ScenarioInstance instance) : ModelBased(instance);

/// <inheritdoc/>
[Collection(InstanceWithoutOne.Name)]
public sealed class ModelBasedOnTwo(ScenarioInstanceWithoutOne instance) : ModelBased(instance);
