using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>Reads of a journal.</summary>
public interface IAsyncRecovery
{
    /// <summary>Gives every event that fits to the callback, in order, before the task ends.</summary>
    Task ReplayMessagesAsync(IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback);

    /// <summary>The highest number ever stored for the id, also if that event was deleted since; zero for none.</summary>
    Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr);
}

/// <summary>
/// Base of journals that store by task. Writes run side by side; their replies leave in the order in which the writes came,
/// over all persistence ids.
/// </summary>
public abstract class AsyncWriteJournal : WriteJournalBase, IAsyncRecovery
{
    protected readonly bool CanPublish;

    private readonly PluginBreaker _breaker;
    private readonly ReplayFilterSettings _filter;
    private readonly SortedDictionary<long, Replies> _early = [];
    private long _lastWrite;
    private long _lastAnswered;

    protected AsyncWriteJournal()
    {
        var extension = Persistence.Instance.Apply(Context.System);
        var config = extension.ConfigOf(Self.Path.Name, journal: true);
        CanPublish = Context.System.Settings.Config.GetBoolean("akka.persistence.publish-plugin-commands", false);
        _breaker = new PluginBreaker(config);
        _filter = ReplayFilterSettings.Of(config);
    }

    public abstract Task ReplayMessagesAsync(IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback);

    public abstract Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr);

    /// <summary>Stores each write whole or not at all. A failed task: nothing is known. A result: per write, null for stored or the reason of its refusal; null for all stored.</summary>
    protected abstract Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages);

    protected abstract Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr);

    /// <summary>Messages of the plugin's own.</summary>
    protected virtual bool ReceivePluginInternal(object message) => false;

    protected sealed override bool Receive(object message) => ReceiveWriteJournal(message) || ReceivePluginInternal(message);

    protected bool ReceiveWriteJournal(object message)
    {
        switch (message)
        {
            case WriteMessages m:
                Write(m);
                return true;
            case Replies m:
                Answer(m);
                return true;
            case ReplayMessages m:
                Replay(m);
                return true;
            case DeleteMessagesTo m:
                Delete(m);
                return true;
            default:
                return false;
        }
    }

    protected static Exception TryUnwrapException(Exception e) =>
        e is AggregateException { InnerExceptions.Count: 1 } aggregate ? TryUnwrapException(aggregate.InnerException!) : e;

    private void Write(WriteMessages message)
    {
        var number = ++_lastWrite;
        var envelopes = message.Messages.ToArray();
        Task<IImmutableList<Exception>> stored;
        try
        {
            var writes = PreparePersistentBatch(envelopes).ToArray();
            stored = writes.Length == 0 ? Task.FromResult<IImmutableList<Exception>>(null!) : _breaker.Run(() => WriteMessagesAsync(writes));
        }
        catch (Exception e)
        {
            stored = Task.FromException<IImmutableList<Exception>>(e);
        }
        if (stored.IsCompletedSuccessfully) Answer(Result(stored));
        else
        {
            var self = Self;
            stored.ContinueWith(done => self.Tell(Result(done), ActorRefs.NoSender), TaskContinuationOptions.ExecuteSynchronously);
        }

        Replies Result(Task<IImmutableList<Exception>> done) => done.IsCompletedSuccessfully
            ? new Replies(number, message, envelopes, done.Result, null)
            : new Replies(number, message, envelopes, null, TryUnwrapException(done.Exception ?? (Exception)new TaskCanceledException(done)));
    }

    private void Answer(Replies replies)
    {
        _early.Add(replies.Number, replies);
        while (_early.Remove(_lastAnswered + 1, out var next))
        {
            _lastAnswered++;
            next.Send();
        }
    }

    private void Replay(ReplayMessages message)
    {
        var context = Context;
        Run().ContinueWith(done =>
        {
            var reply = done.IsCompletedSuccessfully
                ? (object)new RecoverySuccess(done.Result)
                : new ReplayMessagesFailure(TryUnwrapException(done.Exception ?? (Exception)new TaskCanceledException(done)));
            message.PersistentActor.Tell(reply, ActorRefs.NoSender);
            if (CanPublish) context.System.EventStream.Publish(message);
        }, TaskContinuationOptions.ExecuteSynchronously);

        async Task<long> Run()
        {
            var from = Math.Max(0L, message.FromSequenceNr - 1);
            var highest = await _breaker.Run(() => ReadHighestSequenceNrAsync(message.PersistenceId, from)).ConfigureAwait(false);
            var to = Math.Min(message.ToSequenceNr, highest);
            if (highest == 0L || message.FromSequenceNr > to) return highest;
            var filter = new ReplayFilter(_filter, context.System.Log, message.PersistenceId, e => Deliver(e, message.PersistentActor));
            await ReplayMessagesAsync(context, message.PersistenceId, message.FromSequenceNr, to, message.Max, filter.Next).ConfigureAwait(false);
            filter.End();
            return highest;
        }
    }

    private void Deliver(IPersistentRepresentation e, IActorRef target)
    {
        if (e.IsDeleted) return;
        foreach (var adapted in AdaptFromJournal(e)) target.Tell(new ReplayedMessage(adapted), ActorRefs.NoSender);
    }

    private void Delete(DeleteMessagesTo message)
    {
        var system = Context.System;
        _breaker.Run(() => DeleteMessagesToAsync(message.PersistenceId, message.ToSequenceNr)).ContinueWith(done =>
        {
            var reply = done.IsCompletedSuccessfully
                ? (object)new DeleteMessagesSuccess(message.ToSequenceNr)
                : new DeleteMessagesFailure(TryUnwrapException(done.Exception ?? (Exception)new TaskCanceledException(done)), message.ToSequenceNr);
            message.PersistentActor.Tell(reply, ActorRefs.NoSender);
            if (CanPublish) system.EventStream.Publish(message);
        }, TaskContinuationOptions.ExecuteSynchronously);
    }

    /// <summary>What became of one WriteMessages.</summary>
    private sealed record Replies(long Number, WriteMessages Request, IPersistentEnvelope[] Envelopes, IImmutableList<Exception>? Refusals, Exception? Failure)
        : INoSerializationVerificationNeeded
    {
        public void Send() => WriteReplies.Send(Request, Envelopes, Refusals, Failure);
    }
}
