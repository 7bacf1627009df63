namespace Akka.Actor;

/// <summary>Questions about references.</summary>
public static class ActorRefExtensions
{
    /// <summary>Whether there is nobody behind the reference: none, <see cref="ActorRefs.Nobody"/> or dead letters.</summary>
    public static bool IsNobody(this IActorRef? actorRef) => actorRef is null or Nobody or DeadLetterRef;
}
