using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Client;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Persistence;
using Eos.Client;
using Eos.Fst;
using Eos.Gateway;
using Eos.Instance;
using Eos.Journal;
using Eos.Kernel;
using Eos.Logs;
using Eos.Master;
using Eos.Namespace;
using Eos.Services;
using Eos.Views;
using static Eos.Kv.SystemProtocol;
using Settings = Eos.Kernel.Settings;

namespace Eos;

/// <summary>The part of Eos that runs in one actor system, and where to reach it.</summary>
/// <param name="Directories">Takes messages for any directory.</param>
/// <param name="Views">Where filesystems of this node send their reports.</param>
/// <param name="Gateway">Null without the role mgm.</param>
public sealed record EosHandles(IActorRef Directories, IActorRef Views, IActorRef? Gateway)
{
    /// <summary>Tells the configuration of the instance.</summary>
    public IActorRef Instance { get; init; } = ActorRefs.Nobody;

    /// <summary>Whether this node has the master role; asked on any thread.</summary>
    public Func<bool> IsMaster { get; init; } = () => false;
}

/// <summary>The replicated group of the instance, as a node sees it.</summary>
/// <param name="Member">The member on this node; nobody if there is none.</param>
/// <param name="Members">Where all of them are, "host:port" of remoting.</param>
public sealed record EosGroup(IActorRef Member, ImmutableArray<string> Members)
{
    /// <summary>Compacts the member's files and tells, on any thread, how many bytes they had and have, and what was wrong; null: there is no member here.</summary>
    public Action<Action<ulong, ulong, string>>? Compact { get; init; }
}

/// <summary>One filesystem that runs in this process: its actor, and what a data door sees of it.</summary>
public sealed record EosFilesystem(IActorRef Actor, IFilesystemGate Gate);

/// <summary>
/// Starts Eos in an actor system: the one entry for the host and for applications that embed it. The system must be a member of a cluster
/// (`akka.actor.provider = cluster`; a cluster of one will do) and its configuration must fall back to <see cref="Configuration"/>.
/// </summary>
public static class EosNode
{
    /// <summary>Role of nodes that have a member of the replicated group.</summary>
    public const string Qdb = "qdb";

    /// <summary>Role of nodes that hold directories and answer clients.</summary>
    public const string Mgm = "mgm";

    /// <summary>Role of nodes that store bytes.</summary>
    public const string Fst = "fst";

    /// <summary>What an actor system's configuration falls back to: the engine's settings, our serializer with its bindings, and every key of Eos.</summary>
    public static Config Configuration { get; } =
        EosSerializer.Bindings.WithFallback(Settings.Embedded("akka.conf")).WithFallback(Settings.Reference);

    /// <summary>The same for nodes of an instance with a replicated group: see <see cref="QdbMember"/> and <see cref="ClusterFormation"/>.</summary>
    public static Config GroupConfiguration { get; } = Settings.Embedded("group.conf").WithFallback(Configuration);

