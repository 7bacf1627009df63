using Akka.Configuration;

namespace Akka.Coordination;

/// <summary>Name, owner, timeouts and configuration of one lease.</summary>
public sealed class LeaseSettings
{
    public LeaseSettings(string leaseName, string ownerName, TimeoutSettings timeoutSettings, Config leaseConfig)
    {
        LeaseName = leaseName;
        OwnerName = ownerName;
        TimeoutSettings = timeoutSettings;
        LeaseConfig = leaseConfig;
    }

    /// <summary>What is leased.</summary>
    public string LeaseName { get; }

    /// <summary>Who holds it, unique in the cluster.</summary>
    public string OwnerName { get; }

    public TimeoutSettings TimeoutSettings { get; }

    /// <summary>The implementation's section, with <c>akka.coordination.lease</c> below it.</summary>
    public Config LeaseConfig { get; }

    public static LeaseSettings Create(Config config, string leaseName, string ownerName) =>
        new(leaseName, ownerName, TimeoutSettings.Create(config), config);

    public LeaseSettings WithTimeoutSettings(TimeoutSettings timeoutSettings) => new(LeaseName, OwnerName, timeoutSettings, LeaseConfig);

    public override string ToString() => $"LeaseSettings({LeaseName}, {OwnerName}, {TimeoutSettings})";
}
