using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Tools.Client;

/// <summary>To a receptionist: tell the sender its clients now, and each that comes or falls silent.</summary>
public sealed class SubscribeClusterClients
{
    private SubscribeClusterClients() { }

    public static SubscribeClusterClients Instance { get; } = new();
}

/// <summary>To a receptionist: no more about clients.</summary>
public sealed class UnsubscribeClusterClients
{
    private UnsubscribeClusterClients() { }

    public static UnsubscribeClusterClients Instance { get; } = new();
}

/// <summary>To a receptionist: which clients do you serve? Answer: <see cref="ClusterClients"/>.</summary>
public sealed class GetClusterClients
{
    private GetClusterClients() { }

    public static GetClusterClients Instance { get; } = new();
}

/// <summary>The clients of a receptionist.</summary>
public sealed class ClusterClients
{
    public ClusterClients(IImmutableSet<IActorRef> clusterClients) => ClusterClientsList = clusterClients;

    public IImmutableSet<IActorRef> ClusterClientsList { get; }
}

/// <summary>A client came or fell silent.</summary>
public interface IClusterClientInteraction
{
    IActorRef ClusterClient { get; }
}

/// <summary>A client was heard of for the first time, or again.</summary>
public sealed class ClusterClientUp : IClusterClientInteraction
{
    public ClusterClientUp(IActorRef clusterClient) => ClusterClient = clusterClient;

    public IActorRef ClusterClient { get; }
}

/// <summary>A client is silent.</summary>
public sealed class ClusterClientUnreachable : IClusterClientInteraction
{
    public ClusterClientUnreachable(IActorRef clusterClient) => ClusterClient = clusterClient;

    public IActorRef ClusterClient { get; }
}
