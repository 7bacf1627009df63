using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

internal sealed partial class ActorCell
{
    private bool _failed;

    /// <summary>The child whose failure this actor passed on as its own, until that is judged.</summary>
    private IActorRef? _perpetrator;

    /// <summary>The handler threw: suspend this actor and its children and ask the parent what to do.</summary>
    private void HandleInvokeFailure(Exception cause)
    {
        if (IsTerminated) return;
        if (_failed)
        {
            // A second failure while the first is being judged (an asynchronous step): the judgement covers it.
            Publish(new Error(cause, _self.Path.ToString(), _actor?.GetType() ?? typeof(ActorCell), cause.Message));
            return;
        }
        try
        {
            _mailbox.Suspend();
            _failed = true;
            foreach (var child in ChildRefs())
                if (!child.Equals(_perpetrator)) child.Suspend();
            _parent.SendSystemMessage(new Failed(_self, cause, _self.Path.Uid));
        }
        catch (Exception e)
        {
            Publish(new Error(e, _self.Path.ToString(), _actor?.GetType() ?? typeof(ActorCell), "emergency stop: exception in failure handling for " + cause.GetType()));
            foreach (var child in ChildRefs()) Stop(child);
            FinishTerminate();
        }
    }

    /// <summary>A child failed.</summary>
    private void HandleFailed(Failed f)
    {
        if (StatsOf(f.Child) is not { } stats || stats.Uid != f.Uid) return;
        var strategy = _actor is { } actor ? actor.OwnStrategyOr(_props) : Akka.Actor.SupervisorStrategy.DefaultStrategy;
        if (!strategy.HandleFailure(this, stats.Child, f.Cause, stats, AllChildStats()))
        {
            _perpetrator = f.Child;
            throw f.Cause;
        }
    }

    private void FaultSuspend()
    {
        _mailbox.Suspend();
        foreach (var child in ChildRefs()) child.Suspend();
    }

    private void FaultResume(Exception? causedByFailure)
    {
        if (_actor is null)
        {
            FaultCreate();
            return;
        }
        var perpetrator = _perpetrator;
        if (causedByFailure is not null)
        {
            _failed = false;
            _perpetrator = null;
            ForgetMessage();
        }
        _mailbox.Resume();
        foreach (var child in ChildRefs()) child.Resume(child.Equals(perpetrator) ? causedByFailure : null);
    }

    /// <summary>Never started: whether it is to resume or to restart, it starts.</summary>
    private void FaultCreate()
    {
        foreach (var child in ChildRefs()) Stop(child);
        if (!WaitForChildren(Waiting.ForCreation)) FinishCreate();
    }

    private void FinishCreate()
    {
        _failed = false;
        _perpetrator = null;
        _mailbox.Resume();
        try
        {
            CreateInstance();
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }
    }

    private void FaultRecreate(Exception cause)
    {
        if (_waiting != Waiting.Nothing)
        {
            _mailbox.Resume();
            return;
        }
        if (_actor is not { } failed)
        {
            FaultCreate();
            return;
        }
        try
        {
            failed.AroundPreRestart(cause, CurrentMessage!);
        }
        catch (Exception e)
        {
            var ex = new PreRestartException(_self, e, cause, CurrentMessage!);
            Publish(new Error(ex, _self.Path.ToString(), failed.GetType(), e.Message));
        }
        (failed as IActorStash)?.Stash?.UnstashAll();
        ClearActor();
        _restartCause = cause;
        if (!WaitForChildren(Waiting.ForRestart)) FinishRecreate(cause);
    }

    private void FinishRecreate(Exception cause)
    {
        var survivors = ChildRefs();
        try
        {
            _failed = false;
            _perpetrator = null;
            _mailbox.Resume();
            _actor = NewActor();
            _actor.AroundPostRestart(cause, null!);
            foreach (var child in survivors) child.Restart(cause);
        }
        catch (Exception e)
        {
            ClearActor();
            HandleInvokeFailure(new PostRestartException(_self, e, cause));
        }
    }

    private void Publish(LogEvent e) => _system.EventStream.Publish(e);
}
