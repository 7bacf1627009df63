using Akka.Actor;
using Eos.Client;
using Eos.Fst;
using Eos.Gateway;
using Eos.Instance;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Views;
using Settings = Eos.Kernel.Settings;

namespace Eos.Tests.Support;

/// <summary>Directories, view, gateway and a client in one actor system, and a filesystem that says yes. No sharding, no sockets.</summary>
public sealed class EosInProcess
{
    private static readonly CapabilityKey Key = new(1, [.. new byte[32]]);
    private readonly OpSource _ops = OpSource.Fresh();

    public EosInProcess(ActorSystem system, IClock clock, IActorRef filesystem, DirectorySettings? settings = null)
    {
        var directorySettings = settings ?? DirectorySettings.From(new Settings(
            Akka.Configuration.ConfigurationFactory.ParseString("eos.namespace.snapshot-every = 100000").WithFallback(Settings.Reference), "eos.namespace"));   // nothing is bound to a serializer
        Views = system.ActorOf(ViewActor.Props(ViewSettings.From(new Settings(Settings.Reference, "eos.views")), clock, ActorRefs.Nobody));
        Views.Tell(Report(clock.Now), system.ActorOf(Props.Create(() => new Stand(filesystem))));
        Directories = system.ActorOf(Props.Create(() => new LocalDirectories(self => new DirectoryParts(() => self, Views, directorySettings, clock, () => true))));
        var gatewaySettings = GatewaySettings.From(new Settings(Settings.Reference, "eos.gateway"), "dev", TimeSpan.FromSeconds(60));
        Parts = new GatewayParts(Directories, Directories, Views, ActorRefs.Nobody, gatewaySettings, clock, () => Key)
        {
            Instance = system.ActorOf(InstanceActor.Props(
                new MemoryBook(), InstanceSettings.From(new Settings(Settings.Reference, "eos.configuration")), clock, ActorRefs.Nobody)),
            Nodes = () => [((ExtendedActorSystem)system).Provider.DefaultAddress],
        };
        Gateway = system.ActorOf(GatewayActor.Props(Parts));
        var link = GatewayLink.To(system, Gateway, ClientSettings.From(new Settings(Settings.Reference, "eos.client")));
        Client = new EosClient(link, new GatewayProtocol.Claim(0, 0, "root", "here", "test"), TimeSpan.FromSeconds(60));
    }

    /// <summary>Reports are believed of actors below `/user` only.</summary>
    private sealed class Stand : UntypedActor
    {
        private readonly IActorRef _filesystem;

        public Stand(IActorRef filesystem) => _filesystem = filesystem;

        protected override void OnReceive(object message) => _filesystem.Forward(message);
    }

    public IActorRef Views { get; }
    public IActorRef Directories { get; }
    public GatewayParts Parts { get; }
    public IActorRef Gateway { get; }
    public EosClient Client { get; }

    public static FstProtocol.FsReport Report(Instant now) => new(
        new FstProtocol.FsIdentity(new FsId(1), "uuid", "node1", 8001, "/disk", "default", "default.0", "here"),
        FstProtocol.ConfigStatus.ReadWrite,
        new FstProtocol.FsHealth(FstProtocol.BootStatus.Booted, Errno.None, ""),
        new FstProtocol.FsUsage(1 << 30, 1 << 30, 0, 100, 100, 0),
        FstProtocol.FsLoad.Idle,
        1,
        1,
        now);

    /// <summary>The commit that the filesystem of a redirect would send.</summary>
    public FstProtocol.CommitFile CommitOf(GatewayProtocol.Redirect redirect, Instant now)
    {
        var capability = SignedCapability.Open(redirect.Capability, new CapabilityKeys(Key, null), now).Capability!;
        return new FstProtocol.CommitFile(
            capability.Directory, _ops.Next(), capability.Open, capability.File, 5, new Checksum(ChecksumType.Adler32, "01234567"), capability.Locations, now);
    }

    /// <summary>Opens and commits, as an upload of five bytes does.</summary>
    public async Task PutAsync(string path)
    {
        var redirect = await Client.OpenWriteAsync(path, new PutOptions());
        await Directories.Ask<FstProtocol.Committed>(CommitOf(redirect, SystemClock.Instance.Now), TimeSpan.FromSeconds(60));
    }
}