    /// <summary>Starts what the roles need. Filesystems are added by <see cref="StartFilesystem"/>.</summary>
    /// <param name="key">The key that signs capabilities; asked each time, because keys change.</param>
    /// <param name="name">What the node is called, for people.</param>
    /// <param name="group">Null: there is none; then one node, chosen by the cluster, does what is the master's to do.</param>
    public static EosHandles Start(ActorSystem system, ImmutableHashSet<string> roles, Func<CapabilityKey> key, IClock? clock = null, EosGroup? group = null, string name = "")
    {
        var (config, now) = (system.Settings.Config, clock ?? SystemClock.Instance);
        var sharding = ClusterSharding.Get(system);
        var instance = StartInstance(system, sharding, roles.Contains(Mgm), group, now);
        var cluster = Cluster.Get(system);
        system.ActorOf(LogActor.Props(PlaceOf(cluster), name, roles, LogSettings.From(new Settings(config, "eos.log")), now), LogProtocol.Name);
        var shards = new Settings(config, "eos.namespace").Int("shards");
        var extractor = new DirectoryExtractor(shards);
        if (!roles.Contains(Mgm))
        {
            var proxy = sharding.StartProxy(DirectorySharding.TypeName, Mgm, extractor);
            StartUpkeep(system, cluster, ActorRefs.Nobody, leads: false, group, (proxy, new AwakeDirectories()), now);
            return new EosHandles(proxy, system.ActorOf(ReportRelay.Props(ActorRefs.Nobody), ReportRelay.Name), null) { Instance = instance };
        }

        var views = system.ActorOf(ViewActor.Props(ViewSettings.From(new Settings(config, "eos.views")), now, instance), "views");
        DistributedPubSub.Get(system).Mediator.Tell(new Subscribe(ReportRelay.Topic, views), views);
        var awake = new AwakeDirectories();
        var directories = StartDirectories(system, sharding, extractor, views, awake, now);
        var gatewaySettings = GatewaySettingsOf(config);
        var master = StartMaster(system, group, views, instance, gatewaySettings, now);
        StartUpkeep(system, cluster, master, leads: group is null, group, (directories, awake), now);
        var parts = new GatewayParts(directories, StartNumbers(system, sharding), views, master, gatewaySettings, now, key)
        {
            Instance = instance,
            Nodes = () => NodesOf(cluster),
            Mover = StartMover(system, sharding, directories),
            Rows = KeepsRows(system) ? KvGroup.Get(system).Client : null,
            Group = KeepsRows(system) ? () => KvGroup.Get(system).Figures : () => default,
            Whereabouts = new Whereabouts(shards),
            Awake = awake,
        };
        var gateway = system.ActorOf(GatewayActor.Props(parts), "gateway");
        system.ActorOf(LossWatch.Props(gateway), "loss-watch");
        system.ActorOf(RouteWatch.Props(instance, RouteSettings.From(new Settings(config, "eos.routes"))), RouteWatch.Name);
        ClusterClientReceptionist.Get(system).RegisterService(gateway);
        var standing = StandingView.Of(system, master);
        return new EosHandles(directories, system.ActorOf(ReportRelay.Props(views), ReportRelay.Name), gateway)
        {
            Instance = instance,
            IsMaster = () => group is null || standing.Last.IsMaster,
        };
    }

    /// <summary>Starts one filesystem. Its data port must be known, because reports and redirects name it.</summary>
    public static EosFilesystem StartFilesystem(
        ActorSystem system, EosHandles handles, FstProtocol.FsIdentity identity, FstProtocol.ConfigStatus status, IDisk disk, IClock? clock = null)
    {
        var (meter, config) = (new FilesystemMeter(), system.Settings.Config);
        var (doors, settings) = (new Settings(config, "eos.http"), FilesystemSettings.From(new Settings(config, "eos.fst")));
        var parts = new FilesystemParts(
            identity, status, disk, meter, handles.Directories, handles.Views, clock ?? SystemClock.Instance, () => OpSource.Fresh().Next().Client)
        {
            Instance = handles.Instance,
            System = () => ProcessGauge.Measure(NodeVersion.Server, NodeVersion.Engine),
            Find = KeepsRows(system) ? file => OwnerOf(KvGroup.Get(system).Client, file, settings.Sweep.RetryInterval) : null,
            Restorer = self => RestoreActor.Props(
                Gate(self), new PeerPort(doors.Duration("peer-timeout")), RestoreSettings.From(new Settings(config, "eos.fst.restore"))),
        };
        var actor = system.ActorOf(FilesystemActor.Supervised(parts, settings), FilesystemActor.NameOf(identity.Id));
        return new EosFilesystem(actor, Gate(actor));

        ActorGate Gate(IActorRef filesystem) =>
            new(identity.Id, disk, meter, filesystem, doors.Duration("gateway-timeout"), doors.Duration("commit-timeout"));
    }

    /// <summary>A client of this node's gateway, within the process: for the HTTP door and for embedding applications.</summary>
    public static EosClient Connect(ActorSystem system, EosHandles handles, GatewayProtocol.Claim claim, TimeSpan? timeout = null)
    {
        var gateway = handles.Gateway ?? throw new InvalidOperationException("this node has no gateway: it lacks the role mgm");
        return new EosClient(GatewayLink.To(system, gateway, ClientSettings.From(new Settings(system.Settings.Config, "eos.client"))), claim, timeout);
    }

    /// <summary>The configuration of the instance: in the group, or without one with an actor on one of the nodes of role mgm.</summary>
    private static IActorRef StartInstance(ActorSystem system, ClusterSharding sharding, bool isMgm, EosGroup? group, IClock clock)
    {
        IInstanceBook book = group is null ? new KeptBook(StartConfiguration(system, sharding, isMgm)) : new GroupBook(KvGroup.Get(system).Client);
        var settings = InstanceSettings.From(new Settings(system.Settings.Config, "eos.configuration"));
        return system.ActorOf(InstanceActor.Props(book, settings, clock, DistributedPubSub.Get(system).Mediator), InstanceProtocol.Name);
    }

