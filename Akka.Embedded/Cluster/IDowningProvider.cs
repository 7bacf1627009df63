using Akka.Actor;

namespace Akka.Cluster;

/// <summary>
/// Decides which unreachable members are downed. Named by <c>akka.cluster.downing-provider-class</c>; its constructor takes
/// the actor system and the cluster.
/// </summary>
public interface IDowningProvider
{
    /// <summary>How long singletons and shards of a downed member wait before they start elsewhere.</summary>
    TimeSpan DownRemovalMargin { get; }

    /// <summary>The actor that watches the cluster and downs members; null if there is none.</summary>
    Props? DowningActorProps { get; }
}
