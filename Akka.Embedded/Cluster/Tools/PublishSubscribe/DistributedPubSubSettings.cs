using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>How publish/subscribe runs; immutable.</summary>
public sealed class DistributedPubSubSettings
{
    private DistributedPubSubSettings(
        string? role, bool roundRobin, TimeSpan gossipInterval, TimeSpan removedTimeToLive, int maxDeltaElements, bool sendToDeadLettersWhenNoSubscribers)
    {
        Role = string.IsNullOrEmpty(role) ? null : role;
        RoundRobin = roundRobin;
        GossipInterval = gossipInterval;
        RemovedTimeToLive = removedTimeToLive;
        MaxDeltaElements = maxDeltaElements;
        SendToDeadLettersWhenNoSubscribers = sendToDeadLettersWhenNoSubscribers;
    }

    /// <summary>Only nodes of this role take part; nothing: every node.</summary>
    public string? Role { get; }

    public TimeSpan GossipInterval { get; }

    public TimeSpan RemovedTimeToLive { get; }

    public int MaxDeltaElements { get; }

    public bool SendToDeadLettersWhenNoSubscribers { get; }

    internal bool RoundRobin { get; }

    /// <summary>Settings from <c>akka.cluster.pub-sub</c>.</summary>
    public static DistributedPubSubSettings Create(ActorSystem system) => Create(system.Settings.Config.GetConfig("akka.cluster.pub-sub"));

    public static DistributedPubSubSettings Create(Config config) => new(
        config.GetString("role"),
        config.GetString("routing-logic") switch
        {
            "random" => false,
            "round-robin" => true,
            var other => throw new ConfigurationException($"akka.cluster.pub-sub.routing-logic = [{other}] is neither random nor round-robin"),
        },
        config.GetTimeSpan("gossip-interval"), config.GetTimeSpan("removed-time-to-live"), config.GetInt("max-delta-elements"),
        config.GetBoolean("send-to-dead-letters-when-no-subscribers"));

    public DistributedPubSubSettings WithRole(string? role) =>
        new(role, RoundRobin, GossipInterval, RemovedTimeToLive, MaxDeltaElements, SendToDeadLettersWhenNoSubscribers);

    public DistributedPubSubSettings WithGossipInterval(TimeSpan gossipInterval) =>
        new(Role, RoundRobin, gossipInterval, RemovedTimeToLive, MaxDeltaElements, SendToDeadLettersWhenNoSubscribers);

    public DistributedPubSubSettings WithRemovedTimeToLive(TimeSpan removedTtl) =>
        new(Role, RoundRobin, GossipInterval, removedTtl, MaxDeltaElements, SendToDeadLettersWhenNoSubscribers);

    public DistributedPubSubSettings WithMaxDeltaElements(int maxDeltaElements) =>
        new(Role, RoundRobin, GossipInterval, RemovedTimeToLive, maxDeltaElements, SendToDeadLettersWhenNoSubscribers);

    public DistributedPubSubSettings WithSendToDeadLettersWhenNoSubscribers(bool sendToDeadLetterWhenNoSubscribers) =>
        new(Role, RoundRobin, GossipInterval, RemovedTimeToLive, MaxDeltaElements, sendToDeadLetterWhenNoSubscribers);
}
