using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;

namespace Akka.Cluster.Sharding;

/// <summary>Makes the <see cref="ClusterSharding"/> of a system.</summary>
public sealed class ClusterShardingExtensionProvider : ExtensionIdProvider<ClusterSharding>
{
    public override ClusterSharding CreateExtension(ExtendedActorSystem system) => new(system);
}

/// <summary>Spreads entities, actors with an id, over the nodes of a cluster: one at most of each id runs, started by its first message.</summary>
public sealed class ClusterSharding : IExtension
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly ExtendedActorSystem system;
    private readonly Cluster cluster;
    private readonly Lazy<IActorRef> guardian;
    private readonly ConcurrentDictionary<string, IActorRef> regions = new();
    private readonly ConcurrentDictionary<string, IActorRef> proxies = new();

    public ClusterSharding(ExtendedActorSystem system)
    {
        this.system = system;
        cluster = Cluster.Get(system);
        Settings = ClusterShardingSettings.Create(system);
        guardian = new Lazy<IActorRef>(() => system.SystemActorOf(
            Props.Create(() => new ClusterShardingGuardian()), system.Settings.Config.GetString("akka.cluster.sharding.guardian-name")));
    }

    /// <summary>The settings of <c>akka.cluster.sharding</c>.</summary>
    public ClusterShardingSettings Settings { get; }

    /// <summary>Types of entities that this node hosts.</summary>
    public ImmutableHashSet<string> ShardTypeNames => regions.Keys.ToImmutableHashSet();

    public static ClusterSharding Get(ActorSystem system) => new ClusterShardingExtensionProvider().Apply(system);

    /// <summary>Keys and defaults of <c>akka.cluster.sharding</c>.</summary>
    public static Config DefaultConfig() => ConfigurationFactory.FromResource<ClusterSharding>("sharding.reference.conf");

    /// <summary>Starts hosting entities of a type on this node, if it has the role of the settings, else a proxy. Answers the region.</summary>
    public IActorRef Start(string typeName, Props entityProps, ClusterShardingSettings settings, IMessageExtractor messageExtractor) =>
        Start(typeName, _ => entityProps, settings, messageExtractor);

    /// <inheritdoc cref="Start(string, Props, ClusterShardingSettings, IMessageExtractor)"/>
    public IActorRef Start(
        string typeName, Props entityProps, ClusterShardingSettings settings, IMessageExtractor messageExtractor,
        IShardAllocationStrategy allocationStrategy, object handOffStopMessage) =>
        Start(typeName, _ => entityProps, settings, messageExtractor, allocationStrategy, handOffStopMessage);

    /// <inheritdoc cref="Start(string, Props, ClusterShardingSettings, IMessageExtractor)"/>
    public IActorRef Start(string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings, IMessageExtractor messageExtractor) =>
        Start(typeName, entityPropsFactory, settings, messageExtractor, DefaultShardAllocationStrategy(settings), PoisonPill.Instance);

    /// <inheritdoc cref="Start(string, Props, ClusterShardingSettings, IMessageExtractor)"/>
    public IActorRef Start(
        string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings, IMessageExtractor messageExtractor,
        IShardAllocationStrategy allocationStrategy, object handOffStopMessage) =>
        StartAsync(typeName, entityPropsFactory, settings, messageExtractor, allocationStrategy, handOffStopMessage).GetAwaiter().GetResult();

    /// <inheritdoc cref="Start(string, Props, ClusterShardingSettings, IMessageExtractor)"/>
    public Task<IActorRef> StartAsync(string typeName, Props entityProps, ClusterShardingSettings settings, IMessageExtractor messageExtractor) =>
        StartAsync(typeName, _ => entityProps, settings, messageExtractor);

    /// <inheritdoc cref="Start(string, Props, ClusterShardingSettings, IMessageExtractor)"/>
    public Task<IActorRef> StartAsync(
        string typeName, Props entityProps, ClusterShardingSettings settings, IMessageExtractor messageExtractor,
        IShardAllocationStrategy allocationStrategy, object handOffStopMessage) =>
        StartAsync(typeName, _ => entityProps, settings, messageExtractor, allocationStrategy, handOffStopMessage);

    /// <inheritdoc cref="Start(string, Props, ClusterShardingSettings, IMessageExtractor)"/>
    public Task<IActorRef> StartAsync(
        string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings, IMessageExtractor messageExtractor) =>
        StartAsync(typeName, entityPropsFactory, settings, messageExtractor, DefaultShardAllocationStrategy(settings), PoisonPill.Instance);

    /// <inheritdoc cref="Start(string, Props, ClusterShardingSettings, IMessageExtractor)"/>
    public async Task<IActorRef> StartAsync(
        string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings, IMessageExtractor messageExtractor,
        IShardAllocationStrategy allocationStrategy, object handOffStopMessage)
    {
        settings.Check();
        if (!settings.ShouldHostShards(cluster)) return await StartProxyAsync(typeName, settings.Role!, messageExtractor).ConfigureAwait(false);
        var coordinator = CoordinatorGuardian.Props(
            Props.Create(() => new ShardCoordinator(typeName, settings, allocationStrategy)), settings.TuningParameters.CoordinatorFailureBackoff);
        var manager = ClusterSingletonManager.Props(
            coordinator, new ShardProtocol.Terminate(), settings.CoordinatorSingletonSettings.WithSingletonName("singleton").WithRole(settings.Role));
        var region = Props.Create(() => new ShardRegion(typeName, entityPropsFactory, settings, messageExtractor, handOffStopMessage));
        return regions[typeName] = await StartChildren((Encoded(typeName) + "Coordinator", manager), (Encoded(typeName), region)).ConfigureAwait(false);
    }

    /// <summary>Starts a way to entities that other nodes host. Answers the proxy.</summary>
    public IActorRef StartProxy(string typeName, string? role, IMessageExtractor messageExtractor) =>
        StartProxyAsync(typeName, role, messageExtractor).GetAwaiter().GetResult();

    /// <inheritdoc cref="StartProxy"/>
    public async Task<IActorRef> StartProxyAsync(string typeName, string? role, IMessageExtractor messageExtractor)
    {
        var settings = ClusterShardingSettings.Create(system).WithRole(role);
        settings.Check();
        var proxy = Props.Create(() => new ShardRegion(typeName, null, settings, messageExtractor, PoisonPill.Instance));
        return proxies[typeName] = await StartChildren((Encoded(typeName) + "Proxy", proxy)).ConfigureAwait(false);
    }

    /// <summary>The region or proxy of the type on this node; it must have been started.</summary>
    public IActorRef ShardRegion(string typeName) =>
        regions.TryGetValue(typeName, out var region) || proxies.TryGetValue(typeName, out region)
            ? region
            : throw new ArgumentException($"shard type [{typeName}] must be started first, on this node", nameof(typeName));

    /// <summary>The proxy of the type on this node; it must have been started.</summary>
    public IActorRef ShardRegionProxy(string typeName) => proxies.TryGetValue(typeName, out var proxy)
        ? proxy
        : throw new ArgumentException($"the proxy of shard type [{typeName}] must be started first, on this node", nameof(typeName));

    /// <summary>The strategy that the settings' limits choose.</summary>
    public IShardAllocationStrategy DefaultShardAllocationStrategy(ClusterShardingSettings settings)
    {
        var t = settings.TuningParameters;
        return t.LeastShardAllocationAbsoluteLimit > 0
            ? ShardAllocationStrategy.LeastShardAllocationStrategy(t.LeastShardAllocationAbsoluteLimit, t.LeastShardAllocationRelativeLimit)
            : new LeastShardAllocationStrategy(t.LeastShardAllocationRebalanceThreshold, t.LeastShardAllocationMaxSimultaneousRebalance);
    }

    /// <summary>Where the coordinator of a type is, below the guardian.</summary>
    internal static string CoordinatorPath(string typeName) => $"{Encoded(typeName)}Coordinator/singleton/coordinator";

    private static string Encoded(string typeName) => Uri.EscapeDataString(typeName);

    private async Task<IActorRef> StartChildren(params (string, Props)[] children) =>
        await guardian.Value.Ask<IActorRef>(new ClusterShardingGuardian.StartChildren(children), StartTimeout).ConfigureAwait(false);
}
