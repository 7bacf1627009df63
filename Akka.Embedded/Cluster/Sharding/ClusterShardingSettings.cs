using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Coordination;

namespace Akka.Cluster.Sharding;

/// <summary>How entities of one type are spread over the cluster; immutable.</summary>
public sealed class ClusterShardingSettings
{
    /// <summary>Only nodes of this role host entities; nothing: every node.</summary>
    public readonly string? Role;
    public readonly bool RememberEntities;
    public readonly string JournalPluginId;
    public readonly string SnapshotPluginId;
    public readonly StateStoreMode StateStoreMode;

    /// <summary>Zero: entities are not stopped for being idle.</summary>
    public readonly TimeSpan PassivateIdleEntityAfter;
    public readonly TimeSpan ShardRegionQueryTimeout;
    public readonly TuningParameters TuningParameters;
    public readonly ClusterSingletonManagerSettings CoordinatorSingletonSettings;
    public readonly LeaseUsageSettings? LeaseSettings;
    internal readonly bool VerboseDebug;

    private ClusterShardingSettings(
        string? role, bool rememberEntities, string journalPluginId, string snapshotPluginId, StateStoreMode stateStoreMode,
        TimeSpan passivateIdleEntityAfter, TimeSpan shardRegionQueryTimeout, TuningParameters tuningParameters,
        ClusterSingletonManagerSettings coordinatorSingletonSettings, LeaseUsageSettings? leaseSettings, bool verboseDebug)
    {
        Role = string.IsNullOrEmpty(role) ? null : role;
        RememberEntities = rememberEntities;
        JournalPluginId = journalPluginId;
        SnapshotPluginId = snapshotPluginId;
        StateStoreMode = stateStoreMode;
        PassivateIdleEntityAfter = passivateIdleEntityAfter;
        ShardRegionQueryTimeout = shardRegionQueryTimeout;
        TuningParameters = tuningParameters;
        CoordinatorSingletonSettings = coordinatorSingletonSettings;
        LeaseSettings = leaseSettings;
        VerboseDebug = verboseDebug;
    }

    /// <summary>Settings from <c>akka.cluster.sharding</c> of the system.</summary>
    public static ClusterShardingSettings Create(ActorSystem system)
    {
        var config = system.Settings.Config.GetConfig("akka.cluster.sharding");
        return Create(config, system.Settings.Config.GetConfig(config.GetString("coordinator-singleton")));
    }

    public static ClusterShardingSettings Create(Config config, Config singletonConfig)
    {
        var singleton = ClusterSingletonManagerSettings.Create(singletonConfig);
        var role = config.GetString("role");
        return new(
            role, config.GetBoolean("remember-entities"), config.GetString("journal-plugin-id") ?? "", config.GetString("snapshot-plugin-id") ?? "",
            Mode(config.GetString("state-store-mode")), Idle(config), config.GetTimeSpan("shard-region-query-timeout"), new TuningParameters(config),
            config.GetBoolean("coordinator-singleton-role-override") ? singleton.WithRole(role) : singleton,
            LeaseUsageSettings.From(config), config.GetBoolean("verbose-debug-logging"));
    }

    public ClusterShardingSettings WithRole(string? role) => Copy(role: role, changeRole: true);

    public ClusterShardingSettings WithRememberEntities(bool rememberEntities) => Copy(rememberEntities: rememberEntities);

    public ClusterShardingSettings WithJournalPluginId(string journalPluginId) => Copy(journalPluginId: journalPluginId ?? "");

    public ClusterShardingSettings WithSnapshotPluginId(string snapshotPluginId) => Copy(snapshotPluginId: snapshotPluginId ?? "");

    public ClusterShardingSettings WithStateStoreMode(StateStoreMode mode) => Copy(mode: mode);

    public ClusterShardingSettings WithPassivateIdleAfter(TimeSpan duration) => Copy(idle: duration);

    public ClusterShardingSettings WithTuningParameters(TuningParameters tuningParameters) => Copy(tuning: tuningParameters);

    public ClusterShardingSettings WithCoordinatorSingletonSettings(ClusterSingletonManagerSettings coordinatorSingletonSettings) =>
        Copy(singleton: coordinatorSingletonSettings);

    public ClusterShardingSettings WithLeaseSettings(LeaseUsageSettings leaseSettings) => Copy(lease: leaseSettings);

    internal bool ShouldHostShards(Cluster cluster) => Role == null || cluster.SelfRoles.Contains(Role);

    /// <summary>Throws if the settings ask for what this engine has not.</summary>
    internal void Check()
    {
        if (RememberEntities)
            throw new ConfigurationException("akka.cluster.sharding.remember-entities = on is not offered by Akka.Embedded: set it to off");
        if (StateStoreMode != StateStoreMode.Persistence)
            throw new ConfigurationException(
                $"akka.cluster.sharding.state-store-mode = {StateStoreMode.ToString().ToLowerInvariant()} is not offered by Akka.Embedded: set it to persistence");
    }

    private static StateStoreMode Mode(string? name) => name?.ToLowerInvariant() switch
    {
        "persistence" => StateStoreMode.Persistence,
        "ddata" => StateStoreMode.DData,
        "custom" => StateStoreMode.Custom,
        _ => throw new ConfigurationException($"akka.cluster.sharding.state-store-mode = [{name}] is neither persistence nor ddata"),
    };

    private static TimeSpan Idle(Config config) => config.GetString("passivate-idle-entity-after") is "off" or "false"
        ? TimeSpan.Zero
        : config.GetTimeSpan("passivate-idle-entity-after");

    private ClusterShardingSettings Copy(
        string? role = null, bool changeRole = false, bool? rememberEntities = null, string? journalPluginId = null, string? snapshotPluginId = null,
        StateStoreMode? mode = null, TimeSpan? idle = null, TuningParameters? tuning = null, ClusterSingletonManagerSettings? singleton = null,
        LeaseUsageSettings? lease = null) =>
        new(changeRole ? role : Role, rememberEntities ?? RememberEntities, journalPluginId ?? JournalPluginId, snapshotPluginId ?? SnapshotPluginId,
            mode ?? StateStoreMode, idle ?? PassivateIdleEntityAfter, ShardRegionQueryTimeout, tuning ?? TuningParameters,
            changeRole ? CoordinatorSingletonSettings.WithRole(role) : singleton ?? CoordinatorSingletonSettings, lease ?? LeaseSettings, VerboseDebug);
}
