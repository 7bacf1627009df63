using Akka.Actor;
using Akka.Configuration;
using Akka.Coordination;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>How a singleton is run; immutable.</summary>
public sealed class ClusterSingletonManagerSettings
{
    private ClusterSingletonManagerSettings(
        string singletonName, string? role, TimeSpan removalMargin, TimeSpan handOverRetryInterval, int minRetries, LeaseUsageSettings? leaseSettings)
    {
        if (string.IsNullOrWhiteSpace(singletonName)) throw new ArgumentException("the singleton needs a name", nameof(singletonName));
        if (handOverRetryInterval <= TimeSpan.Zero) throw new ArgumentException("hand-over-retry-interval must be positive", nameof(handOverRetryInterval));
        SingletonName = singletonName;
        Role = string.IsNullOrEmpty(role) ? null : role;
        RemovalMargin = removalMargin;
        HandOverRetryInterval = handOverRetryInterval;
        MinRetries = minRetries;
        LeaseSettings = leaseSettings;
    }

    public string SingletonName { get; }

    /// <summary>Only nodes of this role run the singleton; nothing: every node.</summary>
    public string? Role { get; }

    /// <summary>Wait after a node that had the singleton was removed; zero: the downing provider's margin.</summary>
    public TimeSpan RemovalMargin { get; }

    public TimeSpan HandOverRetryInterval { get; }

    public LeaseUsageSettings? LeaseSettings { get; }

    internal int MinRetries { get; }

    /// <summary>Settings from <c>akka.cluster.singleton</c>, with the removal margin of the system's downing provider.</summary>
    public static ClusterSingletonManagerSettings Create(ActorSystem system) =>
        Create(system.Settings.Config.GetConfig("akka.cluster.singleton")).WithRemovalMargin(Cluster.Get(system).DowningProvider.DownRemovalMargin);

    public static ClusterSingletonManagerSettings Create(Config config) => new(
        config.GetString("singleton-name"), config.GetString("role"), TimeSpan.Zero, config.GetTimeSpan("hand-over-retry-interval"),
        config.GetInt("min-number-of-hand-over-retries"), LeaseUsageSettings.From(config));

    public ClusterSingletonManagerSettings WithSingletonName(string singletonName) =>
        new(singletonName, Role, RemovalMargin, HandOverRetryInterval, MinRetries, LeaseSettings);

    public ClusterSingletonManagerSettings WithRole(string? role) =>
        new(SingletonName, role, RemovalMargin, HandOverRetryInterval, MinRetries, LeaseSettings);

    public ClusterSingletonManagerSettings WithRemovalMargin(TimeSpan removalMargin) =>
        new(SingletonName, Role, removalMargin, HandOverRetryInterval, MinRetries, LeaseSettings);

    public ClusterSingletonManagerSettings WithHandOverRetryInterval(TimeSpan handOverRetryInterval) =>
        new(SingletonName, Role, RemovalMargin, handOverRetryInterval, MinRetries, LeaseSettings);

    public ClusterSingletonManagerSettings WithLeaseSettings(LeaseUsageSettings? leaseSettings) =>
        new(SingletonName, Role, RemovalMargin, HandOverRetryInterval, MinRetries, leaseSettings);
}
