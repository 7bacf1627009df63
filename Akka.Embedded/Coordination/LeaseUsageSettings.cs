namespace Akka.Coordination;

/// <summary>Which lease a user of leases takes, and how long it waits before it tries again.</summary>
public sealed class LeaseUsageSettings
{
    public LeaseUsageSettings(string leaseImplementation, TimeSpan leaseRetryInterval)
    {
        LeaseImplementation = leaseImplementation;
        LeaseRetryInterval = leaseRetryInterval;
    }

    /// <summary>Configuration path of the implementation.</summary>
    public string LeaseImplementation { get; }

    public TimeSpan LeaseRetryInterval { get; }

    public override string ToString() => $"LeaseUsageSettings({LeaseImplementation}, {LeaseRetryInterval})";

    /// <summary>Reads use-lease and lease-retry-interval; nothing if no lease is named.</summary>
    internal static LeaseUsageSettings? From(Configuration.Config config) => config.GetString("use-lease") is { Length: > 0 } path
        ? new LeaseUsageSettings(path, config.GetTimeSpan("lease-retry-interval"))
        : null;
}
