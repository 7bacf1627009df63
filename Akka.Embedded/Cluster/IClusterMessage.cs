namespace Akka.Cluster;

/// <summary>Marks what nodes of a cluster say to each other.</summary>
public interface IClusterMessage;
