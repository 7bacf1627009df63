using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// What singleton managers say to each other. The new oldest asks each node that may still run the singleton to hand over,
/// again and again, until it is told that the singleton has ended there or until that node is removed.
/// </summary>
public interface IClusterSingletonMessage;

internal sealed record HandOverToMe : IClusterSingletonMessage, IDeadLetterSuppression;

internal sealed record HandOverInProgress : IClusterSingletonMessage, IDeadLetterSuppression;

internal sealed record HandOverDone : IClusterSingletonMessage, IDeadLetterSuppression;
