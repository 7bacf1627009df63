using Akka.Actor;

namespace Akka.Persistence;

public abstract partial class Eventsourced
{
    private ICancelable? _tick;
    private bool _eventSeen;
    private bool _permitHeld;

    public override void AroundPreStart()
    {
        AskPermit();
        base.AroundPreStart();
    }

    public override void AroundPostRestart(Exception reason, object message)
    {
        AskPermit();
        base.AroundPostRestart(reason, message);
    }

    public override void AroundPreRestart(Exception cause, object message)
    {
        try
        {
            _internalStash.UnstashAll();
            Stash.UnstashAll();
        }
        finally
        {
            var command = message switch
            {
                WriteMessageSuccess m => m.Persistent,
                LoopMessageSuccess m => m.Message,
                ReplayedMessage m => m.Persistent,
                _ => message,
            };
            LeaveRecovery();
            SendJournalBatch();
            base.AroundPreRestart(cause, command);
        }
    }

    public override void AroundPostStop()
    {
        try
        {
            LeaveRecovery();
            _internalStash.UnstashAll();
            Stash.UnstashAll();
        }
        finally
        {
            base.AroundPostStop();
        }
    }

    /// <summary>A missing plugin shows here, at the actor's start.</summary>
    private void AskPermit()
    {
        _ = (Journal, SnapshotStore);
        Extension.RecoveryPermitter.Tell(RecoveryPermitter.RequestPermit.Instance, Self);
    }

    private void ReceiveAwaitingPermit(object message)
    {
        if (message is not RecoveryPermitter.PermitGranted)
        {
            _internalStash.Stash();
            return;
        }
        _permitHeld = true;
        _phase = Phase.LoadingSnapshot;
        var timeout = Extension.RecoveryEventTimeout(JournalPluginId);
        _tick = Context.System.Scheduler.ScheduleTellOnceCancelable(timeout, Self, new RecoveryTick(snapshot: true), Self);
        LoadSnapshot(SnapshotterId, Recovery.FromSnapshot, Recovery.ToSequenceNr);
    }

    private void ReceiveLoadingSnapshot(object message)
    {
        switch (message)
        {
            case LoadSnapshotResult m:
                _tick?.Cancel();
                if (m.Snapshot is { } snapshot && !Offer(snapshot)) return;
                StartReplay(m.ToSequenceNr);
                break;
            case LoadSnapshotFailed m:
                FailRecovery(m.Cause, null);
                break;
            case RecoveryTick { Snapshot: true }:
                FailRecovery(new RecoveryTimedOutException($"Recovery timed out, didn't get snapshot within {Extension.RecoveryEventTimeout(JournalPluginId).TotalSeconds}s"), null);
                break;
            default:
                _internalStash.Stash();
                break;
        }
    }

    private bool Offer(SelectedSnapshot selected)
    {
        LastSequenceNr = selected.Metadata.SequenceNr;
        var offer = new SnapshotOffer(selected.Metadata, selected.Snapshot);
        return Recover(offer, offer);
    }

    private void StartReplay(long toSequenceNr)
    {
        _phase = Phase.Replaying;
        var timeout = Extension.RecoveryEventTimeout(JournalPluginId);
        _tick = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(timeout, timeout, Self, new RecoveryTick(snapshot: false), Self);
        Journal.Tell(new ReplayMessages(LastSequenceNr + 1L, toSequenceNr, Recovery.ReplayMax, PersistenceId, Self));
    }

    private void ReceiveReplaying(object message)
    {
        switch (message)
        {
            case ReplayedMessage m:
                _eventSeen = true;
                Advance(m.Persistent);
                Recover(m.Persistent.Payload, m.Persistent.Payload);
                break;
            case RecoverySuccess m:
                CompleteRecovery(m.HighestSequenceNr);
                break;
            case ReplayMessagesFailure m:
                FailRecovery(m.Cause, null);
                break;
            case RecoveryTick { Snapshot: false }:
                if (!_eventSeen)
                    FailRecovery(new RecoveryTimedOutException($"Recovery timed out, didn't get event within {Extension.RecoveryEventTimeout(JournalPluginId).TotalSeconds}s, highest sequence number seen {LastSequenceNr}"), null);
                _eventSeen = false;
                break;
            case RecoveryTick:
                break;
            default:
                _internalStash.Stash();
                break;
        }
    }

    /// <summary>Gives a stored thing to ReceiveRecover; false when the actor could not take it and stops.</summary>
    private bool Recover(object stored, object blamed)
    {
        try
        {
            base.AroundReceive(ReceiveRecover, stored);
            return true;
        }
        catch (Exception cause)
        {
            FailRecovery(cause, blamed);
            return false;
        }
    }

    private void CompleteRecovery(long highestSequenceNr)
    {
        OnReplaySuccess();
        LastSequenceNr = _sequenceNr = Math.Max(highestSequenceNr, LastSequenceNr);
        LeaveRecovery();
        _phase = Phase.Processing;
        try
        {
            base.AroundReceive(ReceiveRecover, RecoveryCompleted.Instance);
        }
        finally
        {
            SendBatch();
            if (_stashingPersists > 0) _phase = Phase.Persisting;
            else _internalStash.UnstashAll();
        }
    }

    private void FailRecovery(Exception cause, object? stored)
    {
        try
        {
            OnRecoveryFailure(cause, stored);
        }
        finally
        {
            LeaveRecovery();
            Context.Stop(Self);
        }
    }

    private void LeaveRecovery()
    {
        _tick?.Cancel();
        _tick = null;
        if (!_permitHeld) return;
        _permitHeld = false;
        Extension.RecoveryPermitter.Tell(RecoveryPermitter.ReturnPermit.Instance, Self);
    }
}
