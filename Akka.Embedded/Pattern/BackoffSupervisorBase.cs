using Akka.Actor;

namespace Akka.Pattern;

/// <summary>What supervisors with pauses share: one child, to which they pass what they get.</summary>
public abstract class BackoffSupervisorBase : ActorBase
{
    private readonly TimeSpan _min;
    private readonly TimeSpan _max;
    private readonly double _randomFactor;

    internal BackoffSupervisorBase(
        Props childProps, string childName, TimeSpan min, TimeSpan max, IBackoffReset reset, double randomFactor, object? replyWhileStopped, Func<object, bool>? finalStopMessage)
    {
        ChildProps = childProps;
        ChildName = childName;
        Reset = reset;
        ReplyWhileStopped = replyWhileStopped!;
        FinalStopMessage = finalStopMessage!;
        (_min, _max, _randomFactor) = (min, max, randomFactor);
    }

    protected Props ChildProps { get; }
    protected string ChildName { get; }
    protected IBackoffReset Reset { get; }
    protected object ReplyWhileStopped { get; }
    protected Func<object, bool> FinalStopMessage { get; }

    /// <summary>The child; null while there is none.</summary>
    protected IActorRef Child { get; set; } = null!;

    protected int RestartCountN { get; set; }
    protected bool FinalStopMessageReceived { get; set; }

    protected override void PreStart() => StartChild();

    /// <summary>Answers the supervisor's own messages and passes on all others.</summary>
    protected bool HandleBackoff(object message)
    {
        switch (message)
        {
            case BackoffSupervisor.StartChild:
                StartChild();
                break;
            case BackoffSupervisor.Reset when Reset is ManualReset:
                RestartCountN = 0;
                break;
            case BackoffSupervisor.Reset:
                Unhandled(message);
                break;
            case BackoffSupervisor.ResetRestartCount reset:
                if (reset.Current == RestartCountN) RestartCountN = 0;
                break;
            case BackoffSupervisor.GetRestartCount:
                Sender.Tell(new BackoffSupervisor.RestartCount(RestartCountN));
                break;
            case BackoffSupervisor.GetCurrentChild:
                Sender.Tell(new BackoffSupervisor.CurrentChild(Child));
                break;
            default:
                Pass(message);
                break;
        }
        return true;
    }

    /// <summary>Starts the child again after a pause, or, if that has been done often enough, stops.</summary>
    internal void StartAgainLater(int maxRetries)
    {
        if (FinalStopMessageReceived || maxRetries >= 0 && RestartCountN + 1 > maxRetries)
        {
            Context.Stop(Self);
            return;
        }
        var delay = BackoffDelay.After(RestartCountN, _min, _max, _randomFactor, Random.Shared.NextDouble());
        Context.System.Scheduler.ScheduleTellOnce(delay, Self, BackoffSupervisor.StartChild.Instance, Self);
        RestartCountN++;
    }

    private void StartChild()
    {
        if (Child is not null) return;
        Child = Context.Watch(Context.ActorOf(ChildProps, ChildName));
        if (Reset is AutoReset auto)
            Context.System.Scheduler.ScheduleTellOnce(auto.ResetBackoff, Self, new BackoffSupervisor.ResetRestartCount(RestartCountN), Self);
    }

    private void Pass(object message)
    {
        var isFinal = FinalStopMessage?.Invoke(message) == true;
        if (Child is { } child)
        {
            if (child.Equals(Sender)) Context.Parent.Forward(message);
            else
            {
                FinalStopMessageReceived |= isFinal;
                child.Forward(message);
            }
            return;
        }
        if (ReplyWhileStopped is { } reply) Sender.Tell(reply);
        else Context.System.DeadLetters.Forward(message);
        if (isFinal) Context.Stop(Self);
    }
}
