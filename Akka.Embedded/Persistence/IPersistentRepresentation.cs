using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence;

/// <summary>Something that goes through the journal in order: an atomic write, or a message that only waits its turn.</summary>
public interface IPersistentEnvelope
{
    object Payload { get; }
    IActorRef Sender { get; }

    /// <summary>Number of events to store; zero for what only waits.</summary>
    int Size { get; }
}

/// <summary>An event as a journal keeps it.</summary>
public interface IPersistentRepresentation
{
    object Payload { get; }
    string Manifest { get; }
    string PersistenceId { get; }
    long SequenceNr { get; }
    string WriterGuid { get; }
    bool IsDeleted { get; }
    IActorRef Sender { get; }

    /// <summary>UTC ticks of the write; zero when not yet written.</summary>
    long Timestamp { get; }

    IPersistentRepresentation WithPayload(object payload);
    IPersistentRepresentation WithManifest(string manifest);
    IPersistentRepresentation WithTimestamp(long newTimestamp);
    IPersistentRepresentation Update(long sequenceNr, string persistenceId, bool isDeleted, IActorRef sender, string writerGuid);
}

/// <summary>The one implementation of <see cref="IPersistentRepresentation"/>.</summary>
public class Persistent : IPersistentRepresentation, IEquatable<IPersistentRepresentation>
{
    public Persistent(object payload, long sequenceNr = 0L, string? persistenceId = null, string? manifest = null, bool isDeleted = false,
        IActorRef? sender = null, string? writerGuid = null, long timestamp = 0L)
    {
        Payload = payload;
        SequenceNr = sequenceNr;
        PersistenceId = persistenceId ?? Undefined;
        Manifest = manifest ?? Undefined;
        IsDeleted = isDeleted;
        Sender = sender!;
        WriterGuid = writerGuid ?? Undefined;
        Timestamp = timestamp;
    }

    public static string Undefined => string.Empty;

    public object Payload { get; }
    public string Manifest { get; }
    public string PersistenceId { get; }
    public long SequenceNr { get; }
    public string WriterGuid { get; }
    public bool IsDeleted { get; }
    public IActorRef Sender { get; }
    public long Timestamp { get; }

    public IPersistentRepresentation WithPayload(object payload) =>
        new Persistent(payload, SequenceNr, PersistenceId, Manifest, IsDeleted, Sender, WriterGuid, Timestamp);

    public IPersistentRepresentation WithManifest(string manifest) =>
        manifest == Manifest ? this : new Persistent(Payload, SequenceNr, PersistenceId, manifest, IsDeleted, Sender, WriterGuid, Timestamp);

    public IPersistentRepresentation WithTimestamp(long newTimestamp) =>
        new Persistent(Payload, SequenceNr, PersistenceId, Manifest, IsDeleted, Sender, WriterGuid, newTimestamp);

    public IPersistentRepresentation Update(long sequenceNr, string persistenceId, bool isDeleted, IActorRef sender, string writerGuid) =>
        new Persistent(Payload, sequenceNr, persistenceId, Manifest, isDeleted, sender, writerGuid, Timestamp);

    public bool Equals(IPersistentRepresentation? other) => other is not null && Equals(Payload, other.Payload)
        && SequenceNr == other.SequenceNr && PersistenceId == other.PersistenceId && Manifest == other.Manifest
        && IsDeleted == other.IsDeleted && Equals(Sender, other.Sender) && WriterGuid == other.WriterGuid;

    public override bool Equals(object? obj) => Equals(obj as IPersistentRepresentation);

    public override int GetHashCode() => HashCode.Combine(PersistenceId, SequenceNr, Payload, Manifest);

    public override string ToString() => $"Persistent<pid: {PersistenceId}, seqNr: {SequenceNr}, deleted: {IsDeleted}, manifest: {Manifest}, payload: {Payload}>";
}

/// <summary>Events of one persistence id, with neighbouring numbers, that are stored together or not at all.</summary>
public sealed class AtomicWrite : IPersistentEnvelope
{
    private readonly IImmutableList<IPersistentRepresentation> _events;

    public AtomicWrite(IPersistentRepresentation @event) : this(ImmutableList.Create(@event))
    {
    }

    /// <exception cref="ArgumentException">The list is empty, or holds events of several persistence ids.</exception>
    public AtomicWrite(IImmutableList<IPersistentRepresentation> payload)
    {
        if (payload is null || payload.Count == 0) throw new ArgumentException("Payload of AtomicWrite must not be empty.", nameof(payload));
        var first = payload[0];
        foreach (var other in payload)
            if (other.PersistenceId != first.PersistenceId)
                throw new ArgumentException($"AtomicWrite must contain messages for the same persistenceId, yet different persistenceIds found: {first.PersistenceId}, {other.PersistenceId}.", nameof(payload));
        _events = payload;
        PersistenceId = first.PersistenceId;
        Sender = first.Sender;
        LowestSequenceNr = first.SequenceNr;
        HighestSequenceNr = payload[^1].SequenceNr;
    }

    public string PersistenceId { get; }
    public long LowestSequenceNr { get; }
    public long HighestSequenceNr { get; }
    public object Payload => _events;
    public IActorRef Sender { get; }
    public int Size => _events.Count;

    internal IImmutableList<IPersistentRepresentation> Events => _events;

    public override string ToString() => $"AtomicWrite<pid: {PersistenceId}, lowSeqNr: {LowestSequenceNr}, highSeqNr: {HighestSequenceNr}, size: {Size}>";
}

/// <summary>What DeferAsync sends through the journal, so that it returns after the events before it.</summary>
internal sealed class NonPersistentMessage(object payload, IActorRef sender) : IPersistentEnvelope
{
    public object Payload { get; } = payload;
    public IActorRef Sender { get; } = sender;
    public int Size => 0;
}
