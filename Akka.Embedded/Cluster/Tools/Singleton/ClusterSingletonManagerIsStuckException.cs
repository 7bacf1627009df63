namespace Akka.Cluster.Tools.Singleton;

/// <summary>The hand-over was not answered in time; the manager starts over.</summary>
public sealed class ClusterSingletonManagerIsStuckException : Akka.Actor.AkkaException
{
    public ClusterSingletonManagerIsStuckException(string message) : base(message) { }
}
