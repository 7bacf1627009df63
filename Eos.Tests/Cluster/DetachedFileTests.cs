using Akka.Actor;
using Eos.Client;
using Eos.Fst;
using Eos.Instance;
using Eos.Kernel;
using Eos.Tests.Support;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Tests.Cluster;

/// <summary>What directories and views, as actors, make of files that were removed. The filesystem is played by the test.</summary>
public sealed class DetachedFileTests : ActorTest
{
    private static readonly DirectoryId Dev = new(3);
    private readonly OpSource _ops = OpSource.Fresh();
    private readonly Collector _filesystem;
    private readonly EosInProcess _eos;

    public DetachedFileTests()
    {
        _filesystem = new Collector(Sys);
        _eos = new EosInProcess(Sys, SystemClock.Instance, _filesystem.Ref);
    }

    private Task<DetachedFound> Look(FileId file) => _eos.Directories.Ask<DetachedFound>(new LookDetached(Dev, _ops.Next(), file), TimeSpan.FromSeconds(60));

    private async Task<FileId> Removed(string name)
    {
        await _eos.Client.MakeDirectoryAsync("/eos/dev", true, null);
        await _eos.PutAsync($"/eos/dev/{name}");
        var file = ((Eos.Gateway.GatewayProtocol.FileInformation)await _eos.Client.InfoAsync($"/eos/dev/{name}")).File.Id;
        await _eos.Client.RemoveAsync($"/eos/dev/{name}");
        return file;
    }

    [Fact]
    public async Task The_record_of_a_removed_file_goes_when_its_filesystem_has_deleted_it()
    {
        var file = await Removed("x");
        var order = await _filesystem.Next<FstProtocol.DropReplicas>();
        Assert.Equal((Dev, file), (order.Directory, Assert.Single(order.Files)));
        Assert.Equal("x", (await Look(file)).File!.Name);

        await _eos.Directories.Ask<Done>(new DropDetached(Dev, new Call(_ops.Next(), 0, Identity.Caller.Root), file, Forget: false), TimeSpan.FromSeconds(60));
        Assert.Equal(file, Assert.Single((await _filesystem.Next<FstProtocol.DropReplicas>()).Files));
        for (var again = 0; again < 2; again++)
            await _eos.Directories.Ask<FstProtocol.Noted>(new FstProtocol.ReplicaDropped(Dev, _ops.Next(), new FsId(1), [file]), TimeSpan.FromSeconds(60));
        Assert.Null((await Look(file)).File);
    }

    [Fact]
    public async Task A_filesystem_that_was_taken_out_keeps_no_record()
    {
        var instance = new InstanceInMemory();
        foreach (var (key, value) in new[] { (FsConfiguration.UuidKey, "uuid"), (FsConfiguration.UnregisteredKey, "1") })
            instance.Set(FsConfiguration.Section, FsConfiguration.KeyOf(new FsId(1), key), value);
        var file = await Removed("x");
        await _filesystem.Next<FstProtocol.DropReplicas>();
        _eos.Views.Tell(new InstanceProtocol.Published(instance.State));
        await _eos.Directories.Ask<Done>(new DropDetached(Dev, new Call(_ops.Next(), 0, Identity.Caller.Root), file, Forget: false), TimeSpan.FromSeconds(60));
        await Eventually.Is(() => Look(file), found => found.File is null, "the record goes");
    }
}
