using Akka.Actor;

namespace Akka.Cluster;

/// <summary>Makes the <see cref="Cluster"/> of an actor system.</summary>
public sealed class ClusterExtension : ExtensionIdProvider<Cluster>
{
    internal static readonly ClusterExtension Instance = new();

    public override Cluster CreateExtension(ExtendedActorSystem system) => new((ActorSystemImpl)system);
}
