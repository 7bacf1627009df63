namespace Eos.Tests.Support;

/// <summary>Tests that start clusters of actor systems run one cluster at a time: too many on two cores lose each other's heartbeats.</summary>
[CollectionDefinition(Name)]
public sealed class ClustersCollection
{
    public const string Name = "clusters";
}
