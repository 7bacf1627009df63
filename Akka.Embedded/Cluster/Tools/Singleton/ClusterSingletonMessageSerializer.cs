using Akka.Actor;
using Akka.Serialization;

namespace Akka.Cluster.Tools.Singleton.Serialization;

/// <summary>Hand-over messages.</summary>
internal sealed class ClusterSingletonMessageSerializer : TableSerializer
{
    public ClusterSingletonMessageSerializer(ExtendedActorSystem system) : base(system)
    {
        Row("A", new HandOverToMe());
        Row("B", new HandOverInProgress());
        Row("C", new HandOverDone());
    }
}
