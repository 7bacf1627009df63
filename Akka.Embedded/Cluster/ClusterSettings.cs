using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Util;

namespace Akka.Cluster;

/// <summary>The settings below <c>akka.cluster</c>.</summary>
public sealed class ClusterSettings
{
    private readonly Config _cluster;

    public ClusterSettings(Config config, string systemName)
    {
        var cluster = config.GetConfig("akka.cluster");
        var detector = cluster.GetConfig("failure-detector");
        _cluster = cluster;
        FailureDetectorConfig = detector;
        FailureDetectorImplementationClass = detector.GetString("implementation-class");
        HeartbeatInterval = detector.GetTimeSpan("heartbeat-interval");
        HeartbeatExpectedResponseAfter = detector.GetTimeSpan("expected-response-after");
        MonitoredByNrOfMembers = detector.GetInt("monitored-by-nr-of-members");
        SeedNodes = [.. cluster.GetStringList("seed-nodes").Select(Address.Parse)];
        SeedNodeTimeout = cluster.GetTimeSpan("seed-node-timeout");
        RetryUnsuccessfulJoinAfter = Optional(cluster, "retry-unsuccessful-join-after");
        ShutdownAfterUnsuccessfulJoinSeedNodes = Optional(cluster, "shutdown-after-unsuccessful-join-seed-nodes");
        PeriodicTasksInitialDelay = cluster.GetTimeSpan("periodic-tasks-initial-delay");
        GossipInterval = cluster.GetTimeSpan("gossip-interval");
        GossipDifferentViewProbability = cluster.GetDouble("gossip-different-view-probability");
        ReduceGossipDifferentViewProbability = cluster.GetInt("reduce-gossip-different-view-probability");
        LeaderActionsInterval = cluster.GetTimeSpan("leader-actions-interval");
        UnreachableNodesReaperInterval = cluster.GetTimeSpan("unreachable-nodes-reaper-interval");
        LogInfo = cluster.GetBoolean("log-info");
        LogInfoVerbose = cluster.GetBoolean("log-info-verbose");
        UseDispatcher = cluster.GetString("use-dispatcher") is { Length: > 0 } named ? named : "akka.actor.internal-dispatcher";
        Roles = [.. cluster.GetStringList("roles")];
        MinNrOfMembers = cluster.GetInt("min-nr-of-members");
        MinNrOfMembersOfRole = (cluster.GetConfig("role")?.AsEnumerable() ?? []).Select(r => r.Key)
            .ToImmutableDictionary(role => role, role => cluster.GetInt($"role.{role}.min-nr-of-members"));
        RunCoordinatedShutdownWhenDown = cluster.GetBoolean("run-coordinated-shutdown-when-down");
        WeaklyUpAfter = cluster.GetString("allow-weakly-up-members").ToLowerInvariant() switch
        {
            "off" or "false" or "no" => TimeSpan.Zero,
            "on" or "true" or "yes" => TimeSpan.FromSeconds(7),
            _ => cluster.GetTimeSpan("allow-weakly-up-members"),
        };
        DownRemovalMargin = Optional(cluster, "down-removal-margin");
        QuarantineRemovedNodeAfter = cluster.GetTimeSpan("quarantine-removed-node-after");
        DowningProviderName = cluster.GetString("downing-provider-class");
        System = systemName;
    }

    /// <summary>The section <c>akka.cluster.failure-detector</c>.</summary>
    public Config FailureDetectorConfig { get; }

    /// <summary>The class that judges heartbeats.</summary>
    public string FailureDetectorImplementationClass { get; }

    /// <summary>How often a neighbour is asked for a sign of life.</summary>
    public TimeSpan HeartbeatInterval { get; }

    /// <summary>When the first answer of a new neighbour is taken as due.</summary>
    public TimeSpan HeartbeatExpectedResponseAfter { get; }

    /// <summary>How many neighbours on the ring watch each member.</summary>
    public int MonitoredByNrOfMembers { get; }

    /// <summary>The nodes that are asked for admission, in this order; the first may found the cluster.</summary>
    public ImmutableList<Address> SeedNodes { get; }

    /// <summary>How long a seed node is waited for.</summary>
    public TimeSpan SeedNodeTimeout { get; }

    /// <summary>When an unanswered join is repeated; null: never.</summary>
    public TimeSpan? RetryUnsuccessfulJoinAfter { get; }

    /// <summary>When the node gives up joining the seed nodes and shuts down; null: never.</summary>
    public TimeSpan? ShutdownAfterUnsuccessfulJoinSeedNodes { get; }

    /// <summary>The wait before the periodic tasks start.</summary>
    public TimeSpan PeriodicTasksInitialDelay { get; }

    /// <summary>How often the node tells its view to another.</summary>
    public TimeSpan GossipInterval { get; }

    /// <summary>How probable it is that a peer is preferred that has not seen this view.</summary>
    public double GossipDifferentViewProbability { get; }

    /// <summary>The size of cluster from which that probability shrinks.</summary>
    public int ReduceGossipDifferentViewProbability { get; }

    /// <summary>How often the leader acts.</summary>
    public TimeSpan LeaderActionsInterval { get; }

    /// <summary>How often the failure detector's verdicts are read.</summary>
    public TimeSpan UnreachableNodesReaperInterval { get; }

    /// <summary>Whether the cluster logs what happens to members.</summary>
    public bool LogInfo { get; }

    /// <summary>Whether it logs more than that.</summary>
    public bool LogInfoVerbose { get; }

    /// <summary>The dispatcher of the cluster's own actors.</summary>
    public string UseDispatcher { get; }

    /// <summary>The roles of this node.</summary>
    public ImmutableHashSet<string> Roles { get; }

    /// <summary>How many members must be there before the first becomes Up.</summary>
    public int MinNrOfMembers { get; }

    /// <summary>The same by role.</summary>
    public ImmutableDictionary<string, int> MinNrOfMembersOfRole { get; }

    /// <summary>Whether the system shuts down when this node is no longer a member.</summary>
    public bool RunCoordinatedShutdownWhenDown { get; }

    /// <summary>Whether a node may work before everybody has seen it join.</summary>
    public bool AllowWeaklyUpMembers => WeaklyUpAfter > TimeSpan.Zero;

    /// <summary>How long convergence is waited for before that; zero: for ever.</summary>
    public TimeSpan WeaklyUpAfter { get; }

    /// <summary>The class that decides who is downed.</summary>
    public Type DowningProviderType =>
        DowningProviderName.Length == 0 ? typeof(NoDowning) : TypeNames.Require(DowningProviderName, "akka.cluster.downing-provider-class");

    internal string DowningProviderName { get; }

    /// <summary>What <c>down-removal-margin</c> says; null if it is off.</summary>
    internal TimeSpan? DownRemovalMargin { get; }

    /// <summary>How long a member that left may still talk before its incarnation is refused.</summary>
    internal TimeSpan QuarantineRemovedNodeAfter { get; }

    internal Config Section => _cluster;

    internal string System { get; }

    private static TimeSpan? Optional(Config config, string key) =>
        config.GetString(key).ToLowerInvariant() is "off" or "false" or "no" or "" ? null
        : config.GetTimeSpan(key) is var time && time > TimeSpan.Zero ? time : null;
}
