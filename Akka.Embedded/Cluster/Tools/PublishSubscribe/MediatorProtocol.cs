using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>
/// What mediators say to each other. A change is pushed to all at once; what gets lost is repaired by comparing
/// versions with one random node every gossip interval.
/// </summary>
internal sealed record RegistryStatus(ImmutableDictionary<UniqueAddress, long> Versions, bool IsReply) : IDistributedPubSubMessage, IDeadLetterSuppression;

internal sealed record RegistryDelta(ImmutableList<BucketDelta> Buckets) : IDistributedPubSubMessage, IDeadLetterSuppression;

/// <summary>A message for receivers of that node: all of the key, or one of them.</summary>
internal sealed record Deliver(Key Key, bool ToAll, object Message) : IDistributedPubSubMessage, IWrappedMessage;
