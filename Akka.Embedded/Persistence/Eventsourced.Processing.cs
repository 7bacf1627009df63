using System.Runtime.ExceptionServices;
using Akka.Actor;
using Akka.Dispatch;

namespace Akka.Persistence;

// The life of a persistent actor:
//
//   AwaitingPermit --permit--> LoadingSnapshot --snapshot or none--> Replaying --RecoverySuccess--> Processing <--> Persisting
//
// All but Processing put commands aside. Persisting lasts while a handler of Persist or PersistAll is open. Commands put aside come back one
// by one: each goes to the head of the mailbox when the one before is done, so their order holds.
public abstract partial class Eventsourced
{
    private enum Phase { AwaitingPermit, LoadingSnapshot, Replaying, Processing, Persisting }

    private Phase _phase = Phase.AwaitingPermit;
    private bool _asyncHandlerRuns;

    protected override bool AroundReceive(Receive receive, object message)
    {
        switch (_phase)
        {
            case Phase.AwaitingPermit:
                ReceiveAwaitingPermit(message);
                break;
            case Phase.LoadingSnapshot:
                ReceiveLoadingSnapshot(message);
                break;
            case Phase.Replaying:
                ReceiveReplaying(message);
                break;
            case Phase.Processing:
                if (!ReceiveFromJournal(message)) RunCommand(receive, message);
                break;
            default:
                if (!ReceiveFromJournal(message)) _internalStash.Stash();
                break;
        }
        return true;
    }

    /// <summary>Runs an asynchronous handler; what it persists is sent when it has ended, and no other message is handled before.</summary>
    protected void RunTask(Func<Task> action)
    {
        _asyncHandlerRuns = true;
        ActorTaskScheduler.RunTask(async () =>
        {
            var failed = true;
            try
            {
                await action();
                failed = false;
            }
            finally
            {
                _asyncHandlerRuns = false;
                CommandEnded(failed);
            }
        });
    }

    private void RunCommand(Receive receive, object message)
    {
        try
        {
            base.AroundReceive(receive, message);
        }
        catch
        {
            CommandEnded(failed: true);
            throw;
        }
        if (!_asyncHandlerRuns) CommandEnded(failed: false);
    }

    private void CommandEnded(bool failed)
    {
        SendBatch();
        if (_stashingPersists > 0) _phase = Phase.Persisting;
        else Unstash(all: failed);
    }

    private void Unstash(bool all)
    {
        if (all) _internalStash.UnstashAll();
        else _internalStash.Unstash();
    }

    private bool ReceiveFromJournal(object message)
    {
        switch (message)
        {
            case WriteMessageSuccess m:
                if (m.ActorInstanceId != _instanceId) return true;
                Advance(m.Persistent);
                RunHandler(m.Persistent.Payload);
                return true;
            case LoopMessageSuccess m:
                if (m.ActorInstanceId == _instanceId) RunHandler(m.Message);
                return true;
            case WriteMessageRejected m:
                if (m.ActorInstanceId != _instanceId) return true;
                Advance(m.Persistent);
                Judge(payload => OnPersistRejected(m.Cause, payload, m.Persistent.SequenceNr), m.Persistent.Payload);
                return true;
            case WriteMessageFailure m:
                if (m.ActorInstanceId != _instanceId) return true;
                HandlerEnded(failed: false);
                try
                {
                    OnPersistFailure(m.Cause, m.Persistent.Payload, m.Persistent.SequenceNr);
                }
                finally
                {
                    Context.Stop(Self);
                }
                return true;
            case WriteMessagesSuccessful:
                _writing = false;
                SendJournalBatch();
                return true;
            case WriteMessagesFailed:
                _writing = false;   // a WriteMessageFailure for each event follows and stops the actor
                return true;
            case RecoveryTick:
                return true;
            default:
                return false;
        }
    }

    private void RunHandler(object payload) => Judge(_pending.First!.Value.Handler, payload);

    private void Judge(Action<object> handler, object payload)
    {
        ExceptionDispatchInfo? failure = null;
        try
        {
            handler(payload);
        }
        catch (Exception e)
        {
            failure = ExceptionDispatchInfo.Capture(e);
        }
        SendBatch();
        HandlerEnded(failure is not null);
        failure?.Throw();
    }

    private void HandlerEnded(bool failed)
    {
        var ended = _pending.First!.Value;
        _pending.RemoveFirst();
        if (_phase == Phase.Processing)
        {
            Unstash(failed);
            return;
        }
        if (ended is StashingHandlerInvocation) _stashingPersists--;
        if (_stashingPersists > 0) return;
        _phase = Phase.Processing;
        Unstash(failed);
    }

    private void Advance(IPersistentRepresentation persistent)
    {
        if (persistent.SequenceNr > LastSequenceNr) LastSequenceNr = persistent.SequenceNr;
    }

    private void SendBatch()
    {
        if (_eventBatch.Count > 0)
        {
            if (_journalBatch.Count == 0) (_journalBatch, _eventBatch) = (_eventBatch, _journalBatch);
            else
            {
                _journalBatch.AddRange(_eventBatch);
                _eventBatch.Clear();
            }
        }
        SendJournalBatch();
    }

    /// <summary>At most one write is in flight; what is persisted meanwhile goes together into the next.</summary>
    private void SendJournalBatch()
    {
        if (_writing || _journalBatch.Count == 0) return;
        Journal.Tell(new WriteMessages(_journalBatch, Self, _instanceId));
        _journalBatch = [];
        _writing = true;
    }
}
