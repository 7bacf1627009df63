using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tools.Client;

/// <summary>How a receptionist serves clients; immutable.</summary>
public sealed class ClusterReceptionistSettings
{
    public ClusterReceptionistSettings(
        string? role, int numberOfContacts, TimeSpan responseTunnelReceiveTimeout, TimeSpan heartbeatInterval,
        TimeSpan acceptableHeartbeatPause, TimeSpan failureDetectionInterval)
    {
        Role = string.IsNullOrEmpty(role) ? null : role;
        NumberOfContacts = numberOfContacts;
        ResponseTunnelReceiveTimeout = responseTunnelReceiveTimeout;
        HeartbeatInterval = heartbeatInterval;
        AcceptableHeartbeatPause = acceptableHeartbeatPause;
        FailureDetectionInterval = failureDetectionInterval;
    }

    /// <summary>Only nodes of this role take clients; nothing: every node.</summary>
    public string? Role { get; }

    public int NumberOfContacts { get; }

    public TimeSpan ResponseTunnelReceiveTimeout { get; }

    public TimeSpan HeartbeatInterval { get; }

    public TimeSpan AcceptableHeartbeatPause { get; }

    public TimeSpan FailureDetectionInterval { get; }

    /// <summary>Settings from <c>akka.cluster.client.receptionist</c>.</summary>
    public static ClusterReceptionistSettings Create(ActorSystem system) => Create(system.Settings.Config.GetConfig("akka.cluster.client.receptionist"));

    public static ClusterReceptionistSettings Create(Config config) => new(
        config.GetString("role"), config.GetInt("number-of-contacts"), config.GetTimeSpan("response-tunnel-receive-timeout"),
        config.GetTimeSpan("heartbeat-interval"), config.GetTimeSpan("acceptable-heartbeat-pause"), config.GetTimeSpan("failure-detection-interval"));
}
