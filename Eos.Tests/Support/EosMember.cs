using Akka.Actor;
using Eos.Client;
using Eos.Fst;
using Eos.Gateway;
using Eos.Host.Http;
using Eos.Kernel;

namespace Eos.Tests.Support;

/// <summary>One node of an instance in this process: its actor system is given; data port, mount and client are its own.</summary>
public sealed class EosMember : IAsyncDisposable
{
    private static readonly CapabilityKeys Keys = new(new CapabilityKey(1, [.. new byte[32]]), null);
    private readonly string _mount;
    private HttpDoors? _doors;

    private EosMember(ActorSystem system, int number, string mount) => (System, Number, _mount) = (system, number, mount);

    public ActorSystem System { get; }

    public int Number { get; }

    public EosClient Client { get; private set; } = null!;

    public static async Task<EosMember> StartAsync(ActorSystem system, int number, TemporaryFolder folder, string group)
    {
        var member = new EosMember(system, number, Directory.CreateDirectory(folder.Of($"mount{number}")).FullName);
        EosFilesystem? filesystem = null;
        var eos = EosNode.Start(system, [EosNode.Mgm, EosNode.Fst], () => Keys.Current);
        var data = new DataParts(id => filesystem?.Gate is { } gate && gate.Id == id ? gate : null, () => Keys, SystemClock.Instance);
        member._doors = await HttpDoors.StartAsync(DataPort.Settings, null, data, () => new Health("test", [], "up", []), null, CancellationToken.None);
        var identity = new FstProtocol.FsIdentity(
            new FsId((uint)number), $"uuid-{number}", "127.0.0.1", member._doors.FstPort, member._mount, "default", group, "here");
        filesystem = EosNode.StartFilesystem(system, eos, identity, FstProtocol.ConfigStatus.ReadWrite, new FolderDisk(member._mount));
        member.Client = EosNode.Connect(system, eos, new GatewayProtocol.Claim(0, 0, "root", "here", "test"), TimeSpan.FromSeconds(60));
        return member;
    }

    public FolderDisk Disk => new(_mount);

    public int Files() => Directory.EnumerateFiles(_mount, "0*", SearchOption.AllDirectories).Count();

    public ValueTask DisposeAsync() => _doors!.DisposeAsync();
}
