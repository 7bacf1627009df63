using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using static Eos.Kv.SystemProtocol;

namespace Eos.Journal;

/// <summary>Between events and their bytes, by the serializers of the actor system.</summary>
internal sealed class EventBytes(ExtendedActorSystem system, long mostBytes)
{
    /// <summary>An atomic write in bytes; what no serializer takes, or what is too large, comes as rejected.</summary>
    /// <param name="prepare">The way through the event adapters.</param>
    public WriteBytes Of(AtomicWrite write, Func<AtomicWrite, AtomicWrite> prepare)
    {
        try
        {
            var events = (IEnumerable<IPersistentRepresentation>)prepare(write).Payload;
            var index = events.Select(e => e.Payload).OfType<Indexed>().SelectMany(e => e.Rows).ToImmutableArray();
            var bytes = Akka.Serialization.Serialization.WithTransport(system, () => events.Select(Write).ToImmutableArray());
            var result = new WriteBytes(write.LowestSequenceNr, bytes, index, null);
            return result.Size <= mostBytes ? result : Rejected(write, new ArgumentException(
                $"{write.PersistenceId}: the {write.Size} event(s) from number {write.LowestSequenceNr} on have {result.Size} bytes; what is stored together may have {mostBytes}"));
        }
        catch (Exception refusal)
        {
            return Rejected(write, refusal);
        }
    }

    public Persistent Read(string id, JournalEvent e)
    {
        var stored = JournalWire.Stored.Decode(e.Bytes);
        var payload = system.Serialization.Deserialize(stored.Payload.ToArray(), stored.SerializerId, stored.SerializerManifest);
        return new Persistent(payload, e.SequenceNr, id, stored.Manifest, writerGuid: stored.Writer, timestamp: stored.Timestamp);
    }

    private ReadOnlyMemory<byte> Write(IPersistentRepresentation e)
    {
        var payload = e.Payload is Indexed indexed ? indexed.Event : e.Payload;
        var serializer = system.Serialization.FindSerializerFor(payload);
        return JournalWire.Stored.Encode(new StoredEvent(
            serializer.ToBinary(payload), serializer.Identifier, Akka.Serialization.Serialization.ManifestFor(serializer, payload), e.Manifest, e.WriterGuid, e.Timestamp));
    }

    private static WriteBytes Rejected(AtomicWrite write, Exception refusal) => new(write.LowestSequenceNr, [], [], refusal);
}
