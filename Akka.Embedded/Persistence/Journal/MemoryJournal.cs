using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>Keeps events in memory, as objects: for tests, and for what need not outlive the actor system.</summary>
public class MemoryJournal : AsyncWriteJournal
{
    private readonly ConcurrentDictionary<string, Stream> _streams = new();

    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        foreach (var write in messages)
        {
            var stream = _streams.GetOrAdd(write.PersistenceId, static _ => new Stream());
            lock (stream)
                foreach (var e in write.Events)
                {
                    stream.Events.Add(e.Payload is Tagged tagged ? e.WithPayload(tagged.Payload) : e);
                    stream.Highest = Math.Max(stream.Highest, e.SequenceNr);
                }
        }
        return Task.FromResult<IImmutableList<Exception>>(null!);
    }

    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr)
    {
        if (_streams.TryGetValue(persistenceId, out var stream))
            lock (stream) stream.Events.RemoveAll(e => e.SequenceNr <= toSequenceNr);
        return Task.CompletedTask;
    }

    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr)
    {
        if (!_streams.TryGetValue(persistenceId, out var stream)) return Task.FromResult(0L);
        lock (stream) return Task.FromResult(stream.Highest);
    }

    public override Task ReplayMessagesAsync(IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback)
    {
        if (!_streams.TryGetValue(persistenceId, out var stream)) return Task.CompletedTask;
        IPersistentRepresentation[] found;
        lock (stream)
            found = [.. stream.Events.Where(e => e.SequenceNr >= fromSequenceNr && e.SequenceNr <= toSequenceNr).Take((int)Math.Min(max, int.MaxValue))];
        foreach (var e in found) recoveryCallback(e);
        return Task.CompletedTask;
    }

    private sealed class Stream
    {
        public List<IPersistentRepresentation> Events { get; } = [];
        public long Highest { get; set; }
    }
}
