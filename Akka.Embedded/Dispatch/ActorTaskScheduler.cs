using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Dispatch;

/// <summary>Runs the continuations of an actor's asynchronous handlers inside that actor, its mailbox suspended meanwhile.</summary>
public class ActorTaskScheduler : TaskScheduler
{
    private readonly ActorCell _cell;

    internal ActorTaskScheduler(ActorCell cell)
    {
        _cell = cell;
    }

    /// <summary>The message whose handler is being awaited.</summary>
    public object? CurrentMessage { get; private set; }

    public override int MaximumConcurrencyLevel => 1;

    protected override IEnumerable<Task>? GetScheduledTasks() => null;

    protected override void QueueTask(Task task) => _cell.Self.SendSystemMessage(new TaskStep(this, task, null));

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && ReferenceEquals(ActorCell.CurrentCell, _cell) && TryExecuteTask(task);

    internal void Run(Task task) => TryExecuteTask(task);

    public static void RunTask(Action action) => RunTask(() =>
    {
        action();
        return Task.CompletedTask;
    });

    /// <summary>Runs an asynchronous handler of the actor whose turn it is.</summary>
    /// <exception cref="InvalidOperationException">No actor is running on this thread.</exception>
    public static void RunTask(Func<Task> asyncAction)
    {
        var cell = ActorCell.CurrentCell ?? throw new InvalidOperationException("RunTask must be called from an actor's context.");
        var scheduler = cell.TaskScheduler;
        cell.Mailbox.Suspend();
        scheduler.CurrentMessage = cell.CurrentMessage;
        Task.Factory.StartNew(asyncAction, CancellationToken.None, TaskCreationOptions.None, scheduler)
            .Unwrap()
            .ContinueWith(done =>
            {
                scheduler.CurrentMessage = null;
                var failure = done.IsCanceled ? new TaskCanceledException(done) : done.Exception?.InnerException;
                if (failure is null)
                {
                    cell.AsyncHandlerEnded();
                    cell.Mailbox.Resume();
                }
                else
                {
                    cell.Mailbox.Resume();
                    cell.Self.SendSystemMessage(new TaskStep(scheduler, null, failure));
                }
            }, scheduler);
    }
}
