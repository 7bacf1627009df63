using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Tools.Client;

/// <summary>To a client: tell the sender its contact points now, and each change: <see cref="ContactPoints"/>, <see cref="ContactPointAdded"/>, <see cref="ContactPointRemoved"/>.</summary>
public sealed class SubscribeContactPoints
{
    public static readonly SubscribeContactPoints Instance = new();

    private SubscribeContactPoints() { }
}

/// <summary>To a client: no more about contact points.</summary>
public sealed class UnsubscribeContactPoints
{
    public static readonly UnsubscribeContactPoints Instance = new();

    private UnsubscribeContactPoints() { }
}

/// <summary>To a client: which contact points do you know? Answer: <see cref="ContactPoints"/>.</summary>
public sealed class GetContactPoints
{
    public static readonly GetContactPoints Instance = new();

    private GetContactPoints() { }
}

/// <summary>The receptionists that a client knows.</summary>
public sealed class ContactPoints
{
    public ContactPoints(IImmutableSet<ActorPath> contactPoints) => ContactPointsList = contactPoints;

    public IImmutableSet<ActorPath> ContactPointsList { get; }
}

/// <summary>The contact points of a client changed.</summary>
public interface IContactPointChange
{
    ActorPath ContactPoint { get; }
}

/// <summary>A receptionist became known to a client.</summary>
public sealed class ContactPointAdded : IContactPointChange
{
    public ContactPointAdded(ActorPath contactPoint) => ContactPoint = contactPoint;

    public ActorPath ContactPoint { get; }
}

/// <summary>A receptionist is no contact point any more.</summary>
public sealed class ContactPointRemoved : IContactPointChange
{
    public ContactPointRemoved(ActorPath contactPoint) => ContactPoint = contactPoint;

    public ActorPath ContactPoint { get; }
}