    private static IActorRef StartConfiguration(ActorSystem system, ClusterSharding sharding, bool isMgm)
    {
        var extractor = new ConfigurationActor.Extractor();
        if (!isMgm) return sharding.StartProxy(ConfigurationActor.Name, Mgm, extractor);
        var settings = ClusterShardingSettings.Create(system).WithRole(Mgm);
        return sharding.Start(
            ConfigurationActor.Name, _ => ConfigurationActor.Props(), settings, extractor, sharding.DefaultShardAllocationStrategy(settings), PoisonPill.Instance);
    }

    private static void StartUpkeep(
        ActorSystem system, Cluster cluster, IActorRef master, bool leads, EosGroup? group, (IActorRef Region, AwakeDirectories Awake) directories, IClock clock)
    {
        var settings = UpkeepSettings.From(new Settings(system.Settings.Config, "eos.upkeep"));
        Func<string, Task<LongJournals?>> find = KeepsRows(system)
            ? after => LongJournalsOf(KvGroup.Get(system).Client, settings, after)
            : _ => Task.FromResult<LongJournals?>(new LongJournals(directories.Awake.All, ""));
        system.ActorOf(
            UpkeepActor.Props(new UpkeepParts(PlaceOf(cluster), () => NodesOf(cluster), master, leads, find, directories.Region, group?.Compact, settings, clock)), UpkeepProtocol.Name);
    }

    /// <summary>By their journals in the group; null: it does not answer.</summary>
    private static async Task<LongJournals?> LongJournalsOf(KvClient client, UpkeepSettings settings, string after) =>
        await client.LookAsync(new FindLongJournals(DirectorySharding.PersistenceIds, after, settings.MinEvents), settings.Patience).ConfigureAwait(false) is LongJournalsFound found
            ? new LongJournals([.. found.Ids.Select(id => DirectorySharding.DirectoryOf(id[DirectorySharding.PersistenceIds.Length..]))], found.Next)
            : null;

    private static string PlaceOf(Cluster cluster) => $"{cluster.SelfAddress.Host}:{cluster.SelfAddress.Port}";

    private static ImmutableArray<Address> NodesOf(Cluster cluster) =>
        [.. cluster.State.Members.Where(m => m.Status == MemberStatus.Up && !cluster.State.Unreachable.Contains(m)).Select(m => m.Address)];

    private static IActorRef StartMaster(ActorSystem system, EosGroup? group, IActorRef views, IActorRef instance, GatewaySettings gateway, IClock clock)
    {
        var wake = WakeSettings.From(new Settings(system.Settings.Config, "eos.namespace"));
        Func<IActorRef> directories = () => ClusterSharding.Get(system).ShardRegion(DirectorySharding.TypeName);
        Func<bool> holds = group is null ? () => true : () => KvGroup.Get(system).Session.Holds;
        MasterProtocol.Service[] services =
        [
            new(SweepOrders.Name, token => SweepOrders.Props(views, token, holds)),
            new(ProcMaker.Name, _ => ProcMaker.Props(gateway.Instance, holds, gateway.RetryInterval)),
            new(RecycleCleaner.Name, _ => RecycleCleaner.Props(instance, holds, clock, gateway.RecycleInterval)),
        ];
        if (KeepsRows(system))
        {
            services =
            [
                .. services,
                new(IndexWaker.Reports, _ => IndexWaker.OfReports(KvGroup.Get(system).Client, directories, wake)),
                new(IndexWaker.Deletions, _ => IndexWaker.OfDeletions(KvGroup.Get(system).Client, directories, wake)),
            ];
        }
        if (group is null)
        {
            var settings = ClusterSingletonManagerSettings.Create(system).WithRole(Mgm);
            system.ActorOf(ClusterSingletonManager.Props(MasterServices.Props(services, 0), PoisonPill.Instance, settings), MasterProtocol.Name);
            return ActorRefs.Nobody;
        }

        var (config, cluster) = (system.Settings.Config, Cluster.Get(system));
        var parts = new MasterParts(
            Mgm, KvGroup.Get(system), Incarnation.Of(cluster.SelfUniqueAddress), MasterSettings.From(new Settings(config, "eos.master"), new Settings(config, "eos.raft")),
            services, group.Member, group.Members, clock);
        return system.ActorOf(MasterActor.Props(parts), MasterProtocol.Name);
    }

