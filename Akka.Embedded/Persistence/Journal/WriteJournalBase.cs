using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>Base of every journal: the way of events through the adapters.</summary>
public abstract class WriteJournalBase : ActorBase
{
    private readonly EventAdapters _adapters;

    protected WriteJournalBase()
    {
        _adapters = Persistence.Instance.Apply(Context.System).AdaptersFor(Self.Path.Name);
    }

    /// <summary>The writes among the messages, ready to store: adapted, stamped, without sender.</summary>
    protected IEnumerable<AtomicWrite> PreparePersistentBatch(IEnumerable<IPersistentEnvelope> resequenceables)
    {
        var now = DateTime.UtcNow.Ticks;
        foreach (var envelope in resequenceables)
            if (envelope is AtomicWrite write)
                yield return new AtomicWrite(write.Events.Select(e => Prepare(e, now)).ToImmutableList());
    }

    internal IPersistentRepresentation Prepare(IPersistentRepresentation e, long now) =>
        AdaptToJournal(new Persistent(e.Payload, e.SequenceNr, e.PersistenceId, e.Manifest, false, ActorRefs.NoSender, e.WriterGuid, now));

    protected IEnumerable<IPersistentRepresentation> AdaptFromJournal(IPersistentRepresentation representation)
    {
        if (_adapters.IsEmpty) return [representation];
        return _adapters.Get(representation.Payload.GetType()).FromJournal(representation.Payload, representation.Manifest)
            .Events.Select(representation.WithPayload);
    }

    protected IPersistentRepresentation AdaptToJournal(IPersistentRepresentation representation)
    {
        if (_adapters.IsEmpty) return representation;
        var payload = representation.Payload;
        var adapter = _adapters.Get(payload.GetType());
        return representation.WithPayload(adapter.ToJournal(payload)).WithManifest(adapter.Manifest(payload));
    }
}
