using Akka.Actor;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Cluster;

/// <summary>Sums of trees through directory actors with a journal in memory.</summary>
public sealed class TotalsTests : ActorTest
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private readonly EosInProcess _eos;

    public TotalsTests() : base("akka.loglevel = INFO") => _eos = new EosInProcess(
        Sys, SystemClock.Instance, TestActor,
        DirectorySettings.From(new Kernel.Settings(Kernel.Settings.Reference, "eos.namespace")) with { Totals = new TotalsSettings(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(40)) });

    [Fact]
    public async Task What_lies_deep_is_counted_up_to_the_root_also_after_the_actors_stopped()
    {
        await _eos.Client.MakeDirectoryAsync("/eos/dev/a/b/c", parents: true);
        for (var i = 0; i < 10; i++) await _eos.PutAsync($"/eos/dev/a/b/c/f{i}");
        await Is("/", tree => tree is { Files: 10, Directories: 5, Bytes: 50 });
        await Is("/eos/dev/a", tree => tree is { Files: 10, Directories: 2, Bytes: 50 });
        Assert.Equal(50ul, (await _eos.Client.StatAsync("/eos/dev/a")).Size);
        foreach (var path in new[] { "/", "/eos", "/eos/dev", "/eos/dev/a", "/eos/dev/a/b", "/eos/dev/a/b/c" }) await Stop(path);
        await _eos.Client.RemoveTreeAsync("/eos/dev/a/b");
        await Is("/", tree => tree is { Files: 0, Directories: 3, Bytes: 0 });
    }

    /// <summary>Scenario 37.</summary>
    [Fact]
    public async Task A_change_of_names_goes_up_as_long_as_directories_pass_it_on()
    {
        await _eos.Client.MakeDirectoryAsync("/eos/dev/p");
        await _eos.Client.SetAttributesAsync("/eos/dev/p", [new(DirectoryState.Propagation, "1")]);
        await _eos.Client.MakeDirectoryAsync("/eos/dev/p/q/r", parents: true);
        var (above, before) = ((await Tree("/eos/dev")).Modified, await Tree("/eos/dev/p"));
        await _eos.PutAsync("/eos/dev/p/q/r/f");
        before = await Is("/eos/dev/p", tree => tree.Modified > before.Modified);
        await _eos.Client.MakeDirectoryAsync("/eos/dev/p/q/r/s");
        before = await Is("/eos/dev/p", tree => tree.Modified > before.Modified);
        await _eos.Client.RenameAsync("/eos/dev/p/q/r/f", "/eos/dev/p/q/r/g");
        before = await Is("/eos/dev/p", tree => tree.Modified > before.Modified);
        await _eos.Client.RenameAsync("/eos/dev/p/q/r/s", "/eos/dev/p/q/r/t");
        before = await Is("/eos/dev/p", tree => tree.Modified > before.Modified);
        await _eos.Client.SetAttributesAsync("/eos/dev/p/q/r", [new("user.note", "no name")]);
        await _eos.Client.RemoveAsync("/eos/dev/p/q/r/g");
        var last = await Is("/eos/dev/p", tree => tree.Files == 0 && tree.Modified > before.Modified);
        Assert.Equal((await Tree("/eos/dev/p/q/r")).Modified, last.Modified);
        Assert.Equal(above, (await Tree("/eos/dev")).Modified);
    }

    private async Task<TreeCounts> Tree(string path) => ((DirectoryInformation)await _eos.Client.InfoAsync(path)).Tree;

    private Task<TreeCounts> Is(string path, Func<TreeCounts, bool> good) => Eventually.Is(() => Tree(path), good, $"totals of {path}");

    private async Task Stop(string path)
    {
        var actor = await _eos.Directories.Ask<IActorRef>(new DirectoryId((await _eos.Client.StatAsync(path)).Id), Soon);
        Watch(actor);
        actor.Tell(new DirectoryProtocol.Stop());
        ExpectTerminated(actor, Soon);
    }
}