    private static IActorRef StartDirectories(
        ActorSystem system, ClusterSharding sharding, DirectoryExtractor extractor, IActorRef views, AwakeDirectories awake, IClock clock)
    {
        var (config, settings) = (system.Settings.Config, ClusterShardingSettings.Create(system).WithRole(Mgm));
        var memory = MemorySettings.From(new Settings(config, "eos.namespace").Section("memory"));
        var budget = memory.BudgetOf(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        var stores = StoresOf(system);
        var parts = new DirectoryParts(
            () => sharding.ShardRegion(DirectorySharding.TypeName), views, DirectorySettings.From(new Settings(config, "eos.namespace")), clock, HoldsOf(system))
        {
            KeepsRows = KeepsRows(system),
            Awake = awake,
            Pages = stores.Pages,
            MostClean = budget / 8,
            Memory = (system.ActorOf(DirectoryMemory.Props(budget), "directory-memory"), memory.ReportInterval),
        };
        return sharding.Start(
            DirectorySharding.TypeName,
            id => id[0] == SleepReader.Mark ? SleepReader.Props(parts, stores) : DirectoryActor.Props(id, parts),
            settings,
            extractor,
            sharding.DefaultShardAllocationStrategy(settings),
            new DirectoryProtocol.Stop());
    }

    /// <summary>With the Raft journal, directories are fenced by the leases of their shards, and this node answers for them while its session holds.</summary>
    private static Func<bool> HoldsOf(ActorSystem system)
    {
        var config = system.Settings.Config;
        if (!KeepsRows(system)) return () => true;
        var (group, shards) = (KvGroup.Get(system), new Settings(config, "eos.namespace").Int("shards"));
        group.FenceBy(id => DirectorySharding.ShardOf(id, shards) is { } shard ? $"{system.Name}-shard-{shard.Type}-{shard.Shard}" : null);
        return () => group.Session.Holds;
    }

    /// <summary>Directories persist in the group, whose journal keeps rows of indexes. Without a group there are none, and nothing is found by its number.</summary>
    /// <exception cref="EosException">EAGAIN: the group does not answer.</exception>
    private static async Task<DirectoryId?> OwnerOf(KvClient client, FileId file, TimeSpan within) =>
        await client.LookAsync(new ScanIndex(NamespaceIndex.Files, NamespaceIndex.Key(file), default, 1), within).ConfigureAwait(false) is IndexRows { Rows: var rows }
            ? rows.IsEmpty ? null : NamespaceIndex.DirectoryOf(rows[0].Value.Span)
            : throw new EosException(Errno.TryAgain, "the group does not answer");

    private static bool KeepsRows(ActorSystem system) => system.Settings.Config.GetString("akka.persistence.journal.plugin") == RaftJournal.Id;

    /// <summary>Where directories are stored: in the group, or in what this node has of its own.</summary>
    private static SleepStores StoresOf(ActorSystem system)
    {
        var (persistence, config) = (Persistence.Instance.Apply(system), system.Settings.Config);
        var snapshots = persistence.SnapshotStoreFor("");
        var settings = JournalSettings.From(new Settings(config, "eos.journal"));
        return new SleepStores(
            snapshots,
            KeepsRows(system) ? new RaftEventReader((ExtendedActorSystem)system, KvGroup.Get(system), settings) : new LocalEventReader(system, persistence.JournalFor("")),
            config.GetString("akka.persistence.snapshot-store.plugin") == RaftSnapshotStore.Id ? new RaftPageStore(KvGroup.Get(system), settings) : new LocalPageStore(snapshots),
            settings.Patience);
    }

    private static IActorRef StartNumbers(ActorSystem system, ClusterSharding sharding)
    {
        var settings = ClusterShardingSettings.Create(system).WithRole(Mgm);
        return sharding.Start(
            IdAllocator.Name, _ => IdAllocator.Props(), settings, new IdExtractor(), sharding.DefaultShardAllocationStrategy(settings), new DirectoryProtocol.Stop());
    }

    private static IActorRef StartMover(ActorSystem system, ClusterSharding sharding, IActorRef directories)
    {
        var settings = ClusterShardingSettings.Create(system).WithRole(Mgm);
        var retry = DirectorySettings.From(new Settings(system.Settings.Config, "eos.namespace")).HandoverInterval;
        return sharding.Start(
            Mover.Name, _ => Mover.Props(directories, retry), settings, new MoverExtractor(), sharding.DefaultShardAllocationStrategy(settings), new DirectoryProtocol.Stop());
    }

    private static GatewaySettings GatewaySettingsOf(Config config) => GatewaySettings.From(
        new Settings(config, "eos.gateway"), new Settings(config, "eos").Text("instance"), new Settings(config, "eos.views").Duration("offline-after"),
        new Settings(config, "eos.node").Text("geotag"));
}
