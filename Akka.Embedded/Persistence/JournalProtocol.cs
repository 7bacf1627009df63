using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

// The conversation: a persistent actor sends WriteMessages (at most one at a time) and gets, with the sender of the command that caused each,
// one WriteMessageSuccess, WriteMessageRejected or WriteMessageFailure an event and one LoopMessageSuccess a deferred message, and one
// WriteMessagesSuccessful or WriteMessagesFailed for the whole. ReplayMessages is answered by ReplayedMessage... and RecoverySuccess or ReplayMessagesFailure.

/// <summary>Anything that persistent actors and plugins say to each other.</summary>
public interface IPersistenceMessage : INoSerializationVerificationNeeded;

/// <summary>Anything that persistent actors and journals say to each other.</summary>
public interface IJournalMessage : IPersistenceMessage;

/// <summary>What a journal is asked.</summary>
public interface IJournalRequest : IJournalMessage;

/// <summary>What a journal answers.</summary>
public interface IJournalResponse : IJournalMessage;

/// <summary>Store these, in order.</summary>
public sealed class WriteMessages(IEnumerable<IPersistentEnvelope> messages, IActorRef persistentActor, int actorInstanceId) : IJournalRequest
{
    public IEnumerable<IPersistentEnvelope> Messages { get; } = messages;
    public IActorRef PersistentActor { get; } = persistentActor;
    public int ActorInstanceId { get; } = actorInstanceId;
}

/// <summary>The write as a whole went through; single events may have been rejected.</summary>
public sealed class WriteMessagesSuccessful : IJournalResponse
{
    private WriteMessagesSuccessful()
    {
    }

    public static WriteMessagesSuccessful Instance { get; } = new();
}

/// <summary>Nothing is known to be stored of the write.</summary>
public sealed class WriteMessagesFailed(Exception cause, int writeCount) : IJournalResponse
{
    public Exception Cause { get; } = cause;
    public int WriteCount { get; } = writeCount;
    public override string ToString() => $"WriteMessagesFailed<cause: {Cause.Message}, writes: {WriteCount}>";
}

/// <summary>One event is stored.</summary>
public sealed class WriteMessageSuccess(IPersistentRepresentation persistent, int actorInstanceId) : IJournalResponse, INoSerializationVerificationNeeded
{
    public IPersistentRepresentation Persistent { get; } = persistent;
    public int ActorInstanceId { get; } = actorInstanceId;
    public override string ToString() => $"WriteMessageSuccess<actorInstanceId: {ActorInstanceId}, message: {Persistent}>";
}

/// <summary>One event was refused before anything was tried, for instance because no serializer takes it.</summary>
public sealed class WriteMessageRejected(IPersistentRepresentation persistent, Exception cause, int actorInstanceId) : IJournalResponse, INoSerializationVerificationNeeded
{
    public IPersistentRepresentation Persistent { get; } = persistent;
    public Exception Cause { get; } = cause;
    public int ActorInstanceId { get; } = actorInstanceId;
    public override string ToString() => $"WriteMessageRejected<actorInstanceId: {ActorInstanceId}, message: {Persistent}, cause: {Cause.Message}>";
}

/// <summary>One event may or may not be stored.</summary>
public sealed class WriteMessageFailure(IPersistentRepresentation persistent, Exception cause, int actorInstanceId) : IJournalResponse, INoSerializationVerificationNeeded
{
    public IPersistentRepresentation Persistent { get; } = persistent;
    public Exception Cause { get; } = cause;
    public int ActorInstanceId { get; } = actorInstanceId;
    public override string ToString() => $"WriteMessageFailure<actorInstanceId: {ActorInstanceId}, message: {Persistent}, cause: {Cause.Message}>";
}

/// <summary>A message that was not to be stored has come round.</summary>
public sealed class LoopMessageSuccess(object message, int actorInstanceId) : IJournalResponse, INoSerializationVerificationNeeded
{
    public object Message { get; } = message;
    public int ActorInstanceId { get; } = actorInstanceId;
    public override string ToString() => $"LoopMessageSuccess<actorInstanceId: {ActorInstanceId}, message: {Message}>";
}

/// <summary>Read the events of an id from and to these numbers, both included, at most <c>max</c>.</summary>
public sealed class ReplayMessages(long fromSequenceNr, long toSequenceNr, long max, string persistenceId, IActorRef persistentActor) : IJournalRequest
{
    public long FromSequenceNr { get; } = fromSequenceNr;
    public long ToSequenceNr { get; } = toSequenceNr;
    public long Max { get; } = max;
    public string PersistenceId { get; } = persistenceId;
    public IActorRef PersistentActor { get; } = persistentActor;
    public override string ToString() => $"ReplayMessages<fromSequenceNr: {FromSequenceNr}, toSequenceNr: {ToSequenceNr}, max: {Max}, persistenceId: {PersistenceId}>";
}

/// <summary>One stored event.</summary>
public sealed class ReplayedMessage(IPersistentRepresentation persistent) : IJournalResponse, IDeadLetterSuppression, INoSerializationVerificationNeeded
{
    public IPersistentRepresentation Persistent { get; } = persistent;
    public override string ToString() => $"ReplayedMessage<message: {Persistent}>";
}

/// <summary>All asked for were read; the highest number ever stored for the id is this.</summary>
public sealed class RecoverySuccess(long highestSequenceNr) : IJournalResponse, IDeadLetterSuppression
{
    public long HighestSequenceNr { get; } = highestSequenceNr;
    public override bool Equals(object? obj) => obj is RecoverySuccess other && other.HighestSequenceNr == HighestSequenceNr;
    public override int GetHashCode() => HighestSequenceNr.GetHashCode();
    public override string ToString() => $"RecoverySuccess<highestSequenceNr: {HighestSequenceNr}>";
}

/// <summary>The events could not be read to the end.</summary>
public sealed class ReplayMessagesFailure(Exception cause) : IJournalResponse, IDeadLetterSuppression
{
    public Exception Cause { get; } = cause;
    public override string ToString() => $"ReplayMessagesFailure<cause: {Cause.Message}>";
}

/// <summary>Remove the events of an id up to this number, included.</summary>
public sealed class DeleteMessagesTo(string persistenceId, long toSequenceNr, IActorRef persistentActor) : IJournalRequest
{
    public string PersistenceId { get; } = persistenceId;
    public long ToSequenceNr { get; } = toSequenceNr;
    public IActorRef PersistentActor { get; } = persistentActor;
    public override string ToString() => $"DeleteMessagesTo<pid: {PersistenceId}, seqNr: {ToSequenceNr}>";
}

/// <summary>The events up to this number are gone.</summary>
public sealed class DeleteMessagesSuccess(long toSequenceNr)
{
    public long ToSequenceNr { get; } = toSequenceNr;
    public override bool Equals(object? obj) => obj is DeleteMessagesSuccess other && other.ToSequenceNr == ToSequenceNr;
    public override int GetHashCode() => ToSequenceNr.GetHashCode();
    public override string ToString() => $"DeleteMessagesSuccess<toSequenceNr: {ToSequenceNr}>";
}

/// <summary>The events up to this number may still be there.</summary>
public sealed class DeleteMessagesFailure(Exception cause, long toSequenceNr)
{
    public Exception Cause { get; } = cause;
    public long ToSequenceNr { get; } = toSequenceNr;
    public override string ToString() => $"DeleteMessagesFailure<cause: {Cause.Message}, toSequenceNr: {ToSequenceNr}>";
}
