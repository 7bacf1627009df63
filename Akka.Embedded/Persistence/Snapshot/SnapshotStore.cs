using Akka.Actor;

namespace Akka.Persistence.Snapshot;

/// <summary>Base of snapshot stores.</summary>
public abstract class SnapshotStore : ActorBase
{
    private readonly PluginBreaker _breaker;

    protected SnapshotStore()
    {
        _breaker = new PluginBreaker(Persistence.Instance.Apply(Context.System).ConfigOf(Self.Path.Name, journal: false));
    }

    /// <summary>The youngest snapshot that fits, or null.</summary>
    protected abstract Task<SelectedSnapshot> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria);

    protected abstract Task SaveAsync(SnapshotMetadata metadata, object snapshot);

    /// <summary>A timestamp of <see cref="DateTime.MinValue"/> means any.</summary>
    protected abstract Task DeleteAsync(SnapshotMetadata metadata);

    protected abstract Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria);

    /// <summary>Messages of the plugin's own, and what became of saves and deletions.</summary>
    protected virtual bool ReceivePluginInternal(object message) => false;

    protected sealed override bool Receive(object message)
    {
        var asker = Sender;
        switch (message)
        {
            case LoadSnapshot { Criteria: var none } m when none.Equals(SnapshotSelectionCriteria.None):
                asker.Tell(new LoadSnapshotResult(null, m.ToSequenceNr), Self);
                return true;
            case LoadSnapshot m:
                Answer(asker, _breaker.Run(() => LoadAsync(m.PersistenceId, m.Criteria.Limit(m.ToSequenceNr))),
                    found => new LoadSnapshotResult(found, m.ToSequenceNr), cause => new LoadSnapshotFailed(cause));
                return true;
            case SaveSnapshot m:
                var stamp = m.Metadata.Timestamp == DateTime.MinValue ? DateTime.UtcNow : m.Metadata.Timestamp;
                var metadata = new SnapshotMetadata(m.Metadata.PersistenceId, m.Metadata.SequenceNr, stamp);
                Report(_breaker.Run(() => SaveAsync(metadata, m.Snapshot)), new SaveSnapshotSuccess(metadata), cause => new SaveSnapshotFailure(m.Metadata, cause));
                return true;
            case DeleteSnapshot m:
                Report(_breaker.Run(() => DeleteAsync(m.Metadata)), new DeleteSnapshotSuccess(m.Metadata), cause => new DeleteSnapshotFailure(m.Metadata, cause));
                return true;
            case DeleteSnapshots m:
                var bounds = m.Criteria;
                Report(_breaker.Run(() => DeleteAsync(m.PersistenceId, bounds)), new DeleteSnapshotsSuccess(bounds), cause => new DeleteSnapshotsFailure(bounds, cause));
                return true;
            case Outcome m:
                ReceivePluginInternal(m.Reply);
                m.Asker.Tell(m.Reply, Self);
                return true;
            default:
                return ReceivePluginInternal(message);
        }
    }

    private void Report(Task work, ISnapshotResponse success, Func<Exception, ISnapshotResponse> failure)
    {
        var (self, asker) = (Self, Sender);
        work.ContinueWith(done => self.Tell(new Outcome(asker, done.IsCompletedSuccessfully ? success : failure(CauseOf(done))), ActorRefs.NoSender),
            TaskContinuationOptions.ExecuteSynchronously);
    }

    private void Answer<T>(IActorRef asker, Task<T> work, Func<T, object> success, Func<Exception, object> failure)
    {
        var self = Self;
        work.ContinueWith(done => asker.Tell(done.IsCompletedSuccessfully ? success(done.Result) : failure(CauseOf(done)), self),
            TaskContinuationOptions.ExecuteSynchronously);
    }

    private static Exception CauseOf(Task failed)
    {
        var cause = failed.Exception ?? (Exception)new TaskCanceledException(failed);
        while (cause is AggregateException { InnerException: { } inner }) cause = inner;
        return cause;
    }

    private sealed record Outcome(IActorRef Asker, ISnapshotResponse Reply) : INoSerializationVerificationNeeded;
}
