using Akka.Actor;

namespace Akka.Cluster;

/// <summary>The node did not become a member: joining was given up, cancelled, or the node was removed meanwhile.</summary>
public class ClusterJoinFailedException : AkkaException
{
    public ClusterJoinFailedException(string message) : base(message)
    {
    }
}
