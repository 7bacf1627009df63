namespace Eos.Tests.Scenarios;

/// <summary>Scenarios B: `mv` between two quota nodes.</summary>
public abstract class RenameAcrossQuotaNodes(ScenarioInstance instance) : Scenario(instance)
{
    private string From => $"{D}/src";
    private string To => $"{D}/dst";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var node in new[] { From, To })
        {
            await Ok($"mkdir {node}");
            await Ok($"quota set -g 99 -p {node} -v 1T -i 1M");
        }
    }

    [Fact]
    public async Task B39_A_missing_source_and_an_empty_target()
    {
        await Fails($"mv {From}/missing {To}/");
        await Ok($"mkdir {From}/d1");
        await Ok($"touch {From}/d1/f");
        await Ok($"mkdir {To}/d1");
        await Ok($"mv {From}/d1 {To}/");
        await Ok($"stat {To}/d1/f");
        await Fails($"stat {From}/d1");
    }

    [Fact]
    public async Task B40_A_target_that_is_not_empty_stays()
    {
        await Ok($"mkdir -p {From}/d3");
        await Ok($"mkdir -p {To}/d3/full");
        await Fails($"mv {From}/d3 {To}/");
        await Ok($"stat {From}/d3");
        await Ok($"stat {To}/d3/full");
    }

    [Fact]
    public async Task B41_Into_a_directory_and_to_a_new_name()
    {
        await Ok($"mkdir -p {From}/d2/sub");
        await Ok($"mkdir {To}/d1");
        await Ok($"mv {From}/d2 {To}/d1/");
        await Ok($"stat {To}/d1/d2/sub");
        await Ok($"mkdir {From}/d4");
        await Ok($"mv {From}/d4 {To}/n4");
        await Ok($"stat -d {To}/n4");
    }

    [Fact]
    public async Task B42_A_directory_does_not_replace_a_file()
    {
        await Ok($"mkdir {From}/d5");
        await Ok($"touch {To}/t1");
        await Fails($"mv {From}/d5 {To}/t1");
        await Fails($"mv {From}/d5 {To}/t1/");
        await Ok($"stat -d {From}/d5");
    }

    [Fact]
    public async Task B43_A_directory_does_not_move_below_itself_and_a_quota_node_not_at_all()
    {
        await Ok($"mkdir -p {From}/d6/below");
        await Fails(Eos.Kernel.Errno.Invalid, $"file rename {From}/d6 {From}/d6/below/d6");
        await Fails(Eos.Kernel.Errno.AccessDenied, $"file rename {From} {D}/other");
    }

    [Fact]
    public async Task B44_What_moves_is_charged_to_the_other_node()
    {
        await Ok($"mkdir {From}/d7");
        await Up(OneK, $"{From}/d7/f");
        await Used(From, "1024");
        await Ok($"mv {From}/d7 {To}/d7");
        await Used(From, "0");
        await Used(To, "1024");

        Task<string> Used(string node, string bytes) => Settles(
            async () => Value(Lines(await Ok($"quota ls -m -p {node}")).FirstOrDefault(l => l.Contains("gid=project", StringComparison.Ordinal)) ?? "", "usedlogicalbytes"),
            used => used == bytes, $"{bytes} bytes of {node}");
    }
}

/// <inheritdoc/>
[Collection(WholeInstance.Name)]
public sealed class RenameAcrossQuotaNodesOnThree(ScenarioInstance instance) : RenameAcrossQuotaNodes(instance);

/// <inheritdoc/>
[Collection(InstanceWithoutOne.Name)]
public sealed class RenameAcrossQuotaNodesOnTwo(ScenarioInstanceWithoutOne instance) : RenameAcrossQuotaNodes(instance);
