namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>A message of publish/subscribe that travels between nodes.</summary>
public interface IDistributedPubSubMessage;
