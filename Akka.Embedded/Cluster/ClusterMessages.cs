using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster;

// Between nodes. A newcomer asks the seed nodes (InitJoin), joins by one that acknowledges (Join), repeats until it is welcomed
// (Welcome). From then on members tell each other their views: GossipStatus asks whether the view is known, GossipEnvelope tells it.
// Each watches some neighbours by Heartbeat. One that leaves says ExitingConfirmed last. All of it may be lost and is repeated.

/// <summary>Is there a cluster?</summary>
internal sealed record InitJoin : IClusterMessage, IDeadLetterSuppression;

/// <summary>There is; join by this address.</summary>
internal sealed record InitJoinAck(Address Address) : IClusterMessage, IDeadLetterSuppression;

/// <summary>Not here, not yet.</summary>
internal sealed record InitJoinNack(Address Address) : IClusterMessage, IDeadLetterSuppression;

/// <summary>Let me in.</summary>
internal sealed record Join(UniqueAddress Node, ImmutableHashSet<string> Roles) : IClusterMessage, IDeadLetterSuppression;

/// <summary>You are in; this is what we know.</summary>
internal sealed record Welcome(UniqueAddress From, Gossip Gossip) : IClusterMessage, IDeadLetterSuppression;

/// <summary>A node's view, for one incarnation of another.</summary>
internal sealed record GossipEnvelope(UniqueAddress From, UniqueAddress To, Gossip Gossip) : IClusterMessage, IDeadLetterSuppression;

/// <summary>The version of a node's view and a digest of who has seen it.</summary>
internal sealed record GossipStatus(UniqueAddress From, VectorClock Version, int SeenDigest) : IClusterMessage, IDeadLetterSuppression;

/// <summary>Are you there?</summary>
internal sealed record Heartbeat(long Sequence) : IClusterMessage, IDeadLetterSuppression;

/// <summary>I am.</summary>
internal sealed record HeartbeatResponse(UniqueAddress From, long Sequence) : IClusterMessage, IDeadLetterSuppression;

/// <summary>I have handed over what I held; do not wait for me.</summary>
internal sealed record ExitingConfirmed(UniqueAddress Node) : IClusterMessage, IDeadLetterSuppression;

// Within a node.

/// <summary>Ask that node for admission.</summary>
internal sealed record JoinTo(Address Address);

/// <summary>Ask those nodes for admission.</summary>
internal sealed record JoinSeedNodes(ImmutableList<Address> SeedNodes);

/// <summary>Let that member leave.</summary>
internal sealed record Leave(Address Address);

/// <summary>Declare that member dead.</summary>
internal sealed record Down(Address Address);

/// <summary>What the node had to hand over is handed over.</summary>
internal sealed record ExitingCompleted;

/// <summary>A new view, to be shown and told as events.</summary>
internal sealed record ShowView(Membership View);

internal sealed record AddSubscriber(IActorRef Subscriber, ClusterEvent.SubscriptionInitialStateMode Mode, ImmutableHashSet<Type> Types);

internal sealed record RemoveSubscriber(IActorRef Subscriber, Type? Type);

internal sealed record SendState(IActorRef Receiver);

/// <summary>Run the callback when this node is Up.</summary>
internal sealed record WhenUp(Action Callback);
