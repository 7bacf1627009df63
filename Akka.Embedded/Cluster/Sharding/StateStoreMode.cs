namespace Akka.Cluster.Sharding;

/// <summary>Where the coordinator keeps its state.</summary>
public enum StateStoreMode
{
    Persistence = 0,
    DData = 1,
    Custom = 2,
}
